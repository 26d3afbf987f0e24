"""However the lines of a log are shared out among files, the same customers are told of the same events."""

import json
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from case_builder import ndjson, record, write_case
from shirase.evidence.store import read_scoped_actions
from shirase.pipeline.progress import Silent
from shirase.pipeline.scope import run_scope

EVENTS = st.lists(
    st.fixed_dictionaries(
        {
            "request_id": st.sampled_from([f"r-{number}" for number in range(8)]),
            "ts": st.sampled_from(
                ["2022-01-15T23:59:59Z", "2022-01-16T00:00:00Z", "2022-01-20T23:59:59.9Z", "2022-01-21T00:00:00Z"]
            ),
            "engineer": st.sampled_from(
                [{"id": "eng-1"}, {"id": "own-1"}, {"id": "ghost"}, {"id": "ghost", "org": "Old Sub"}]
            ),
            "tenants": st.sampled_from([["t-1"], ["t-2"], ["t-1", "t-2"]]),
            "ticket": st.sampled_from(["CS-1", None]),
        }
    ),
    min_size=1,
    max_size=14,
)


def told(files: list[list[dict[str, Any]]]) -> dict[str, list[str]]:
    """For each customer told, what its rows say; and the accounts must balance on the way."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        overrides: dict[str, str | bytes | None] = {"evidence/superuser.ndjson": None}
        overrides |= {f"evidence/{number}.ndjson": ndjson(events) for number, events in enumerate(files)}
        run = run_scope(write_case(folder / "case", **overrides), folder / "out", Silent())
        assert all(account.balances() for account in run.result.accounts)
        assert sum(account.lines_read for account in run.result.accounts) == sum(len(events) for events in files)
        return {
            entry.customer_id: sorted(
                json.dumps(
                    [item.action.primary.native_uid, str(item.action.time), item.action.actor_uid, item.customer_count]
                )
                for item in read_scoped_actions(run.grouped, entry.row_groups)
            )
            for entry in run.result.customers
        }


@settings(deadline=None, max_examples=25)
@given(EVENTS, st.data())
def test_how_a_log_is_cut_into_files_means_nothing(events: list[dict[str, Any]], data: st.DataObject) -> None:
    """One file, or the same lines in any order over three, with one file given twice: the same rows for the same customers."""
    lines = [record(**event) for event in events]
    shuffled = data.draw(st.permutations(lines))
    cuts = sorted(data.draw(st.tuples(*[st.integers(0, len(lines))] * 2)))
    parts = [shuffled[: cuts[0]], shuffled[cuts[0] : cuts[1]], shuffled[cuts[1] :]]
    whole = told([lines])
    assert told(parts) == whole
    assert told([*parts, parts[0]]) == whole


@settings(deadline=None, max_examples=25)
@given(EVENTS)
def test_no_row_is_of_a_tenant_the_customer_does_not_run(events: list[dict[str, Any]]) -> None:
    """A customer is told of an event exactly when one of its tenants stands in the line, in the window, by somebody in scope."""
    expected: dict[str, set[str]] = {}
    for event in events:
        inside = "2022-01-16" <= event["ts"][:10] <= "2022-01-20"
        if inside and event["engineer"]["id"] != "own-1":
            for tenant in event["tenants"]:
                expected.setdefault(tenant.replace("t-", "C-"), set()).add(event["request_id"])
    found = told([[record(**{"objects": [], **event}) for event in events]])
    assert {name: {json.loads(row)[0] for row in rows} for name, rows in found.items()} == expected
