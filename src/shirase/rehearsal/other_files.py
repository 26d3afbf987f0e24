"""The exports of the systems beside SuperUser, each in the wrapper that system uses."""

import csv
import io
import json
import zipfile
from collections.abc import Iterator, Sequence

from shirase.rehearsal.laid import Laid, Placed
from shirase.rehearsal.lines import PlantedLine

PAGE = 1_000
ELF_COLUMNS = (
    "EVENT_TYPE", "TIMESTAMP", "REQUEST_ID", "ORGANIZATION_ID", "USER_ID", "RUN_TIME", "CPU_TIME", "URI", "CLIENT_IP",
    "PAGE_URL", "USER_AGENT", "TIMESTAMP_DERIVED", "USER_ID_DERIVED", "REQUEST_STATUS",
)  # fmt: skip
ELF_HEADER = ",".join(f'"{name}"' for name in ELF_COLUMNS).encode()

_LONG_AGO = (2022, 1, 24, 0, 0, 0)


def lay_other(file: str, planted: list[PlantedLine]) -> Laid:
    """One export. ``file`` stands below ``evidence/``; the folder it is in is the id of its source."""
    source_id = file.partition("/")[0]
    lines = sorted(planted, key=lambda line: (str(line.file), line.order))
    path = f"evidence/{file}"
    if source_id == "slack":
        return _laid(path, source_id, _archive(lines), tuple(_place_members(lines)))
    if source_id == "salesforce":
        content = b"\n".join([ELF_HEADER, *(line.raw for line in lines), b""])
        return _laid(path, source_id, content, tuple(_place(path, lines, 2)), header=1)
    if source_id == "splunk":
        content = b"\n".join([*(line.raw for line in lines), b""])
        return _laid(path, source_id, content, tuple(_place(path, lines, 1)))
    content = b"[" + b",".join(line.raw for line in lines) + b"]" if source_id == "okta" else _pages(source_id, lines)
    return _laid(path, source_id, content, tuple(_place(path, lines, 1)))


def elf_row(values: dict[str, str]) -> bytes:
    """One row of an event log file, every value quoted."""
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="").writerow(values.get(name, "") for name in ELF_COLUMNS)
    return text.getvalue().encode()


def _laid(
    path: str, source_id: str, content: bytes, placed: tuple[tuple[Placed | None, str], ...], *, header: int = 0
) -> Laid:
    previews = sum(aside == "preview" for _, aside in placed)
    return Laid(
        path=path,
        source_id=source_id,
        content=content,
        placed=tuple(line for line, _ in placed if line is not None),
        physical_lines=len(placed) + header,
        header_lines=header + sum(aside == "header" for _, aside in placed),
        blank_lines=0,
        continuation_lines=0,
        previews=previews,
    )


def _place(path: str, lines: Sequence[PlantedLine], first: int) -> Iterator[tuple[Placed | None, str]]:
    for number, line in enumerate(lines, start=first):
        yield (Placed(path, number, line.verdict) if line.verdict is not None else None), line.aside


def _place_members(lines: Sequence[PlantedLine]) -> Iterator[tuple[Placed | None, str]]:
    """Records of an archive are numbered through, in the order of its members."""
    for number, line in enumerate(lines, start=1):
        assert line.verdict is not None
        yield Placed(f"evidence/{line.file}", number, line.verdict), ""


def _pages(source_id: str, lines: Sequence[PlantedLine]) -> bytes:
    pages = []
    for page, start in enumerate(range(0, len(lines), PAGE)):
        head = json.dumps(_envelope(source_id, page, len(lines)), separators=(",", ":")).encode()
        records = b",".join(line.raw for line in lines[start : start + PAGE])
        key = b"entries" if source_id == "slack-audit" else b"records"
        pages.append(head[:-1] + b',"' + key + b'":[' + records + b"]}")
    return b"\n".join(pages) + b"\n"


def _envelope(source_id: str, page: int, total: int) -> dict[str, object]:
    if source_id == "jira":
        return {"offset": page * PAGE, "limit": PAGE, "total": total}
    if source_id == "slack-audit":
        return {"response_metadata": {"next_cursor": ""}}
    return {"uri": f"https://platform.ringcentral.com/restapi/v1.0/account/~/call-log?page={page + 1}"}


def _archive(lines: Sequence[PlantedLine]) -> bytes:
    members: dict[str, list[bytes]] = {"users.json": [], "channels.json": []}
    for line in lines:
        members.setdefault(str(line.file).partition("!")[2], []).append(line.raw)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(members):
            archive.writestr(zipfile.ZipInfo(name, _LONG_AGO), b"[" + b",\n".join(members[name]) + b"]")
    return buffer.getvalue()
