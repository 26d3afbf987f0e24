"""Tables of figures in the documents, written by the benchmark that measured them: ``./run bench --write NAME``.

A table stands between ``<!-- bench NAME -->`` and ``<!-- end of bench -->``; what was there is replaced.
"""

import re
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
_END = "<!-- end of bench -->"


def publish(name: str, document: str, note: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Replace the table ``name`` of ``document``.

    Args:
        name: Of the table.
        document: Path from the root of the repository.
        note: What stands above the table: when and where it was measured.
        heads: Of the columns; the second and later ones hold numbers.
        rows: One cell for each head.

    Raises:
        ValueError: When the document has no such place.
    """
    path = ROOT / document
    text = path.read_text(encoding="utf-8")
    begin = f"<!-- bench {name} -->"
    place = re.compile(f"{re.escape(begin)}.*?{re.escape(_END)}", re.DOTALL)
    lines = [f"| {' | '.join(cells)} |" for cells in (heads, ["---", *["---:"] * (len(heads) - 1)], *rows)]
    made = "\n".join((begin, note, "", *lines, _END))
    text, count = place.subn(lambda _: made, text)
    if count != 1:
        raise ValueError(f"{document} has {count} places for the table {name}, not one")
    path.write_text(text, encoding="utf-8")
