"""``shirase bundle``: review without access. A zip goes out with marked copies and a page to decide on.

Every bundle has a code of its own, which its reviewer gets by another way (a telephone). The page signs the decisions
with that code (HMAC-SHA-256, RFC 2104); an answer counts once, for the bytes that were in the bundle, in the name of
its reviewer.
"""

import base64
import hashlib
import hmac
import json
import os
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from pydantic import BaseModel, ConfigDict, ValidationError

from shirase.domain.bilingual import Language
from shirase.domain.errors import GateError, Problem, TamperedError, UsageError
from shirase.domain.review import Operator, State
from shirase.domain.standing import Standing
from shirase.pipeline.answers import Decisions, Imported, Issued, require_of_bundle, take_over
from shirase.pipeline.output import FILE_MODE, FOLDER_MODE, OutputFolder, write_json
from shirase.pipeline.progress import Progress
from shirase.pipeline.review_book import ReviewBook
from shirase.pipeline.revision_store import DATA, PDF, read_revision
from shirase.text.desk_environment import desk_environment

CODE_BYTES = 15
"""120 bits: 24 letters and digits, in six groups, which can be read aloud."""

_DATE = (1980, 1, 1, 0, 0, 0)
"""What zip writes for no date."""


class Answer(BaseModel):
    """The file that comes back: the very text that was signed, and its HMAC in hexadecimal."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    payload: str
    hmac: str


@dataclass(frozen=True, slots=True)
class Tools:
    """How copies are made of the bytes of a report and its data, and who is told how far it is."""

    draft: Callable[[bytes], bytes]
    side_by_side: Callable[[bytes, bytes], bytes]
    progress: Progress


def new_code(token: bytes) -> str:
    """A code from chance, in groups of four letters and digits."""
    letters = base64.b32encode(token[:CODE_BYTES]).decode()
    return "-".join(letters[place : place + 4] for place in range(0, len(letters), 4))


def issue_bundle(standings: Sequence[Standing], operator: Operator, role: str, token: Callable[[], bytes]) -> Issued:
    """A bundle of everything that waits for ``operator`` in that role, with a code of its own.

    Raises:
        UsageError: When there is nothing to decide for that role.
    """
    waiting = [each for each in standings if role in each.missing and each.state == State.IN_REVIEW]
    if not waiting or role not in operator.roles:
        what = f"no report waits for {operator.name} as {role}"
        raise UsageError(Problem(what, "bundle", "`shirase status` shows what waits for whom"))
    reports = tuple((each.report_id, each.revision.pdf_digest, each.revision.data_digest) for each in waiting)
    return Issued(token().hex()[:16], operator.name, role, new_code(token()), reports)


def write_bundle(output: OutputFolder, issued: Issued, to: Path, tools: Tools) -> None:
    """The zip, report by report into a file beside ``to``, which takes its name when it is whole.

    Raises:
        TamperedError: When the bytes of a revision are gone or others.
    """
    part = to.with_name(f"{to.name}.part")
    descriptor = os.open(part, os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, FILE_MODE)
    try:
        with os.fdopen(descriptor, "w+b") as file:
            _write_archive(output, issued, file, tools)
            file.flush()
            os.fsync(file.fileno())
        path = _kept(output, issued.bundle)
        path.parent.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        write_json(path, asdict(issued))
        part.replace(to)
    finally:
        part.unlink(missing_ok=True)


def _write_archive(output: OutputFolder, issued: Issued, file: BinaryIO, tools: Tools) -> None:
    tools.progress.begin("marking copies", len(issued.reports))
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for language in Language:
            _add(archive, f"decide.{language}.html", _page(output.root.name, issued, language).encode())
        for report_id, pdf_digest, data_digest in issued.reports:
            pdf, data = read_revision(output, pdf_digest, PDF), read_revision(output, data_digest, DATA)
            _add(archive, f"reports/{report_id}.draft.pdf", tools.draft(pdf))
            _add(archive, f"reports/{report_id}.review.pdf", tools.side_by_side(pdf, data))
            tools.progress.advance(1, report_id)
    tools.progress.end()


def import_answer(output: OutputFolder, book: ReviewBook, content: bytes, now: datetime) -> Imported:
    """Take the decisions of an answer over, in the name of its reviewer.

    Approvals are all or none. An answer counts once; one that is refused may be sent again, and what was taken over of
    it before is then left as it is.

    Raises:
        TamperedError: When it was not signed with the code of its bundle, or changed since.
        UsageError: When it is no answer, or was taken over before.
        GateError: When it decides on other bytes than those of the bundle.
        NotApprovedError: When the rules of the review refuse a decision.
    """
    decisions, issued = _verified(output, content)
    reviewer = book.reviewer(issued.operator)
    if reviewer is None:
        raise GateError(Problem("may no longer review", issued.operator, "ask the responder"))
    require_of_bundle(issued, decisions)
    kept = _kept(output, issued.bundle)
    used = kept.with_suffix(".used")
    try:
        kept.rename(used)
    except FileNotFoundError as error:
        raise UsageError(
            Problem("this answer was taken over before", issued.bundle, "nothing is to be done")
        ) from error
    try:
        return take_over(book, reviewer, issued, decisions, now)
    except BaseException:
        used.rename(kept)
        raise


def sign(payload: str, code: str) -> str:
    """HMAC-SHA-256 of ``payload`` under ``code``, as the page makes it: hyphens, spaces and case do not matter."""
    key = "".join(character for character in code.upper() if character.isalnum())
    return hmac.new(key.encode(), payload.encode(), hashlib.sha256).hexdigest()


def _verified(output: OutputFolder, content: bytes) -> tuple[Decisions, Issued]:
    try:
        answer = Answer.model_validate_json(content)
        decisions = Decisions.model_validate_json(answer.payload)
    except ValidationError as error:
        raise UsageError(
            Problem("this is no answer to a bundle", "bundle", "ask for the file that was saved")
        ) from error
    issued = _read_issued(output, decisions.bundle)
    if not hmac.compare_digest(sign(answer.payload, issued.code), answer.hmac):
        what = "was not signed with the code of its bundle, or was changed since"
        raise TamperedError(Problem(what, decisions.bundle, "ask its reviewer, by telephone"))
    return decisions, issued


def _read_issued(output: OutputFolder, bundle: str) -> Issued:
    if not bundle.isalnum() or not bundle.isascii():
        raise UsageError(Problem("this is no answer to a bundle", "bundle", "ask for the file that was saved"))
    for path in (_kept(output, bundle), _kept(output, bundle).with_suffix(".used")):
        if path.exists():
            values = json.loads(path.read_bytes())
            return Issued(**{**values, "reports": tuple(tuple(each) for each in values["reports"])})
    raise UsageError(Problem("no such bundle went out from here", bundle, "give the folder of its incident"))


def _page(incident_id: str, issued: Issued, language: Language) -> str:
    template = desk_environment(language).get_template("desk/bundle.html")
    return template.render(incident_id=incident_id, issued=issued)


def _add(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    entry = zipfile.ZipInfo(name, _DATE)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o600 << 16
    archive.writestr(entry, content)


def _kept(output: OutputFolder, bundle: str) -> Path:
    return output.root / "bundles" / f"{bundle}.json"
