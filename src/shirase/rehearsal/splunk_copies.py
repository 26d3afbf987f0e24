"""Splunk's copies of a part of what SuperUser logged, as a search exports them."""

import json
from dataclasses import replace
from datetime import date

from shirase.domain.disposition import Disposition, Rule
from shirase.rehearsal.instants import SECOND, rfc3339
from shirase.rehearsal.lines import PlantedLine
from shirase.rehearsal.setting import Setting
from shirase.rehearsal.streams import stream
from shirase.rehearsal.truth import Verdict

COPY = Verdict(Disposition.DUPLICATE, Rule.FORWARDED_COPY, link="copy")

_COPIED = frozenset({Disposition.IN_SCOPE, Disposition.OUTSIDE_WINDOW, Disposition.OTHER_ORGANISATION})
_LONGEST = 10_000


def write_copies(setting: Setting, total: int) -> None:
    """Plant copies of ``total`` lines of SuperUser, in two exports that overlap a little."""
    chance = stream(setting.seed, "splunk")
    known = {line.raw for line in setting.book.lines if isinstance(line.file, str)}
    originals = [line for line in setting.book.lines if _is_forwarded(line)]
    overlap = total // 20
    chosen = chance.sample(originals, min(total - overlap, len(originals)))
    for number, line in enumerate(sorted(chosen, key=lambda line: (line.order, line.raw)), start=1_000):
        raw = wrap(line.raw, line.order, number)
        assert raw not in known
        file = "splunk/search-1.json" if number % 2 else "splunk/search-2.json"
        setting.book.plant(file, line.order, raw, replace(COPY, at=line.order, of=line.verdict))
        if number % 2 and overlap:
            overlap -= 1
            again = Verdict(Disposition.DUPLICATE, Rule.SAME_EVENT_AGAIN)
            setting.book.plant("splunk/search-2.json", line.order, raw, again)


def wrap(raw: bytes, at: int, number: int, *, preview: bool = False) -> bytes:
    """One line of an export: the event as logged in ``_raw``, and where Splunk keeps it."""
    result = {
        "_time": rfc3339(at)[:-1] + "+00:00",
        "_indextime": str(at // SECOND + 2),
        "index": "support",
        "_bkt": f"support~{number // 5000}~7F3A",
        "_cd": f"{number // 5000}:{number * 13}",
        "sourcetype": "superuser:json",
        "host": "su-log-01",
        "_raw": raw.decode(),
    }
    wrapped = {"preview": preview, "offset": number, "lastrow": False, "result": result}
    return json.dumps(wrapped, ensure_ascii=False, separators=(",", ":")).encode()


def _is_forwarded(line: PlantedLine) -> bool:
    verdict = line.verdict
    return (
        isinstance(line.file, date)
        and verdict is not None
        and verdict.disposition in _COPIED
        and not verdict.id_conflict
        and line.raw.startswith(b'{"request_id"')
        and len(line.raw) < _LONGEST
    )
