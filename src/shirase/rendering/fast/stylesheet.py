"""What a stylesheet may not say, because a piece laid out by itself would look different than in its place.

A piece does not see its neighbours, the cells of a table see others than their own, and places to jump to have other
names. Rules that look at these are refused unless they are known to do no harm.
"""

from typing import Any

import tinycss2

_LOOKS_AROUND = ("+", "~", ":first-", ":last-", ":nth-", ":only-", ":empty", ":has(", "#", "[data-")

KNOWN = frozenset(
    {
        ".half + .half",
        ".key-points tr + tr > *",
        ".signature p:first-child",
        ".items caption .line + .line",
    }
)
"""Pieces that hold all that these rules look at."""

PAGE_REFERENCE = "with-page"
"""Class of what prints the page number of another place."""


def unsupported(css: str) -> list[str]:
    """The rules of a stylesheet that this engine cannot follow, in words."""
    found = []
    for rule in tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True):
        if rule.type != "qualified-rule":
            continue
        declarations = tinycss2.parse_declaration_list(rule.content, skip_comments=True, skip_whitespace=True)
        names = {declaration.name for declaration in declarations if declaration.type == "declaration"}
        for selector in tinycss2.serialize(rule.prelude).split(","):
            found += _of_rule(" ".join(selector.split()), names, rule)
    return found


def _of_rule(selector: str, names: set[str], rule: Any) -> list[str]:
    found = []
    if any(sign in selector for sign in _LOOKS_AROUND) and selector not in KNOWN and not _sets_columns(selector, names):
        found.append(f"the rule {selector!r} looks at neighbours")
    if "target-counter" in tinycss2.serialize(rule.content) and f".{PAGE_REFERENCE}" not in selector:
        found.append(f"the rule {selector!r} prints a page number, but not for the class {PAGE_REFERENCE}")
    return found


def _sets_columns(selector: str, names: set[str]) -> bool:
    """Whether a rule only says how wide columns are: the cells that decide it are all there."""
    return names == {"width"} and selector.split(":", maxsplit=1)[0].rsplit(maxsplit=1)[-1].startswith("th")
