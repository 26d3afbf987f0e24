"""Other engines on the same documents, each in a process of its own: ``python peers.py ENGINE FOLDER``.

Run by the interpreter that has them (``$SHIRASE_PEERS``), which need not be this project's. Leaves the
files beside the documents and prints JSON: seconds of processor time with its children, bytes; or why it cannot run.
"""

import json
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from html import unescape
from pathlib import Path

_TAG = re.compile(r"<[^>]*>")


def plutoprint(document: Path, style: str) -> bytes:
    """The same HTML and stylesheet."""
    import plutoprint as engine  # noqa: PLC0415 - may be absent

    book = engine.Book(engine.PAGE_SIZE_A4)
    book.load_html(document.read_text(encoding="utf-8"), user_style=style)
    with tempfile.NamedTemporaryFile(suffix=".pdf") as target:
        book.write_to_pdf(target.name)
        return Path(target.name).read_bytes()


def chromium(document: Path, style: str) -> bytes:
    """The same HTML and stylesheet, in a browser started once for each document."""
    with tempfile.TemporaryDirectory() as name:
        page, target = Path(name) / "page.html", Path(name) / "page.pdf"
        page.write_text(
            document.read_text(encoding="utf-8").replace("</head>", f"<style>{style}</style></head>"), "utf-8"
        )
        options = ["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer", f"--print-to-pdf={target}"]
        subprocess.run(["chromium", *options, page.as_uri()], check=True, capture_output=True)
        return target.read_bytes()


def typst(document: Path, style: str) -> bytes:
    """Paragraphs and tables of the same text, in Typst's own language: it reads no HTML."""
    import typst as engine  # noqa: PLC0415 - may be absent

    del style
    html = document.read_text(encoding="utf-8")
    parts = [
        '#set page("a4", margin: 25mm)',
        '#set text(font: "BIZ UDPGothic", size: 9pt)',
        "#set document(title: [Report])",
    ]
    for piece in re.split(r"(?=<table)|(?<=</table>)", html):
        if piece.startswith("<table"):
            rows = [
                re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)
                for row in re.findall(r"<tr.*?</tr>", piece, re.DOTALL)
            ]
            columns = max((len(row) for row in rows), default=1)
            cells = [_typst_string(cell) for row in rows for cell in (*row, *[""] * (columns - len(row)))]
            parts.append(f"#table(columns: {columns}, {', '.join(cells)})")
        else:
            parts += [f"#par[#{_typst_string(text)}]" for text in re.split(r"</p>|</li>|</h\d>", piece) if _plain(text)]
    with tempfile.NamedTemporaryFile("w", suffix=".typ", encoding="utf-8") as source:
        source.write("\n".join(parts))
        source.flush()
        return bytes(engine.compile(source.name))


def _plain(text: str) -> str:
    return " ".join(unescape(_TAG.sub(" ", text)).split())


def _typst_string(text: str) -> str:
    return json.dumps(_plain(text), ensure_ascii=False)


ENGINES: dict[str, Callable[[Path, str], bytes]] = {
    "PlutoPrint": plutoprint, "Typst": typst, "Chromium": chromium,
}  # fmt: skip


def main(name: str, folder: Path) -> None:
    """Draw every document of ``folder``."""
    style = (folder / "style.css").read_text(encoding="utf-8")
    size = 0
    started = time.process_time()
    try:
        for document in sorted(folder.glob("*.html")):
            pdf = ENGINES[name](document, style)
            document.with_suffix(".pdf").write_bytes(pdf)
            size += len(pdf)
    except Exception as error:  # noqa: BLE001 - a peer that is absent or fails is told, not hidden
        print(json.dumps({"failed": f"{type(error).__name__}: {error}"[:200]}))
        return
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = time.process_time() - started + children.ru_utime + children.ru_stime
    status = Path("/proc/self/status").read_text(encoding="ascii")
    peak = max(int(status.split("VmHWM:")[1].split()[0]), children.ru_maxrss) / 1024
    tagged = b"/StructTreeRoot" in pdf
    print(json.dumps({"seconds": seconds, "bytes": size, "peak": peak, "tagged": tagged}))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
