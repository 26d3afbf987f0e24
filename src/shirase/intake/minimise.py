"""Minimisation: secrets and what other people wrote never get past intake. Pure; what was taken out is counted."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import msgspec

from shirase.intake.json_records import Record
from shirase.intake.meaning import Meaning, texts_of
from shirase.intake.values import as_text, dig

_HINTS = (
    "token", "bearer", "password", "passwd", "secret", "api_key", "apikey", "api-key", "xox", "eyj", "akia", "asia",
    "ssws", "private key", "sid", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "!", "cookie",
)  # fmt: skip
"""Parts, in small letters, without which a text holds nothing that :data:`_SECRETS` would find."""

_WHOLE_RECORDS = frozenset({"_raw", "event.original", "raw_data"})
"""Fields that hold a whole record as text, with whatever is in it."""

_REMEMBERED = 65_536
"""Texts known to be harmless that are kept, because most texts of a log come again and again."""

_SECRETS = (
    ("token", re.compile(r"\bxox[a-z]-[\w-]{6,}")),
    ("token", re.compile(r"\beyJ[\w-]{8,}\.[\w-]{4,}(?:\.[\w-]*)?")),
    ("token", re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b")),
    ("token", re.compile(r"\bgh[pousr]_\w{20,}")),
    ("token", re.compile(r"\b00D\w{9,15}![\w.]{8,}")),
    ("token", re.compile(r"(?i)\b(?:bearer|ssws)\s+[\w.~+/=-]{8,}")),
    ("secret", re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)", re.DOTALL)),
    (
        "secret",
        re.compile(
            r"(?i)\b((?:[\w-]*(?:password|passwd|secret|token|api_?key|cookie)|sid)\s*(?:=|%3d|\"\s*:|:)\s*)"
            r"(?!\[removed)(\"[^\"]*\"|[^\s&;,\"'}]{3,})"
        ),
    ),
)


class Minimiser:
    """Takes out what must not get past intake, and counts it by kind: for one file.

    Attributes:
        counts: What was taken out, by kind.
    """

    def __init__(self, sensitive: Mapping[str, str]) -> None:
        self.counts: Counter[str] = Counter()
        self._harmless: set[str | None] = {None}
        self._sensitive = tuple((_getter(path), kind) for path, kind in sensitive.items())
        self._roots = {path.partition(".")[0]: kind for path, kind in sensitive.items()}

    def note(self, record: Record) -> None:
        """Count the fields of ``record`` that are known to be sensitive, and that no adapter passes on."""
        for getter, kind in self._sensitive:
            if getter(record) not in (None, "", []):
                self.counts[kind] += 1

    def clean(self, meaning: Meaning) -> Meaning:
        """``meaning`` without the secrets that its free texts hold."""
        harmless = self._harmless
        for text in texts_of(meaning):
            if text not in harmless and self._is_suspect(text):
                return self._masked(meaning)
        return meaning

    def _is_suspect(self, text: str | None) -> bool:
        if text is None:
            return False
        small = text.lower()
        for hint in _HINTS:
            if hint in small and any(pattern.search(text) for _, pattern in _SECRETS):
                return True
        if len(self._harmless) >= _REMEMBERED:
            self._harmless = {None}
        self._harmless.add(text)
        return False

    def suspects(self, columns: Iterable[Sequence[str | None]]) -> set[str]:
        """Those of many texts that hold a secret. Nothing is taken out here."""
        unseen = {text for text in set().union(*columns) - self._harmless if text is not None}
        if not unseen:
            return set()
        together = "\x00".join(unseen).lower()
        if any(hint in together for hint in _HINTS):
            return {text for text in unseen if self._is_suspect(text)}
        if len(self._harmless) + len(unseen) > _REMEMBERED:
            self._harmless = {None}
        self._harmless |= unseen
        return set()

    def mask(self, text: str) -> str:
        """``text`` with each secret in it replaced by what kind of thing stood there."""
        for kind, pattern in _SECRETS:
            text, count = pattern.subn(_replacement(kind), text)
            self.counts[kind] += count
        return text

    def redact(self, record: Record | None, known: frozenset[str]) -> bytes:
        """What may be kept of a record that cannot be used: plain values of known fields that are not sensitive."""
        if record is None:
            return b""
        kept = {}
        for name, value in record.items():
            if name in self._roots:
                kept[name] = f"[removed: {self._roots[name]}]"
            elif name not in known:
                kept[name] = "[removed: unknown field]"
            elif isinstance(value, dict | list) or name in _WHOLE_RECORDS:
                kept[name] = "[in the evidence]"
            else:
                kept[name] = self.mask(as_text(value) or "")
        return json.dumps(kept, ensure_ascii=False).encode("utf-8", "replace")

    def _masked(self, meaning: Meaning) -> Meaning:
        def mask(text: str | None) -> str | None:
            return self.mask(text) if text else text

        return msgspec.structs.replace(
            meaning,
            actor_name=mask(meaning.actor_name),
            acting_as=mask(meaning.acting_as),
            reason_text=mask(meaning.reason_text),
            src_text=mask(meaning.src_text),
            user_agent=mask(meaning.user_agent),
            targets=tuple(replace(target, name=mask(target.name)) for target in meaning.targets),
            changes=tuple(replace(change, old=mask(change.old), new=mask(change.new)) for change in meaning.changes),
        )


def ways_of(sensitive: Mapping[str, str]) -> dict[tuple[str, ...], str]:
    """Steps of dotted paths, and the kind of what stands there."""
    return {tuple(path.split(".")): kind for path, kind in sensitive.items()}


def count_sensitive(records: Sequence[Record], ways: Mapping[tuple[str, ...], str]) -> Counter[str]:
    """As :meth:`Minimiser.note` counts them, of many records: how many values stand at ``ways``, by kind."""
    counts: Counter[str] = Counter()
    found: dict[tuple[str, ...], Sequence[Any]] = {(): records}
    for steps, kind in ways.items():
        for depth in range(1, len(steps) + 1):
            if steps[:depth] not in found:
                step, before = steps[depth - 1], found[steps[: depth - 1]]
                found[steps[:depth]] = [value.get(step) if type(value) is dict else None for value in before]
        values = found[steps]
        if values.count(None) < len(values):
            counts[kind] += sum(1 for value in values if value not in (None, "", []))
    return counts


def _replacement(kind: str) -> Callable[[re.Match[str]], str]:
    def removed(match: re.Match[str]) -> str:
        before = match[1] if match.lastindex else ""
        return f"{before}[removed: {kind}]"

    return removed


def _getter(path: str) -> Callable[[Any], Any]:
    steps = path.split(".")
    if len(steps) == 1:
        return lambda record: record.get(path)
    return lambda record: dig(record, *steps)
