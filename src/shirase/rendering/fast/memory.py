"""Memory of bounded size: what was not used for longest is forgotten."""

from collections import OrderedDict
from typing import Generic, TypeVar

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


class Memory(Generic[_Key, _Value]):
    """A mapping that holds the ``most`` entries used last. Forgetting one costs time and changes no page."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._entries: OrderedDict[_Key, _Value] = OrderedDict()

    def __contains__(self, key: _Key) -> bool:
        return key in self._entries

    def __getitem__(self, key: _Key) -> _Value:
        self._entries.move_to_end(key)
        return self._entries[key]

    def __setitem__(self, key: _Key, value: _Value) -> None:
        self._entries[key] = value
        self._entries.move_to_end(key)

    def get(self, key: _Key) -> _Value | None:
        """The value of ``key``, or None."""
        return self[key] if key in self._entries else None

    def trim(self) -> None:
        """Forget what is too much. To be called between reports: one report may need more than ``most``."""
        while len(self._entries) > self._most:
            self._entries.popitem(last=False)
