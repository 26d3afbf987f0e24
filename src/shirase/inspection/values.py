"""What a text says besides words: dates, times, figures, references, identifiers; one notation for both languages."""

import re
from collections import Counter

from shirase.domain.bilingual import Language

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip

_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")
_WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")

_PATTERNS: dict[Language, tuple[tuple[str, re.Pattern[str]], ...]] = {
    Language.JA: (
        ("date", re.compile(r"(?P<y>\d{4})年(?P<m>\d{1,2})月(?P<d>\d{1,2})日")),
        ("day", re.compile(r"(?P<m>\d{1,2})月(?P<d>\d{1,2})日")),
        ("month", re.compile(r"(?P<m>\d{1,2})月(?!間)")),
        ("hour", re.compile(r"(?P<half>午前|午後)?(?P<h>\d{1,2})時(?!間|点)(?:(?P<min>\d{1,2})分)?")),
        ("annex", re.compile(r"別紙(?P<v>[A-Z])")),
        ("section", re.compile(r"(?<!条)第(?P<v>\d{1,2})項")),
    ),
    Language.EN: (
        ("date", re.compile(rf"(?P<d>\d{{1,2}}) (?P<n>{'|'.join(_MONTHS)}) (?P<y>\d{{4}})")),
        ("day", re.compile(rf"(?P<d>\d{{1,2}}) (?P<n>{'|'.join(_MONTHS)})")),
        ("month", re.compile(rf"\b(?P<n>{'|'.join(name for name in _MONTHS if name != 'May')}|(?:in|of) May)\b")),
        ("hour", re.compile(r"(?P<h>\d{1,2})(?::(?P<min>\d{2}))?\s?(?P<half>[ap])\.?m\b\.?")),
        ("annex", re.compile(r"Annex (?P<v>[A-Z])\b")),
        ("section", re.compile(r"[Ss]ection (?P<v>\d{1,2})")),
        ("roman", re.compile(r"\((?P<v>i|ii|iii|iv|v|vi|vii|viii|ix)\)")),
    ),
}
_COMMON = (
    ("address", re.compile(r"[A-Za-z0-9._+-]+@[A-Za-z0-9.-]+|https?://[^\s（）「」]+")),
    ("share", re.compile(r"(?P<v>\d+(?:\.\d+)?)\s?%")),
    ("clock", re.compile(r"\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?")),
    ("offset", re.compile(r"UTC[+\-−]\d{1,2}(?::\d{2})?")),
    ("identifier", re.compile(r"(?<![A-Za-z0-9])(?=[A-Za-z0-9-]*[A-Za-z])(?=[A-Za-z0-9-]*\d)[A-Za-z0-9][A-Za-z0-9-]+")),
    ("number", re.compile(r"\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?")),
)


def values(text: str, language: Language) -> Counter[str]:
    """Everything in ``text`` that must be the same in the other language, in one notation, and how often."""
    found: Counter[str] = Counter()
    rest = text.replace("\u3000", " ")
    for name, pattern in (*_COMMON[:1], *_PATTERNS[language], *_COMMON[1:]):
        for match in pattern.finditer(rest):
            found[_canonical(name, match)] += 1
        rest = pattern.sub(" ", rest)
    return found


def in_words(text: str) -> Counter[str]:
    """Small numbers that an English ``text`` writes as words: where Japanese counts 1件, English may say one entry."""
    found = re.findall(rf"\b(?:{'|'.join(_WORDS)})\b", text, re.IGNORECASE)
    return Counter(str(_WORDS.index(word.lower()) + 1) for word in found)


def _canonical(name: str, match: re.Match[str]) -> str:
    parts = match.groupdict()
    if name in ("date", "day", "month"):
        month = int(parts["m"]) if parts.get("m") else _MONTHS.index(parts["n"].split()[-1]) + 1
        return f"{parts.get('y') or ''}-{month:02}-{int(parts.get('d') or 0):02}"
    if name == "hour":
        late = parts["half"] in ("午後", "p")
        return f"{int(parts['h']) % 12 + 12 * late if parts['half'] else int(parts['h']):02}:{parts['min'] or '00'}"
    if name in ("annex", "section", "share"):
        return f"{name} {parts['v']}"
    if name == "roman":
        return str(_ROMAN.index(parts["v"]) + 1)
    if name == "clock":
        return match[0].zfill(len("00:00") if match[0].count(":") == 1 else len("00:00:00"))
    return match[0].replace(",", "").replace("−", "-")
