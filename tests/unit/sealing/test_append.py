"""What is appended can be read in one way only."""

import io

import pikepdf
import pytest

from shirase.sealing import append


def small_pdf() -> bytes:
    """One empty page, its cross-references in a stream, as in a report."""
    made = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(made, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return made.getvalue()


def test_an_appended_stream_never_ends_in_a_carriage_return(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the very room for which it would: another is taken, and every length still is what stands in the file."""
    pdf = small_pdf()
    rooms = (room for room in range(16_384, 32_768, 2) if b"\r\nendstream" in append._prepared(pdf, room).content)
    room = next(rooms)
    monkeypatch.setattr(append, "_RESERVED", room)
    prepared = append.prepare(pdf)
    assert b"\r\nendstream" not in prepared.content
    assert prepared.content.startswith(pdf)
    with pikepdf.open(io.BytesIO(prepared.content)) as document:
        assert str(document.Root.AcroForm.Fields[0].T) == append.FIELD
