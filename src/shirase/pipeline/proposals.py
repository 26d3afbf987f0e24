"""Changes of wording that reviewers propose: a patch that the responder accepts into the case, or not.

Nobody edits a PDF. A proposal is a unified diff of one narrative file with the whole file as context, so that people
read it as a patch and the program can tell whether the file is still the one that was read.
"""

import difflib
import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from shirase.case.narrative_files import FOLDER, check_pair
from shirase.case.written_files import WrittenFile
from shirase.domain.bilingual import Language
from shirase.domain.errors import CaseError, GateError, Problem, UsageError
from shirase.domain.narrative import NARRATIVE_SECTIONS, OPTIONAL_SECTIONS, PLACEHOLDERS
from shirase.domain.phrase import phrase
from shirase.pipeline.output import FOLDER_MODE, OutputFolder, write_whole
from shirase.text.markdown import placeholders_of

_HEAD = ("Proposed-by", "Proposed-at", "Reason", "File", "Base-sha256")


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposed change of one narrative file.

    Attributes:
        id: Number and file, as in the name of the patch.
        path: The file below the case.
        by: Who proposes it.
        at: When, ISO 8601.
        reason: Why.
        base_digest: SHA-256 of the file that was read.
        diff: The change as people read it.
        text: The file as it would become.
    """

    id: str
    path: str
    by: str
    at: str
    reason: str
    base_digest: str
    diff: str
    text: str


@dataclass(frozen=True, slots=True)
class Proposed:
    """What a reviewer wants a narrative file to say, by whom and why."""

    section: str
    language: Language
    text: str
    by: str
    reason: str


def narrative_text(case_folder: Path, section: str, language: Language) -> WrittenFile:
    """The file of ``section`` as it stands.

    Raises:
        UsageError: When there is no such section or file.
    """
    path = f"{FOLDER}/{section}.{language}.md"
    if section not in (*NARRATIVE_SECTIONS, *OPTIONAL_SECTIONS):
        raise UsageError(Problem(phrase("no such section is printed"), path, phrase("see narrative/ of the case")))
    try:
        content = (case_folder / path).read_bytes()
        return WrittenFile(path, content.decode("utf-8-sig"), hashlib.sha256(content).hexdigest())
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(Problem(f"cannot be read: {error}", path, "run `shirase check`")) from error


def propose(output: OutputFolder, case_folder: Path, proposed: Proposed, at: datetime) -> Proposal:
    """Write the patch of a proposed change.

    Raises:
        UsageError: When nothing would change.
        CaseError: When the text may not stand in a narrative. Whether it still fits the other language is looked at
            when it is accepted: both may be proposed one after the other.
    """
    before = narrative_text(case_folder, proposed.section, proposed.language)
    text = proposed.text.replace("\r\n", "\n").strip("\n") + "\n"
    if text.strip() == before.text.replace("\r\n", "\n").strip():
        raise UsageError(
            Problem(phrase("the text is the one that stands there already"), before.path, phrase("change something"))
        )
    alone = WrittenFile(before.path, text, "")
    if problems := check_pair(alone, alone, PLACEHOLDERS | placeholders_of(before.text)):
        raise CaseError(*problems)
    folder = output.root / "proposals"
    folder.mkdir(mode=FOLDER_MODE, exist_ok=True)
    number = 1 + max((int(path.name[:4]) for path in folder.glob("[0-9][0-9][0-9][0-9]-*.patch")), default=0)
    identifier = f"{number:04d}-{proposed.section}.{proposed.language}"
    values = (
        proposed.by,
        at.isoformat(timespec="seconds"),
        " ".join(proposed.reason.split()),
        before.path,
        before.digest,
    )
    head = "".join(f"{name}: {' '.join(value.splitlines())}\n" for name, value in zip(_HEAD, values, strict=True))
    path = folder / f"{identifier}.patch"
    write_whole(path, f"{head}\n{_diff(before.path, before.text, text)}".encode())
    return read_proposal(path)


def read_proposals(output: OutputFolder) -> Iterator[Proposal]:
    """All that wait, the first first."""
    for path in sorted((output.root / "proposals").glob("[0-9][0-9][0-9][0-9]-*.patch")):
        yield read_proposal(path)


def read_proposal(path: Path) -> Proposal:
    """The proposal at ``path``.

    Raises:
        UsageError: When it is none.
    """
    head, _, diff = path.read_text(encoding="utf-8").partition("\n\n")
    values = dict(line.split(": ", 1) for line in head.splitlines() if ": " in line)
    lines = [line for line in diff.split("\n")[3:] if line != r"\ No newline at end of file"]
    text = "\n".join(line[1:] for line in lines if line[:1] in (" ", "+"))
    try:
        by, at, reason, file, base = (values.get(name, "") for name in _HEAD)
        assert re.fullmatch(r"[0-9a-f]{64}", base)
    except AssertionError as error:
        raise UsageError(Problem("this is no proposal", str(path), "remove it")) from error
    return Proposal(path.stem, file, by, at, reason, base, diff, text.rstrip("\n") + "\n")


def accept(output: OutputFolder, case_folder: Path, identifier: str) -> Proposal:
    """Write the proposed text into the case, and move the patch to ``accepted/``.

    The text of the other language is not touched: the check of the case says what it then lacks, and a translation that
    was confirmed counts as stale.

    Raises:
        UsageError: When there is no such proposal.
        GateError: When the file is no longer the one that was read.
    """
    path = _find(output, identifier)
    proposal = read_proposal(path)
    section, language = proposal.path.removeprefix(f"{FOLDER}/").removesuffix(".md").rsplit(".", 1)
    now = narrative_text(case_folder, section, Language(language))
    if now.digest != proposal.base_digest:
        mend = "read both and write it by hand, or ask for the proposal again"
        raise GateError(Problem("the file was changed since this was proposed", proposal.path, mend))
    write_whole(case_folder / proposal.path, proposal.text.encode())
    _put_away(path, "accepted")
    return proposal


def wording_authors(output: OutputFolder, case_files: Mapping[str, str]) -> frozenset[str]:
    """Whose accepted words stand in the case that was drafted.

    Args:
        output: Of the incident.
        case_files: SHA-256 of each file of that case, by its path. A text that somebody has changed since is no longer
            that of who proposed it.
    """
    accepted = (read_proposal(path) for path in sorted((output.root / "proposals" / "accepted").glob("*.patch")))
    return frozenset(
        each.by for each in accepted if case_files.get(each.path) == hashlib.sha256(each.text.encode()).hexdigest()
    )


def decline(output: OutputFolder, identifier: str) -> Proposal:
    """Move a patch to ``declined/``; the case stays as it is.

    Raises:
        UsageError: When there is no such proposal.
    """
    path = _find(output, identifier)
    proposal = read_proposal(path)
    _put_away(path, "declined")
    return proposal


def _find(output: OutputFolder, identifier: str) -> Path:
    for path in (output.root / "proposals").glob("*.patch"):
        if identifier in (path.stem, path.stem.partition("-")[0]):
            return path
    raise UsageError(Problem("no such proposal waits", identifier, "see `shirase proposals list`"))


def _put_away(path: Path, name: str) -> None:
    folder = path.parent / name
    folder.mkdir(mode=FOLDER_MODE, exist_ok=True)
    path.replace(folder / path.name)


def _diff(path: str, before: str, after: str) -> str:
    lines = difflib.unified_diff(
        before.replace("\r\n", "\n").splitlines(), after.splitlines(), f"a/{path}", f"b/{path}", n=10_000, lineterm=""
    )
    return "\n".join(lines) + "\n"
