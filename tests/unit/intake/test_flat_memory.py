"""Memory does not grow with a file, whatever its wrapper."""

import json
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from made_up_exports import OKTA, SPLUNK_RESULT, splunk_xml
from shirase.intake.framing.frame import frame, lay_out
from shirase.intake.framing.shape import HEAD_BYTES
from shirase.intake.framing.units import Units
from shirase.intake.sources.registry import find_adapters
from shirase.intake.streams import open_lines, read_head

SIZE = 18_000


def chunks(wrapper: str) -> Iterator[bytes]:
    record = json.dumps(OKTA[0], indent=1 if wrapper == "objects" else None).encode()
    if wrapper == "xml":
        one = splunk_xml([SPLUNK_RESULT] * 100, preview=False)
        yield from (one for _ in range(SIZE // 500))
        return
    begin, between, end = {
        "lines": (b"", b"\n", b"\n"),
        "array": (b"[", b",\n", b"]"),
        "one line": (b"[", b",", b"]"),
        "envelope": (b'{"data":{"events":[\n', b",\n", b"]}}"),
        "objects": (b"", b"\n ", b"\n"),
    }[wrapper]
    yield begin
    for number in range(SIZE):
        yield record if number == 0 else between + record
    yield end


@pytest.mark.parametrize("wrapper", ["lines", "array", "one line", "envelope", "objects", "xml"])
def test_memory_is_flat(tmp_path: Path, wrapper: str) -> None:
    """A file is cut with a few megabytes, most of them one chunk: records are let go of."""
    file = tmp_path / "export"
    with file.open("wb") as written:
        written.writelines(chunks(wrapper))
    framing = find_adapters().adapters["splunk" if wrapper == "xml" else "okta-system-log"].framing
    layout = lay_out(read_head(tmp_path, file.name, HEAD_BYTES), framing, file.name)
    units = Units()
    tracemalloc.start()
    try:
        with open_lines(tmp_path, file.name) as lines:
            for _ in frame(lines, file.name, layout, framing, units):
                pass
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert units.seen >= SIZE // 5
    assert peak < file.stat().st_size / 2
