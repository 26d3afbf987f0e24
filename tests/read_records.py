"""From a record to the action that the store gives back, by the way every record takes."""

from typing import Any

import pyarrow as pa

from shirase.domain.action import SupportAction
from shirase.domain.incident import SourceSection
from shirase.domain.resolution import TenantResolver
from shirase.evidence.columns import LINE_SCHEMA, inflate_action
from shirase.intake.assemble import Assembler
from shirase.intake.meaning import Meaning
from shirase.intake.records import PhysicalLine

LINE = PhysicalLine(number=7, offset=70, raw=b"x", digest="d" * 64, size=1, terminated=True)


def stored_row(meaning: Meaning, source: SourceSection, resolver: TenantResolver | None = None) -> dict[str, Any]:
    """The row of the store, by column names, as it is read back."""
    row = Assembler(source, "f" * 64, resolver).row(meaning, LINE, "evidence/a")
    columns = zip(LINE_SCHEMA, row, strict=True)
    arrays = [pa.array([value], type=field.type) for field, value in columns]
    (stored,) = pa.RecordBatch.from_arrays(arrays, schema=LINE_SCHEMA).to_pylist()
    return dict(stored)


def stored_action(meaning: Meaning, source: SourceSection, resolver: TenantResolver | None = None) -> SupportAction:
    """The action that the store gives back."""
    return inflate_action(stored_row(meaning, source, resolver))
