"""What a manifest lists after a batch: what counts, and what replaced the rest. Values by hand."""

import hmac

import pytest

from shirase.domain.manifest import Manifest, ReplacedReport, SealedReport, customer_key, is_outdated, next_manifest
from shirase.domain.review import State
from shirase.domain.standing import SealedRevision

SALT = "00" * 32


def report(name: str, revision: int, digest: str) -> SealedReport:
    return SealedReport(name, revision, "k", f"a{digest}", 10, digest, 20, "d", 40)


def manifest(*reports: SealedReport, replaced: tuple[ReplacedReport, ...] = (), is_test: bool = False) -> Manifest:
    return Manifest("INC-1", 1, "2022-03-24T00:00:00Z", SALT, "", is_test, reports, replaced)


def revision(name: str, number: int, state: State, digest: str) -> SealedRevision:
    return SealedRevision(name, number, state, f"a{digest}", "d", digest)


BEGUN = Manifest("INC-1", 2, "2022-03-25T00:00:00Z", SALT, "p", is_test=False, reports=())


def test_a_second_batch_keeps_what_counts() -> None:
    """In the order of report ids, whatever the order of the batches."""
    before = manifest(report("R-2", 1, "two"))
    revisions = [revision("R-1", 1, State.SEALED, "one"), revision("R-2", 1, State.SENT, "two")]
    made = next_manifest(BEGUN, {"R-1": report("R-1", 1, "one")}, before, revisions)
    assert [each.report_id for each in made.reports] == ["R-1", "R-2"]
    assert (made.number, made.previous_digest, made.replaced) == (2, "p", ())


@pytest.mark.parametrize("state", [State.SUPERSEDED, State.SENT])
def test_a_later_revision_replaces_the_earlier(state: State) -> None:
    """Also while the earlier one, which was sent, is what the customer has: the list says that it counts no more."""
    revisions = [revision("R-1", 1, state, "old"), revision("R-1", 2, State.SEALED, "new")]
    made = next_manifest(BEGUN, {"R-1": report("R-1", 2, "new")}, manifest(report("R-1", 1, "old")), revisions)
    assert [each.sealed_digest for each in made.reports] == ["new"]
    assert made.replaced == (ReplacedReport("R-1", 1, "old", "superseded", "new"),)


def test_what_is_withdrawn_is_replaced_by_nothing() -> None:
    """And stays in every later manifest."""
    first = next_manifest(BEGUN, {}, manifest(report("R-1", 1, "one")), [revision("R-1", 1, State.WITHDRAWN, "one")])
    assert first.reports == ()
    assert first.replaced == (ReplacedReport("R-1", 1, "one", "withdrawn", ""),)
    later = next_manifest(BEGUN, {"R-2": report("R-2", 1, "two")}, first, [revision("R-2", 1, State.SEALED, "two")])
    assert later.replaced == first.replaced


def test_what_counts_now_is_named_whatever_came_between() -> None:
    """Of a file replaced twice, the newest; of one that was withdrawn, its successor once there is one; else nothing."""
    twice = (
        ReplacedReport("R-1", 1, "first", "superseded", "second"),
        ReplacedReport("R-2", 1, "bad", "withdrawn", ""),
    )
    before = manifest(report("R-1", 2, "second"), replaced=twice)
    revisions = [revision("R-1", 2, State.SUPERSEDED, "second"), revision("R-1", 3, State.SEALED, "third")]
    made = next_manifest(BEGUN, {"R-1": report("R-1", 3, "third"), "R-2": report("R-2", 2, "good")}, before, revisions)
    assert [(each.sealed_digest, each.state, each.replaced_by) for each in made.replaced] == [
        ("first", "superseded", "third"), ("bad", "withdrawn", "good"), ("second", "superseded", "third"),
    ]  # fmt: skip
    none = next_manifest(BEGUN, {}, made, [revision("R-1", 3, State.WITHDRAWN, "third")])
    assert [(each.sealed_digest, each.replaced_by) for each in none.replaced if each.report_id == "R-1"] == [
        ("first", ""), ("second", ""), ("third", ""),
    ]  # fmt: skip


def test_a_list_is_outdated_when_something_on_it_counts_no_more() -> None:
    """Sealed and sent count; withdrawn and superseded do not."""
    listed = manifest(report("R-1", 1, "one"))
    verdicts = {state: is_outdated(listed, [revision("R-1", 1, state, "one")]) for state in State}
    assert [state for state, outdated in verdicts.items() if not outdated] == [State.SEALED, State.SENT]


def test_what_a_test_key_sealed_marks_the_list() -> None:
    """As long as one of its files counts."""
    test, real = manifest(report("R-1", 1, "one"), is_test=True), {"R-1": report("R-1", 2, "new")}
    kept = next_manifest(BEGUN, {}, test, [revision("R-1", 1, State.SEALED, "one")])
    gone = next_manifest(BEGUN, real, test, [revision("R-1", 1, State.SUPERSEDED, "one")])
    assert (kept.is_test, gone.is_test) == (True, False)


def test_a_customer_finds_itself_by_the_code_on_its_pages() -> None:
    """HMAC-SHA-256 under the salt, as any other library computes it; another code or salt gives another key."""
    expected = hmac.digest(bytes.fromhex("0b" * 20), b"ABCD-1234", "sha256").hex()
    assert customer_key("0b" * 20, "ABCD-1234") == expected
    assert len({expected, customer_key("0b" * 20, "ABCD-1235"), customer_key("0c" * 20, "ABCD-1234")}) == 3
