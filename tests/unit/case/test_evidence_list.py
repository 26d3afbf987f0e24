"""Which log belongs to which source, and every file that would be dropped, read twice or taken from elsewhere."""

import os
from pathlib import Path

import pytest

from case_builder import INCIDENT, PROFILE, edited, write_case
from shirase.case.evidence_list import SourceFile, is_match, list_evidence
from shirase.case.folder import read_case
from shirase.domain.errors import CaseError, Problem

IGNORED = """\
[[ignored_files]]
path = "{path}"
reason = "Not a log."
decided_by = "CISO"
decided_at = 2022-03-20T00:00:00Z
"""

SECOND_SOURCE = """
[[sources]]
id = "console"
kind = "mapped"
name = { ja = "コンソール", en = "Console" }
profile = "profiles/console.toml"
files = ["evidence/console/**", "evidence/c.csv"]
"""


def listed(folder: Path) -> tuple[SourceFile, ...]:
    return list_evidence(folder, read_case(folder))


def problems_of(folder: Path) -> tuple[Problem, ...]:
    with pytest.raises(CaseError) as caught:
        listed(folder)
    return caught.value.diagnostics()


def test_every_file_is_listed_with_its_source_in_order_of_path(tmp_path: Path) -> None:
    """Two sources share a folder tree; the list is in order of path, whatever the order in incident.toml."""
    write_case(
        tmp_path,
        **{
            "incident.toml": INCIDENT + SECOND_SOURCE,
            "profiles/console.toml": PROFILE,
            "evidence/console/2022/01/a.log": "",
            "evidence/console/b.log": "",
            "evidence/c.csv": "",
            "evidence/more.ndjson": "",
        },
    )
    assert listed(tmp_path) == (
        SourceFile("console", "evidence/c.csv"),
        SourceFile("console", "evidence/console/2022/01/a.log"),
        SourceFile("console", "evidence/console/b.log"),
        SourceFile("superuser", "evidence/more.ndjson"),
        SourceFile("superuser", "evidence/superuser.ndjson"),
    )


@pytest.mark.parametrize(
    ("path", "pattern", "matches"),
    [
        ("evidence/a.log", "evidence/*", True),
        ("evidence/x/a.log", "evidence/*", False),
        ("evidence/x/a.log", "evidence/*.log", False),
        ("evidence/x/a.log", "evidence/**", True),
        ("evidence/a.log", "evidence/**/*.log", True),
        ("evidence/x/y/a.log", "evidence/**/*.log", True),
        ("evidence/x/y/a.csv", "evidence/**/*.log", False),
        ("evidence/.hidden", "evidence/*", True),
        ("evidence/A.LOG", "evidence/*.log", False),
        ("evidence/a[1].log", "evidence/a[1].log", True),
        ("evidence/a1.log", "evidence/a[0-9].log", True),
        ("evidence/a1.log", "./evidence/a1.log", False),
    ],
)
def test_patterns_mean_the_same_on_every_python(path: str, pattern: str, matches: bool) -> None:
    """One star stays in its folder, two go over folders, letters keep their case, a whole name is itself."""
    assert is_match(path, pattern) is matches


def test_a_file_of_no_source_stops_the_run(tmp_path: Path) -> None:
    """A log that nobody names would be a log silently dropped."""
    (problem,) = problems_of(write_case(tmp_path, **{"evidence/deep/forgotten.csv": "x"}))
    assert problem.where == "evidence/deep/forgotten.csv"
    assert "no source" in problem.what


def test_a_file_may_be_ignored_with_a_reason(tmp_path: Path) -> None:
    """What a person signed off is neither listed nor a problem."""
    write_case(tmp_path, **{"evidence/readme.txt": "x", "decisions.toml": IGNORED.format(path="evidence/readme.txt")})
    assert [entry.path for entry in listed(tmp_path)] == ["evidence/superuser.ndjson"]


@pytest.mark.parametrize(
    ("path", "what"), [("evidence/gone.txt", "there is no file"), ("evidence/superuser.ndjson", "'superuser' reads it")]
)
def test_a_decision_to_ignore_must_have_something_to_ignore(tmp_path: Path, path: str, what: str) -> None:
    """A decision about a file that is not there, or that is read all the same, is a mistake in one of two places."""
    (problem,) = problems_of(write_case(tmp_path, **{"decisions.toml": IGNORED.format(path=path)}))
    assert problem.where == "decisions.toml, ignored_files[1].path"
    assert what in problem.what


def test_a_file_of_two_sources_is_refused(tmp_path: Path) -> None:
    """A file read twice would be counted twice."""
    incident = INCIDENT + SECOND_SOURCE.replace("evidence/c.csv", "evidence/super*").replace(
        "evidence/console/**", "evidence/*"
    )
    (problem,) = problems_of(write_case(tmp_path, **{"incident.toml": incident, "profiles/console.toml": PROFILE}))
    assert problem.where == "evidence/superuser.ndjson"
    assert problem.what == "sources superuser and console both read this file"


@pytest.mark.parametrize("pattern", ["evidence/*.log", "logs/*", "../*.ndjson", "/etc/passwd", "superuser.ndjson"])
def test_a_pattern_that_matches_nothing_is_refused(tmp_path: Path, pattern: str) -> None:
    """An export that did not arrive, or a path that leaves the evidence, is named where it was written."""
    overrides = edited("incident.toml", '"evidence/*.ndjson"', f'"evidence/*.ndjson", "{pattern}"')
    (problem,) = problems_of(write_case(tmp_path, **overrides))
    assert problem.where == "incident.toml, sources[1].files[2]"
    assert problem.what == f"{pattern!r} matches no file"


def test_a_link_out_of_the_case_is_refused(tmp_path: Path) -> None:
    """Evidence that lies elsewhere can change without the case changing."""
    folder = write_case(tmp_path / "case")
    (tmp_path / "elsewhere.ndjson").write_text("{}\n", encoding="utf-8")
    (folder / "evidence/link.ndjson").symlink_to(tmp_path / "elsewhere.ndjson")
    (folder / "evidence/far").symlink_to(tmp_path)
    found = problems_of(folder)
    assert [problem.where for problem in found] == ["evidence/far", "evidence/link.ndjson"]
    assert {problem.what for problem in found} == {"this link leads out of the case folder"}


def test_links_within_the_case_name_files_only(tmp_path: Path) -> None:
    """A link to a file of the case is that file; a link to a folder would list everything in it twice."""
    folder = write_case(tmp_path, **{"evidence/x/one.ndjson": ""})
    (folder / "evidence/link.ndjson").symlink_to(folder / "customers.csv")
    (folder / "evidence/again").symlink_to(folder / "evidence/x")
    (folder / "evidence/gone.ndjson").symlink_to(folder / "nowhere")
    found = {problem.where: problem.what for problem in problems_of(folder)}
    assert found["evidence/again"] == "this is a link to a folder"
    assert found["evidence/gone.ndjson"] == "this file cannot be read: No such file or directory"
    assert "evidence/link.ndjson" not in found


def test_only_files_are_evidence(tmp_path: Path) -> None:
    """A pipe in the folder would be waited for without end."""
    folder = write_case(tmp_path)
    os.mkfifo(folder / "evidence/pipe.ndjson")
    (problem,) = problems_of(folder)
    assert problem == Problem("this is not a file", "evidence/pipe.ndjson", "evidence is read from files only")


@pytest.mark.parametrize("name", [b"a\xff.ndjson", b"a\n.ndjson"], ids=["not UTF-8", "line break"])
def test_names_that_cannot_be_printed_are_refused(tmp_path: Path, name: bytes) -> None:
    """Reports print the paths of their evidence."""
    folder = write_case(tmp_path)
    Path(os.fsdecode(os.fsencode(folder / "evidence") + b"/" + name)).write_bytes(b"")
    (problem,) = problems_of(folder)
    assert problem.where.isascii()
    assert problem.where.isprintable()
    assert problem.mend == "rename the file, and note that you did"


def test_a_case_without_evidence_says_so(tmp_path: Path) -> None:
    """Neither the folder nor any file: both are named."""
    found = problems_of(write_case(tmp_path, **{"evidence/superuser.ndjson": None}))
    assert [problem.where for problem in found] == ["evidence/", "incident.toml, sources[1].files[1]"]
