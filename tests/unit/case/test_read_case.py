"""The case folder as a whole: what is read, and every class of problem with the file and key it is reported under."""

import hashlib
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from case_builder import ACTORS, CUSTOMERS, FILES, INCIDENT, PROFILE, TIMELINE, edited, write_case
from shirase.case.folder import read_case
from shirase.domain.errors import CaseError, Problem
from shirase.domain.exits import ExitCode
from shirase.domain.narrative import NARRATIVE_SECTIONS

DECISION = """\
[[attributions]]
tenant_id = "t-9"
decision = "customer"
customer_id = "C-1"
reason = "Contract of 2019."
decided_by = "CISO"
decided_at = 2022-03-20T00:00:00Z
"""

NAMED = 'name = { ja = "別社", en = "Another" }\nrole = { ja = "別", en = "another" }\n'


def problems_of(folder: Path) -> tuple[Problem, ...]:
    with pytest.raises(CaseError) as caught:
        read_case(folder)
    assert caught.value.exit_code is ExitCode.INPUT_UNUSABLE
    return caught.value.diagnostics()


def test_a_valid_case_is_read_whole(tmp_path: Path) -> None:
    """Every part of the case arrives, typed."""
    case = read_case(write_case(tmp_path, **{"decisions.toml": DECISION}))
    assert case.incident.id == "EX-2022-01"
    assert case.window.start_at == datetime(2022, 1, 16, tzinfo=UTC)
    assert case.window.end_at == datetime(2022, 1, 20, 23, 59, 59, 999999, tzinfo=UTC)
    assert [organisation.id for organisation in case.organisations.organisations] == ["sub", "own"]
    assert case.customers.owner_of("t-2") == "C-2"
    assert sorted(case.roster.by_id) == ["eng-1", "eng-2", "own-1"]
    assert sorted(case.catalogue.by_code) == ["tenant.view", "user.reset"]
    assert case.permissions.can[0].action_codes == ("tenant.view",)
    assert case.timeline[0].text.en == "Detected."
    assert [section.name for section in case.narrative] == list(NARRATIVE_SECTIONS)
    assert case.decisions.attributions[0].customer_id == "C-1"
    assert list(case.profiles) == ["profiles/superuser.toml"]


def test_decisions_may_be_absent(tmp_path: Path) -> None:
    """A case with nothing to decide needs no decisions.toml."""
    assert read_case(write_case(tmp_path)).decisions.attributions == ()


def test_digests_are_of_the_bytes_people_wrote(tmp_path: Path) -> None:
    """Each file people wrote has the SHA-256 of its bytes, mark and line ends included; evidence has none."""
    customers = b"\xef\xbb\xbf" + CUSTOMERS.replace("\n", "\r\n").encode()
    case = read_case(write_case(tmp_path, **{"customers.csv": customers}))
    assert case.digests["customers.csv"] == hashlib.sha256(customers).hexdigest()
    assert case.digests["incident.toml"] == hashlib.sha256(INCIDENT.encode()).hexdigest()
    assert set(case.digests) == {path for path in FILES if not path.startswith("evidence/")}


def test_a_byte_order_mark_and_crlf_are_tolerated_everywhere(tmp_path: Path) -> None:
    """Editors of other systems write both, and neither changes what a case says."""
    texts = {path: text for path, text in FILES.items() if not path.startswith("evidence/")}
    marked = {path: b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode() for path, text in texts.items()}
    case = read_case(write_case(tmp_path, **marked))
    assert case.customers.by_id["C-2"].name_en == "Otsu Inc."
    assert case.narrative[0].text.en == "Text of introduction: {{ your_actions }}."


def test_all_problems_of_all_files_come_at_once(tmp_path: Path) -> None:
    """One run names everything there is to mend, in every file."""
    found = problems_of(
        write_case(
            tmp_path,
            **edited("incident.toml", 'drafted_in = "ja"', 'drafted_in = "fr"\ncolour = 1'),
            **edited("actors.csv", "PH", "Philippines"),
            **{
                "timeline.toml": "entries = [",
                "permissions.toml": None,
                "customers.csv": CUSTOMERS.replace("Asia/Tokyo", "Tokyo").replace("en;ja", "en"),
                "profiles/superuser.toml": PROFILE.replace('"tenant.view"', '"tenant.look"'),
                "narrative/cause.en.md": "Because of {{ moon }}.",
                "narrative/summary.ja.md": None,
            },
        )
    )
    assert [problem.where for problem in found] == [
        "incident.toml, drafted_in",
        "incident.toml, colour",
        "timeline.toml, line 1",
        "permissions.toml",
        "customers.csv, line 2, time_zone",
        "customers.csv, line 3, languages[2]",
        "actors.csv, line 2, country",
        "actors.csv, line 3, country",
        "narrative/summary.ja.md",
        "narrative/cause.en.md, {{ moon }}",
        "narrative/cause.ja.md and narrative/cause.en.md",
        'profiles/superuser.toml, action_codes."su.tenant.view"',
    ]


@pytest.mark.parametrize(
    ("overrides", "where", "what"),
    [
        pytest.param({"incident.toml": None}, "incident.toml", "missing", id="missing file"),
        pytest.param({"actors.csv": None}, "actors.csv", "missing", id="missing table"),
        pytest.param(
            {"timeline.toml": "[[entries]]\n# \udcff".encode("utf-8", "surrogateescape")},
            "timeline.toml, line 2", "not UTF-8", id="not UTF-8",
        ),
        pytest.param({"decision.toml": DECISION}, "decision.toml", "nothing reads", id="misspelt file"),
        pytest.param({"timeline.toml": "a = = 1\n"}, "timeline.toml, line 1, column 5", "not TOML", id="syntax"),
        pytest.param({"timeline.toml": TIMELINE + "[x\n"}, "timeline.toml, line 4", "not TOML", id="syntax, later line"),
        pytest.param(
            edited("incident.toml", 'stage = "initial"\n', 'stage = "initial"\nstage = "final"\n'),
            "incident.toml, line 4", "twice", id="duplicate key",
        ),
        pytest.param(
            edited("incident.toml", "[contact]\n", "[window]\n"), "incident.toml, line 23", "twice", id="duplicate table"
        ),
        pytest.param(
            edited("incident.toml", "desk = {", "desks = 1\ndesk = {"), "incident.toml, contact.desks", "no such key",
            id="unknown key",
        ),
        pytest.param(
            edited("incident.toml", 'name = { ja = "再委託先株式会社", en = "Sub Ltd." }', 'name = { ja = "再委託先株式会社" }'),
            "incident.toml, organisations[1].name.en", "missing", id="one language missing",
        ),
        pytest.param(
            edited("incident.toml", "customer_total = 2", 'customer_total = "2"'), "incident.toml, customer_total",
            "a number; found '2'", id="number in quotes",
        ),
        pytest.param(
            edited("incident.toml", "in_scope = true", 'in_scope = "yes"'), "incident.toml, organisations[1].in_scope",
            "true or false; found 'yes'", id="yes for true",
        ),
        pytest.param(
            edited("incident.toml", "issued_at = 2022-03-25T09:00:00Z", "issued_at = 20220325"),
            "incident.toml, issued_at", "date or time", id="a number is no time",
        ),
        pytest.param(
            edited("incident.toml", "2022-03-25T09:00:00Z", "2022-03-25T09:00:00"), "incident.toml, issued_at",
            "no offset", id="time without offset",
        ),
        pytest.param(
            edited("incident.toml", "start = 2022-01-16", "start = 2022-01-16T00:00:00"), "incident.toml, window.start",
            "offset", id="window without offset",
        ),
        pytest.param(
            edited("incident.toml", "start = 2022-01-16", 'start = "Sunday"'), "incident.toml, window.start",
            "valid date", id="window without a date",
        ),
        pytest.param(
            edited("incident.toml", 'zone = "UTC"', 'zone = "Mars/Olympus"'), "incident.toml, window", "Mars/Olympus",
            id="unknown zone",
        ),
        pytest.param(
            edited("incident.toml", "[[sources]]", '[[organisations]]\nid = "sub"\nin_scope = true\n' + NAMED + "[[sources]]"),
            "incident.toml, organisations[3].id", "'sub'", id="organisation twice",
        ),
        pytest.param(
            edited("incident.toml", '"Old Sub"', '"EXAMPLE inc."'), "incident.toml, organisations[2]", "means both",
            id="name of two organisations",
        ),
        pytest.param(
            edited("incident.toml", "profiles/superuser.toml", "profiles/other.toml"), "incident.toml, sources[1].profile",
            "no profile 'profiles/other.toml'", id="unknown profile",
        ),
        pytest.param(
            edited("incident.toml", "customer_total = 2", "customer_total = 14000"), "incident.toml, customer_total",
            "14000, but customers.csv lists 2", id="total",
        ),
        pytest.param(
            edited("actions.toml", 'code = "user.reset"', 'code = "tenant.view"'), "actions.toml, actions[2].code",
            "twice", id="code described twice",
        ),
        pytest.param(
            edited("actions.toml", 'code = "user.reset"', 'code = "other"'), "actions.toml, actions[2].code", "reserved",
            id="reserved code",
        ),
        pytest.param(
            edited("actions.toml", 'effect = "reset"', 'effect = "rest"'), "actions.toml, actions[2].effect",
            "'impersonate', 'reset'", id="unknown effect",
        ),
        pytest.param(
            edited("profiles/superuser.toml", '"user.reset"', '"user.gone"'),
            'profiles/superuser.toml, action_codes."su.user.reset"', "'user.gone'", id="profile names unknown code",
        ),
        pytest.param(
            {"profiles/more.toml": PROFILE.replace("ndjson", "xml")}, "profiles/more.toml, format", "'ndjson' or 'csv'",
            id="profile that nobody names",
        ),
        pytest.param(
            edited("permissions.toml", '["tenant.view"]', '["tenant.view", "tenant.burn"]'),
            "permissions.toml, can[1].action_codes", "'tenant.burn'", id="permission names unknown code",
        ),
        pytest.param(
            {"decisions.toml": DECISION.replace("C-1", "C-7")}, "decisions.toml, attributions[1].customer_id", "'C-7'",
            id="decision for unknown customer",
        ),
        pytest.param(
            {"decisions.toml": DECISION.replace("t-9", "t-2")}, "decisions.toml, attributions[1].tenant_id", "'C-2'",
            id="decision against the register",
        ),
        pytest.param(
            {"decisions.toml": DECISION.replace('tenant_id = "t-9"\n', "")}, "decisions.toml, attributions[1]",
            "either a tenant_id or a line_digest", id="decision about nothing",
        ),
        pytest.param(
            edited("actors.csv", "eng-2,SE-02,sub", "eng-2,SE-02,subb"), "actors.csv, line 3, organisation", "'subb'",
            id="unknown organisation",
        ),
        pytest.param(
            edited("timeline.toml", "at = 2022-01-20T23:18:00Z\n", ""), "timeline.toml, entries[1]",
            "either at, or first_day", id="entry without time",
        ),
    ],
)  # fmt: skip
def test_a_problem_names_file_and_key(
    tmp_path: Path, overrides: dict[str, str | bytes | None], where: str, what: str
) -> None:
    """The one thing wrong is reported once, where it stands, in plain words."""
    (problem,) = problems_of(write_case(tmp_path, **overrides))
    assert problem.where.startswith(where)
    assert what in problem.what


def test_no_folder_is_said_plainly(tmp_path: Path) -> None:
    """A mistyped folder is one problem, not a dozen missing files."""
    (problem,) = problems_of(tmp_path / "gone")
    assert problem.where == str(tmp_path / "gone")


def test_two_customers_with_one_report_id_are_refused(tmp_path: Path) -> None:
    """Two customers never share a file name; this pair was found by trying two million ids."""
    first, second = "C-39290", "C-1961400"
    customers = CUSTOMERS.replace("C-1", first).replace("C-2", second)
    (problem,) = problems_of(write_case(tmp_path, **{"customers.csv": customers}))
    assert problem.where == "customers.csv, line 3, customer_id"
    assert problem.what == f"the reports of {first!r} and {second!r} would both be EX-2022-01-MR5W-920Y"


def test_days_and_instants_of_the_window_are_kept_apart(tmp_path: Path) -> None:
    """An instant at midnight stays an instant: it must not grow into the whole day."""
    overrides = edited("incident.toml", "end = 2022-01-20\n", "end = 2022-01-20T00:00:00Z\n")
    case = read_case(write_case(tmp_path, **overrides))
    assert case.incident.window.start == date(2022, 1, 16)
    assert case.window.end_at == datetime(2022, 1, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("ja", "en", "where", "what"),
    [
        pytest.param("甲。", "A {{ your_actions }}.", "cause.ja.md and", "only in English: your_actions", id="values"),
        pytest.param("甲。\n\n乙。", "A.", "cause.ja.md and", "Japanese has 2", id="blocks"),
        pytest.param("{{ sun }}", "{{ sun }}", "cause.ja.md, {{ sun }}", "'sun'", id="unknown value"),
        pytest.param("甲。", "A.\n\n{% if x %}", "cause.en.md, line 3", "'{%'", id="template"),
        pytest.param("甲。", "# A", "cause.en.md, line 1", "heading", id="heading"),
        pytest.param("甲。", " \n", "cause.en.md", "empty", id="empty"),
    ],
)
def test_narratives_say_the_same_in_both_languages(tmp_path: Path, ja: str, en: str, where: str, what: str) -> None:
    """Texts that differ in values or blocks, or hold what no text may, are named with the file."""
    found = problems_of(write_case(tmp_path, **{"narrative/cause.ja.md": ja, "narrative/cause.en.md": en}))
    assert found[0].where.startswith(f"narrative/{where}")
    assert what in found[0].what


def test_a_section_that_nobody_prints_is_refused(tmp_path: Path) -> None:
    """A misnamed section would be written and reviewed, and then left out."""
    (problem,) = problems_of(write_case(tmp_path, **{"narrative/conclusion.en.md": "End."}))
    assert problem.where == "narrative/conclusion.en.md"


def test_a_table_without_rows_is_a_table(tmp_path: Path) -> None:
    """No roster at all is a possible case: every actor is then unknown, and counts."""
    case = read_case(write_case(tmp_path, **{"actors.csv": ACTORS.splitlines()[0] + "\n"}))
    assert case.roster.by_id == {}
