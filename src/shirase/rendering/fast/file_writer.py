"""One file from its objects, with object streams and a cross-reference stream (ISO 32000-1, 7.5.7 and 7.5.8)."""

import struct
import zlib
from array import array
from collections.abc import Iterable
from hashlib import md5
from typing import Any

from shirase.rendering import weasy

_IN_STREAM = 1_000
"""Objects in one object stream: readers unpack a whole one to get at one object."""

PACKED = object()
"""Stands among the objects of a file for one that lies in an object stream already."""

_ENTRY = struct.Struct(">BIH")
_FREE, _PLAIN, _IN_OBJECT_STREAM = range(3)


class ObjectStreams:
    """Objects put into compressed streams as they come: of a large report there are more than a million.

    Attributes:
        level: Of deflate.
        streams: Those that are full.
        numbers: Of the objects, in order: so many to each stream.
    """

    def __init__(self, level: int) -> None:
        self.level = level
        self.streams: list[bytes] = []
        self.numbers = array("L")
        self._digest = md5(usedforsecurity=False)
        self._begun: list[tuple[int, bytes]] = []

    def add(self, number: int, data: bytes) -> None:
        """Put one object into the stream that is being filled."""
        self.numbers.append(number)
        self._digest.update(data)
        self._begun.append((number, data))
        if len(self._begun) == _IN_STREAM:
            self._end()

    def digest(self, others: Iterable[bytes]) -> bytes:
        """Of all objects and of ``others``, in hexadecimal digits."""
        digest = self._digest.copy()
        for data in others:
            digest.update(data)
        return digest.hexdigest().encode("ascii")

    def finished(self) -> list[bytes]:
        """All streams; nothing can be added any more."""
        if self._begun:
            self._end()
        return self.streams

    def _end(self) -> None:
        self.streams.append(_object_stream(self._begun, self.level))
        self._begun = []


def write_file(pdf: Any, identifier: bytes, packed: ObjectStreams) -> bytes:
    """All objects of ``pdf`` as one file; those that are :data:`PACKED` lie in ``packed``."""
    pdf.add_object(pdf.info)
    plain: list[tuple[int, bytes]] = []
    for number, item in enumerate(pdf.objects[1:], 1):
        if item is PACKED:
            continue
        if weasy.is_stream(item):
            plain.append((number, weasy.stream_bytes(item, packed.level)))
        else:
            packed.add(number, item.data)
    streams = packed.finished()
    first_stream = len(pdf.objects)
    table = first_stream + len(streams)
    entries = bytearray(_ENTRY.size * (table + 1))
    _ENTRY.pack_into(entries, 0, _FREE, 0, 65535)
    output = bytearray(b"%PDF-1.7\n%\xf0\x9f\x96\xa4\n")
    for number, data in (*plain, *enumerate(streams, first_stream)):
        _ENTRY.pack_into(entries, _ENTRY.size * number, _PLAIN, len(output), 0)
        _put(output, number, data)
    for place, number in enumerate(packed.numbers):
        stream, index = divmod(place, _IN_STREAM)
        _ENTRY.pack_into(entries, _ENTRY.size * number, _IN_OBJECT_STREAM, first_stream + stream, index)
    _ENTRY.pack_into(entries, _ENTRY.size * table, _PLAIN, len(output), 0)
    facts = b"/Root %s/Info %s/ID[(%s)(%s)]" % (
        pdf.catalog.reference, pdf.info.reference, identifier, packed.digest(data for _, data in plain),
    )  # fmt: skip
    start_of_table = len(output)
    _put(output, table, _cross_references(bytes(entries), facts, packed.level))
    output += b"startxref\n%d\n%%%%EOF\n" % start_of_table
    return bytes(output)


def _put(output: bytearray, number: int, data: bytes) -> None:
    output += b"%d 0 obj\n%s\nendobj\n" % (number, data)


def _object_stream(part: list[tuple[int, bytes]], level: int) -> bytes:
    offsets, position = [], 0
    for number, data in part:
        offsets.append(b"%d %d" % (number, position))
        position += len(data) + 1
    head = b" ".join(offsets) + b"\n"
    body = zlib.compress(head + b"\n".join([data for _, data in part]), level)
    return _compressed(b"/Type/ObjStm/N %d/First %d" % (len(part), len(head)), body)


def _cross_references(entries: bytes, facts: bytes, level: int) -> bytes:
    size = len(entries) // _ENTRY.size
    facts = b"/Type/XRef/Index[0 %d]/W[1 4 2]/Size %d%s" % (size, size, facts)
    return _compressed(facts, zlib.compress(entries, level))


def _compressed(facts: bytes, body: bytes) -> bytes:
    return b"<<%s/Filter/FlateDecode/Length %d>>\nstream\n%s\nendstream" % (facts, len(body), body)
