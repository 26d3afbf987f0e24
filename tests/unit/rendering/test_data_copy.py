import hashlib
import json
from datetime import UTC, datetime

import sample_report as sample
from shirase.domain.report import ReportObject
from shirase.rendering.data_copy import data_copy


def test_it_holds_every_row_as_logged() -> None:
    """The data copy has the rows of Annex A in order, with absent values as null and times in UTC."""
    document = json.loads(data_copy(sample.sample_report()).content)
    assert document["format"] == "shirase.report/1"
    assert [action["number"] for action in document["actions"]] == [1, 2, 3, 4, 5, 6, 7]
    assert document["actions"][1] == {
        "number": 2,
        "uid": "0" * 63 + "2",
        "at": "2022-01-16T20:05:01.645000Z",
        "time_as_logged": "2022-01-16T20:05:01.645000+00:00",
        "time_quality": "exact",
        "code": "org.search",
        "native_code": "su.org.search",
        "effect": "search",
        "outcome": "success",
        "tenants": ["takahashi-prod"],
        "objects": [],
        "objects_not_shown": 0,
        "operator": {
            "pseudonym": "SE-07",
            "organisation": {"ja": "シテル社", "en": "Sitel"},
            "job_title": {"ja": "上級サポートエンジニア", "en": "Senior support engineer"},
            "country": "US",
        },
        "source": "superuser",
        "ticket": None,
        "ticket_match": "none",
        "ticket_opened_after_action": False,
        "reason": "login problem",
        "reason_withheld": False,
        "evidence": {"file": 1, "line": 102},
        "flags": [],
        "tenant_basis": "logged",
        "also_seen": [],
    }


def test_its_digest_is_that_of_its_bytes() -> None:
    """The digest is the SHA-256 of the file as written."""
    copy = data_copy(sample.sample_report())
    assert copy.sha256 == hashlib.sha256(copy.content).hexdigest()


def test_hidden_characters_are_escaped_and_kept() -> None:
    """Characters nobody can see are escapes in the file and come back exactly; one action takes one line."""
    text = "a\u202eb\u200b\u2028\x00\x85\ud800\n\u00ad"
    row = sample.sample_action(1, datetime(2022, 1, 17, tzinfo=UTC), objects=(ReportObject(None, None, text),))
    content = data_copy(sample.sample_report(actions=[row])).content
    assert json.loads(content)["actions"][0]["objects"][0]["name"] == text
    assert all(char.isprintable() or char == "\n" for char in content.decode("utf-8"))
    assert len([line for line in content.decode().split("\n") if line.startswith('{"number"')]) == 1


def test_values_are_not_cut() -> None:
    """What the pages cut is whole in the data copy."""
    row = sample.sample_action(1, datetime(2022, 1, 17, tzinfo=UTC), objects=(ReportObject(None, None, "x" * 100_000),))
    document = json.loads(data_copy(sample.sample_report(actions=[row])).content)
    assert document["actions"][0]["objects"][0]["name"] == "x" * 100_000
