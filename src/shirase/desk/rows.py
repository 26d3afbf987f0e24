"""The rows of Annex A as a table that a reviewer can filter."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

PAGE = 200
"""Rows on one page."""


@dataclass(frozen=True, slots=True)
class RowsWanted:
    """Which rows: empty means all; ``unexplained`` those without a support ticket of the customer."""

    code: str = ""
    outcome: str = ""
    operator: str = ""
    text: str = ""
    unexplained: bool = False
    page: int = 1

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "RowsWanted":
        """From the address of a page."""
        page = query.get("page", "")
        return cls(
            code=query.get("code", ""),
            outcome=query.get("outcome", ""),
            operator=query.get("operator", ""),
            text=query.get("q", "").strip(),
            unexplained="unexplained" in query,
            page=int(page) if page.isascii() and page.isdigit() and 0 < int(page) < 100_000 else 1,
        )

    def address(self, page: int) -> str:
        """The same rows, another page of them."""
        values = {"code": self.code, "outcome": self.outcome, "operator": self.operator, "q": self.text}
        pairs = [(name, value) for name, value in values.items() if value] + [("page", str(page))]
        return "?" + urlencode([*pairs, *([("unexplained", "1")] if self.unexplained else [])])


@dataclass(frozen=True, slots=True)
class RowView:
    """One row as it is shown; ``label_ja`` and ``label_en`` are empty where nobody has described the code."""

    number: int
    uid: str
    at: str
    label_ja: str
    label_en: str
    native: str
    effect: str
    outcome: str
    operator: str
    objects: tuple[str, ...]
    hidden_objects: int
    ticket: str
    ticket_match: str
    reason: str
    flags: tuple[str, ...]
    evidence: str


@dataclass(frozen=True, slots=True)
class RowsView:
    """The table."""

    rows: tuple[RowView, ...]
    total: int
    matching: int
    pages: int
    codes: tuple[tuple[str, str, str], ...]
    operators: tuple[str, ...]
    outcomes: tuple[str, ...]


_UNEXPLAINED = frozenset({"none", "not_on_record", "not_yours"})


def build_rows(actions: Sequence[Mapping[str, Any]], kinds: Mapping[str, Any], wanted: RowsWanted) -> RowsView:
    """Rows of ``actions`` (as the data copy has them) that are as wanted."""
    matching = [action for action in actions if _is_wanted(action, wanted)]
    begin = (wanted.page - 1) * PAGE
    return RowsView(
        rows=tuple(_row(action, kinds) for action in matching[begin : begin + PAGE]),
        total=len(actions),
        matching=len(matching),
        pages=max(1, -(-len(matching) // PAGE)),
        codes=tuple((code, kind["label"]["ja"], kind["label"]["en"]) for code, kind in kinds.items()),
        operators=tuple(sorted({action["operator"]["pseudonym"] for action in actions})),
        outcomes=tuple(sorted({action["outcome"] for action in actions})),
    )


def _is_wanted(action: Mapping[str, Any], wanted: RowsWanted) -> bool:
    if wanted.text:
        words = [action["native_code"], action["ticket"], action["reason"], action["uid"], action["at"]]
        words += [value for entry in action["objects"] for value in entry.values()]
        if wanted.text.casefold() not in "\n".join(word for word in words if word).casefold():
            return False
    return not (
        (wanted.code and action["code"] != wanted.code)
        or (wanted.outcome and action["outcome"] != wanted.outcome)
        or (wanted.operator and action["operator"]["pseudonym"] != wanted.operator)
        or (wanted.unexplained and action["ticket_match"] not in _UNEXPLAINED)
    )


def _row(action: Mapping[str, Any], kinds: Mapping[str, Any]) -> RowView:
    label = kinds[action["code"]]["label"] if action["code"] in kinds else {"ja": "", "en": ""}
    return RowView(
        number=action["number"],
        uid=action["uid"],
        at=str(action["at"]).replace("T", " ").replace("Z", "")[:23],
        label_ja=label["ja"],
        label_en=label["en"],
        native=action["native_code"],
        effect=action["effect"],
        outcome=action["outcome"],
        operator=action["operator"]["pseudonym"],
        objects=tuple(
            " ".join(filter(None, (entry["type"], entry["name"], entry["id"]))) for entry in action["objects"]
        ),
        hidden_objects=action["objects_not_shown"],
        ticket=action["ticket"] or "",
        ticket_match=action["ticket_match"],
        reason=action["reason"] or "",
        flags=tuple(action["flags"]),
        evidence=f"E{action['evidence']['file']}:{action['evidence']['line']}",
    )
