"""Control characters in many bytes at once."""

import pyarrow as pa
import pyarrow.compute as pc


def has_controls(raw: bytes) -> bool:
    """Whether a character below the space stands in ``raw``."""
    if not raw:
        return False
    lowest: int = pc.min(pa.Array.from_buffers(pa.uint8(), len(raw), [None, pa.py_buffer(raw)])).as_py()
    return lowest < ord(" ")
