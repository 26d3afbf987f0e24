"""Text as names are compared in it: width, case, hyphens and dots do not matter, the order of letters does."""

import re
import unicodedata

_SELECTORS = re.compile("[\u180b-\u180d\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_APART = re.compile(r"[\W_]+")

_FORMS_JA = (
    "株式会社", "有限会社", "合同会社", "合資会社", "合名会社", "一般社団法人", "公益社団法人", "一般財団法人",
    "公益財団法人", "医療法人社団", "医療法人", "学校法人", "社会福祉法人", "国立大学法人", "独立行政法人",
)  # fmt: skip
_FORMS_EN = (
    "sa de cv", "sp z o o", "pty ltd", "pte ltd", "pvt ltd", "co ltd", "s p a", "k k", "b v", "s l", "s a", "l l c",
    "limited", "corporation", "company", "gmbh", "ltda", "corp", "inc", "llc", "ltd", "sas", "plc", "kk", "co", "ab",
    "ag", "bv", "sa",
)  # fmt: skip


def fold(text: str) -> str:
    """``text`` with one form for all widths and cases, words separated by single spaces."""
    plain = unicodedata.normalize("NFKC", _SELECTORS.sub("", text)).casefold()
    return _APART.sub(" ", plain).strip()


def spoken_names(name: str) -> tuple[str, ...]:
    """The folded forms of a registered name that people write: whole, and without its legal form."""
    whole = fold(name)
    short = whole
    for form in _FORMS_JA:
        short = short.removeprefix(form).removesuffix(form).strip()
    for form in _FORMS_EN:
        short = short.removesuffix(f" {form}")
    return tuple(dict.fromkeys(each for each in (whole, short) if each))
