"""Records that a collector wrapped: the same reader, one step further in."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from shirase.domain.reject import RejectReason
from shirase.intake.sources.contract import (
    Aside,
    FileFacts,
    Meaning,
    Opened,
    Reader,
    Record,
    RecordContext,
    RecordError,
    Remark,
    Steps,
)
from shirase.intake.values import dig


class WrappedReader(Reader):
    """Takes the wrapper off and hands the record on."""

    def __init__(self, inner: Reader, path: str) -> None:
        super().__init__()
        self._inner = inner
        self._path = path
        self._steps = tuple(path.split("."))
        self.known = inner.known
        self.sensitive: Mapping[str, str] = inner.sensitive
        self.stripped = inner.stripped

    def fields(self, record: Record) -> Record:
        """The fields of the record inside."""
        inner = dig(record, *self._steps)
        return self._inner.fields(inner) if isinstance(inner, dict) else {}

    def unknown(self, record: Record) -> Iterable[str]:
        """Unknown fields of the record inside, and of what stands beside it."""
        inner = dig(record, *self._steps)
        beside = [name for name in record if name != self._steps[0]]
        return [*beside, *(self._inner.unknown(inner) if isinstance(inner, dict) else ())]

    def read(self, record: Record, context: RecordContext) -> Meaning | Aside:
        """What the record inside says."""
        inner = dig(record, *self._steps)
        if not isinstance(inner, dict):
            raise RecordError(RejectReason.MISSING_VALUE, f"no record at {self._path!r}")
        return self._inner.read(inner, context)

    def open(self, records: Sequence[Record | None], context: RecordContext) -> Iterable[Opened]:
        """The records inside, as their own reader opens them, with the names of what stands beside them."""
        first = self._steps[0]

        def beside(places: Sequence[int]) -> Counter[str]:
            shapes = Counter(map(tuple, (records[place] or () for place in places)))
            found: Counter[str] = Counter()
            for names, count in shapes.items():
                found.update({name: count for name in names if name != first})
            return found

        found = [dig(record, *self._steps) for record in records]
        inner = [record if type(record) is dict else None for record in found]
        for opened in self._inner.open(inner, context):
            yield replace(opened, beside=beside, stands=partial(self._stands, opened.stands))

    def _stands(self, stands: Callable[[int, Steps], Steps], place: int, way: Steps) -> Steps:
        return (*self._steps, *stands(place, way))

    def close(self, file: FileFacts) -> tuple[Remark, ...]:
        """What the adapter has to say of the file."""
        return self._inner.close(file)
