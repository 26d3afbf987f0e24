"""Paths of a mapping profile, such as ``target[0].name``, as steps into a record."""

import re

_STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")


def steps_of(path: str) -> list[str | int]:
    """Keys, and places in lists, in order; the path itself where it is none of both."""
    return [int(index) if index else name for name, index in _STEP.findall(path)] or [path]
