"""Whatever anybody does in whatever order: nothing is ever sealed without every role's approval of those very bytes."""

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from ledger_kit import (
    ALL,
    DANA,
    KEIKO,
    PEOPLE,
    REASON,
    RIKU,
    ROBOT,
    SORA,
    Clock,
    drafted,
    ledger_in,
    named,
    rules,
    standing,
    with_people,
)
from shirase.domain.errors import ShiraseError
from shirase.domain.review import Operator, Policy, Role
from shirase.ledger.drafts import DraftedBytes

EVERYBODY = st.sampled_from((RIKU, *PEOPLE, Operator("Stranger", ("legal", "comms", "sender", "responder"))))
ROLES = st.sampled_from([role.value for role in Role])
BYTES = ("first", "second", "third")
DRAFTS = st.sampled_from([drafted(number, bytes_) for number in (1, 2) for bytes_ in BYTES])
KNOWN = {person.name: person for person in (RIKU, *PEOPLE)}


class Moves(RuleBasedStateMachine):
    """A model that knows one thing: who said yes to which bytes since these bytes last went into review."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.clock = Clock()
        self.opened = ledger_in(Path(self.folder.name) / "INC-1", clock=self.clock)
        self.ledger = with_people(self.opened.__enter__())
        self.votes: dict[str, set[tuple[str, str, str]]] = {}
        self.authors: dict[str, set[str]] = {}
        self.current: dict[str, DraftedBytes] = {}
        self.held: dict[str, set[str]] = {}
        self.glass: dict[str, tuple[Operator, str, DraftedBytes]] = {}
        self.sealed: list[str] = []
        self.ledger.drafts.register(RIKU, [], rules(policy=Policy()))

    def teardown(self) -> None:
        breaks = self.ledger.find_breaks()
        self.opened.__exit__(None, None, None)
        self.folder.cleanup()
        assert breaks == []

    def votes_of(self, draft: DraftedBytes) -> set[tuple[str, str, str]]:
        return self.votes.setdefault(draft.report_id, set())

    @rule(who=EVERYBODY, draft=DRAFTS)
    def draft_anew(self, who: Operator, draft: DraftedBytes) -> None:
        try:
            done = self.ledger.drafts.register(who, [draft], None)
        except ShiraseError:
            assert "responder" not in KNOWN.get(who.name, Operator("", ())).roles
            return
        if done.new:
            self.votes[draft.report_id] = set()
            self.authors[draft.report_id] = {who.name}
            self.current[draft.report_id] = draft

    @rule(who=EVERYBODY, draft=DRAFTS, reason=st.sampled_from(["", REASON]))
    def submit(self, who: Operator, draft: DraftedBytes, reason: str) -> None:
        try:
            done = self.ledger.drafts.submit(who, [draft.report_id], reason)
        except ShiraseError:
            return
        if done:
            self.authors[draft.report_id].add(who.name)

    @rule(who=EVERYBODY, role=ROLES, draft=DRAFTS, blocked=st.booleans())
    def approve(self, who: Operator, role: str, draft: DraftedBytes, blocked: bool) -> None:
        obstacles = {draft.report_id: ["blocked"]} if blocked else {}
        try:
            self.ledger.decisions.approve(who, role, [named(draft)], statement="", obstacles=obstacles)
        except ShiraseError:
            return
        assert not blocked
        assert who.name != ROBOT.name
        assert who.name not in self.authors[draft.report_id]
        assert role in KNOWN[who.name].roles
        self.votes_of(draft).add((role, who.name, draft.pdf_digest))

    @rule(who=EVERYBODY, role=ROLES, draft=DRAFTS)
    def ask_to_break_the_glass(self, who: Operator, role: str, draft: DraftedBytes) -> None:
        try:
            asked = self.ledger.decisions.ask_glass(who, role, named(draft), REASON)
        except ShiraseError:
            return
        self.glass[asked] = (who, role, draft)

    @precondition(lambda self: self.glass)
    @rule(who=EVERYBODY, data=st.data())
    def break_the_glass(self, who: Operator, data: st.DataObject) -> None:
        asked = data.draw(st.sampled_from(sorted(self.glass)))
        first, role, draft = self.glass[asked]
        try:
            self.ledger.decisions.break_glass(who, asked, obstacles={})
        except ShiraseError:
            return
        assert first.name != who.name
        assert ROBOT.name not in {first.name, who.name}
        assert not {first.name, who.name} & self.authors[draft.report_id]
        del self.glass[asked]
        self.votes_of(draft).add((role, first.name, draft.pdf_digest))

    @rule(who=EVERYBODY, draft=DRAFTS, back=st.booleans())
    def take_back(self, who: Operator, draft: DraftedBytes, back: bool) -> None:
        try:
            if back:
                self.ledger.decisions.send_back(who, named(draft), REASON)
                self.votes[draft.report_id] = set()
            else:
                self.ledger.decisions.revoke(who, named(draft), REASON)
                self.votes[draft.report_id] = {each for each in self.votes_of(draft) if each[1] != who.name}
        except ShiraseError:
            return

    @rule(who=EVERYBODY, draft=DRAFTS)
    def hold(self, who: Operator, draft: DraftedBytes) -> None:
        try:
            identifier = self.ledger.talk.hold(who, draft.customer_id, REASON, None)
        except ShiraseError:
            return
        self.held.setdefault(draft.customer_id, set()).add(identifier)

    @rule(who=EVERYBODY, draft=DRAFTS)
    def release(self, who: Operator, draft: DraftedBytes) -> None:
        for identifier in sorted(self.held.get(draft.customer_id, ())):
            try:
                self.ledger.talk.release(who, identifier, REASON)
            except ShiraseError:
                continue
            self.held[draft.customer_id].discard(identifier)

    @rule(who=EVERYBODY, draft=DRAFTS, send=st.booleans())
    def seal_or_send(self, who: Operator, draft: DraftedBytes, send: bool) -> None:
        try:
            if send:
                self.ledger.decisions.send(who, named(draft), "mail")
            else:
                self.ledger.decisions.seal(who, named(draft), "0" * 64, obstacles={})
        except ShiraseError:
            return
        assert not self.held.get(draft.customer_id)
        assert self.current[draft.report_id] == draft
        approved = {role for role, _, digest in self.votes_of(draft) if digest == draft.pdf_digest}
        assert {"legal", "comms"} <= approved
        people = {name for _, name, digest in self.votes_of(draft) if digest == draft.pdf_digest}
        assert people
        self.sealed.append(draft.pdf_digest)

    @rule()
    def approve_and_seal_properly(self) -> None:
        """The good way, so that the machine gets that far."""
        for draft in self.current.values():
            for person, role in ((KEIKO, "legal"), (DANA, "comms")):
                self.approve(person, role, draft, blocked=False)
            self.seal_or_send(SORA, draft, send=False)

    @rule(draft=DRAFTS)
    def withdraw(self, draft: DraftedBytes) -> None:
        try:
            self.ledger.decisions.withdraw(ALL, named(draft), REASON)
        except ShiraseError:
            return

    @invariant()
    def what_counts_as_approved_was_approved(self) -> None:
        for draft in self.current.values():
            found = standing(self.ledger, draft)
            assert found.revision.pdf_digest == draft.pdf_digest
            given = {(each.role, each.operator, found.revision.pdf_digest) for each in found.given}
            assert given == self.votes_of(draft)
            if found.state in {"approved", "sealed", "sent"}:
                assert {"legal", "comms"} <= {role for role, _, _ in given}


TestMoves = Moves.TestCase
TestMoves.settings = settings(
    max_examples=30, stateful_step_count=30, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
