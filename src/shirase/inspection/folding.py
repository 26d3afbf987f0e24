"""Texts made comparable: the same name in another width, case or line break is the same name."""

import re
import unicodedata

_DROPPED = re.compile(r"[\s\-‐‑‒–—―−_.,'’‘`´・･·\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\ufffe]+")
"""What breaks, joins or decorates a name without making it another one."""

_VARIANTS = str.maketrans("髙﨑𠮷栁濵德邊邉澤廣齋齊斎嶋嶌龍國櫻眞", "高崎吉柳浜徳辺辺沢広斉斉斉島島竜国桜真")
"""Forms of one character between which the same name is written (itaiji), both ways treated as one."""

_LEGAL_FORMS = re.compile(
    r"株式会社|有限会社|合同会社|合名会社|合資会社|一般社団法人|一般財団法人|公益社団法人|公益財団法人|社会福祉法人|医療法人|学校法人"
    r"|宗教法人|特定非営利活動法人|独立行政法人|国立大学法人|\(株\)|\(有\)|\(同\)"
    r"|\b(?:incorporated|corporation|company|limited|gmbh\s*&\s*co\.?\s*kg|s\.?a\.?\s*de\s*c\.?v\.?|pty\.?\s*ltd|"
    r"co\.?,?\s*ltd|inc|corp|ltd|llc|llp|plc|gmbh|kg|ag|sarl|srl|s\.?a\.?s|s\.?p\.?a|s\.?a|b\.?v|n\.?v|k\.?k|"
    r"oyj?|a/s|ab)\b\.?",
    re.IGNORECASE,
)


def fold(text: str) -> str:
    """``text`` as it is compared: NFKC (UAX 15), without case, white space, hyphens, points or invisible characters."""
    return _DROPPED.sub("", unicodedata.normalize("NFKC", text).translate(_VARIANTS).casefold())


def without_legal_form(name: str) -> str:
    """A registered name without 株式会社, Inc. and the like; empty when nothing is left of it."""
    return _LEGAL_FORMS.sub(" ", unicodedata.normalize("NFKC", name)).strip(" ,.・&")


def positions(text: str) -> tuple[str, list[int]]:
    """``text`` folded character by character, and for each the position in ``text`` it comes from."""
    folded: list[str] = []
    where: list[int] = []
    for position, character in enumerate(text):
        for piece in fold(character):
            folded.append(piece)
            where.append(position)
    return "".join(folded), where


def whole_characters(text: str) -> str:
    """``text`` with halves of characters (UTF-16 surrogates), as readers of PDFs give them, put together."""
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
