"""A second kind of log, the System Log of a tenant, goes through the same job by a mapping profile alone."""

from pathlib import Path

from shirase.domain.disposition import Disposition
from shirase.evidence.store import read_decisions, read_scoped_actions
from shirase.pipeline.progress import Silent
from shirase.pipeline.scope import require_signed_off, run_scope

CASE = Path(__file__).parents[1] / "fixtures" / "okta_case"


def test_every_event_is_decided_as_a_person_would(tmp_path: Path) -> None:
    """Line by line: grants and sign-ins are no actions, the customer's own people are not in scope, the rest is told."""
    run = run_scope(CASE, tmp_path, Silent())
    require_signed_off(run)
    found = {(line.path[9], line.line): (line.disposition, line.rule) for line in read_decisions(run.output.actions)}
    assert found == {
        ("a", 1): ("not_an_action", "listed_as_no_action"),
        ("a", 2): ("in_scope", "organisation_by_roster"),
        ("a", 3): ("in_scope", "organisation_unknown"),
        ("a", 4): ("in_scope", "organisation_by_roster"),
        ("a", 5): ("other_organisation", "organisation_not_in_scope"),
        ("a", 6): ("not_an_action", "listed_as_no_action"),
        ("a", 7): ("duplicate", "same_event_again"),
        ("a", 8): ("quarantined", "unusable_line"),
        ("a", 9): ("quarantined", "unusable_line"),
        ("a", 10): ("outside_window", "after_window"),
        ("a", 11): ("in_scope", "organisation_by_roster"),
        ("h", 1): ("in_scope", "organisation_by_roster"),
        ("h", 2): ("in_scope", "organisation_by_roster"),
        ("h", 3): ("outside_window", "before_window"),
    }


def test_the_accounts_balance_per_tenant_log(tmp_path: Path) -> None:
    """Each export has its own account, and each adds up to its own lines."""
    accounts = {account.source_id: account for account in run_scope(CASE, tmp_path, Silent()).result.accounts}
    assert {name: account.lines_read for name, account in accounts.items()} == {
        "system-log-aozora": 11,
        "system-log-harbor": 3,
    }
    assert all(account.balances() for account in accounts.values())
    assert accounts["system-log-aozora"].count(Disposition.QUARANTINED) == 2


def test_actions_carry_what_the_events_say(tmp_path: Path) -> None:
    """Target, outcome, address and tenant of an event are those of the record, with placeholders read as nothing."""
    run = run_scope(CASE, tmp_path, Silent())
    rows = {entry.customer_id: read_scoped_actions(run.grouped, entry.row_groups) for entry in run.result.customers}
    reset = rows["C-1"][1].action
    assert (reset.action_code, reset.src_ip, reset.src_text, reset.transaction_uid) == (
        "user.password_reset",
        None,
        None,
        None,
    )
    assert [(target.type, target.name) for target in reset.targets] == [("User", "tanaka@aozora.example")]
    assert reset.tenant_ids == ("aozora",)
    assert [(item.action.outcome.value, item.action.primary.native_uid) for item in rows["C-2"]] == [
        ("denied", "h1"),
        ("unknown", "h2"),
    ]
