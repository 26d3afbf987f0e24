"""XML: one document or several in one stream, as Splunk exports them. Entities and DTDs are refused, memory is flat."""

import hashlib
import re
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element, ParseError, tostring

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from shirase.domain.errors import EvidenceError, Problem
from shirase.intake.framing.items import Cut, Item
from shirase.intake.framing.units import Units
from shirase.intake.json_records import Record
from shirase.intake.records import PhysicalLine
from shirase.intake.sources.contract import Envelope, Framing, RecordContext
from shirase.intake.streams import UTF8_BOM, Lines

CHUNK_BYTES = 64 << 10
_DECLARATION = re.compile(rb"<\?xml[^>]*\?>")
_ROOT = "several-documents"


def frame_xml(lines: Lines, path: str, framing: Framing, units: Units) -> Iterator[Item]:
    """Every record of every document, with the attributes of its document as its envelope.

    XML gives no byte positions here: the offset is 0, and the digest is that of the record written out again.

    Raises:
        EvidenceError: When the XML is broken, cut off, or holds a DTD or an entity.
    """
    document: Element | None = None
    before = 0
    try:
        for event, element in iterparse(_Stream(lines), events=("start", "end"), forbid_dtd=True):
            if event == "start" and element.tag == framing.document:
                document, before = element, units.seen
            elif event == "end" and element.tag == framing.element and document is not None:
                yield _cut(element, dict(document.attrib), units)
                element.clear()
            elif event == "end" and element.tag == framing.document:
                units.close(Envelope(dict(element.attrib), units.seen - before))
                element.clear()
                document = None
    except (ParseError, DefusedXmlException, UnicodeError, ValueError) as error:
        what = f"this XML is broken, cut off, or not allowed ({str(error)[:200]})"
        raise EvidenceError(Problem(what, path, "export it again; half a log is not evidence")) from error


def _cut(element: Element, envelope: dict[str, Any], units: Units) -> Cut:
    units.seen += 1
    element.tail = None
    raw = tostring(element, encoding="utf-8")
    digest = hashlib.sha256(raw).hexdigest()
    line = PhysicalLine(units.seen, 0, raw, digest, len(raw), terminated=True)
    return Cut(line, fields_of(element), 1, RecordContext(envelope=envelope))


def fields_of(result: Element) -> Record:
    """The fields of a Splunk ``<result>``: text, or a list where a field has several values."""
    record: Record = {}
    for field in result.iter("field"):
        texts = ["".join(value.itertext()) for value in (*field.findall("value"), *field.findall("v"))]
        record[field.get("k", "")] = texts[0] if len(texts) == 1 else texts
    return record


class _Stream:
    """The file inside one root element, without the declarations that each of its documents begins with."""

    def __init__(self, lines: Lines) -> None:
        self._chunks = self._iterate(lines)

    def read(self, _size: int = -1) -> bytes:
        return next(self._chunks, b"")

    @staticmethod
    def _iterate(lines: Lines) -> Iterator[bytes]:
        yield f"<{_ROOT}>".encode()
        rest, first = b"", True
        while chunk := lines.read(CHUNK_BYTES):
            whole = (rest + chunk).removeprefix(UTF8_BOM) if first else rest + chunk
            first = False
            whole = _DECLARATION.sub(b"", whole)
            # A declaration may be cut by the end of the chunk.
            cut = whole.rfind(b"<?")
            keep = len(whole) - cut if cut >= 0 and len(whole) - cut < 200 and b"?>" not in whole[cut:] else 1
            rest, whole = whole[len(whole) - keep :], whole[: len(whole) - keep]
            if whole:
                yield whole
        yield _DECLARATION.sub(b"", rest) + f"</{_ROOT}>".encode()
