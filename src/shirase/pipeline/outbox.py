"""Edge: ``mail/``: every mail as it is, or would be, handed to a server, and the plan that names them all."""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from shirase.domain.errors import Problem, TamperedError
from shirase.domain.sending import PlannedMail
from shirase.pipeline.output import FOLDER_MODE, OutputFolder, write_json, write_whole


@dataclass(frozen=True, slots=True)
class Outbox:
    """What lies where in ``mail/``."""

    root: Path

    @classmethod
    def of(cls, output: OutputFolder) -> "Outbox":
        """That of an incident."""
        return cls(output.root / "mail")

    @property
    def plan(self) -> Path:
        """The plan as it was shown."""
        return self.root / "plan.json"

    def mail(self, delivery_id: str) -> Path:
        """One message."""
        return self.root / f"{delivery_id}.eml"

    def sheets(self, report_id: str) -> tuple[Path, Path]:
        """For a customer whom no mail is sent: what to say on the telephone, and the letter for a courier."""
        folder = self.root / "by-hand"
        return folder / f"{report_id}.call.html", folder / f"{report_id}.letter.html"

    def returned(self, digest: str) -> Path:
        """A mail that came back, as it was received."""
        return self.root / "returned" / f"{digest}.eml"

    def proof(self, report_id: str) -> Path:
        """Everything that proves what one customer was sent."""
        return self.root / "proof" / f"{report_id}.zip"

    def make(self) -> None:
        """Create the folders, readable by their owner only."""
        for folder in (self.root, self.root / "by-hand", self.root / "returned"):
            folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)

    def write_mail(self, delivery_id: str, message: bytes) -> None:
        """Keep a message; the same bytes are not written again."""
        path = self.mail(delivery_id)
        if not path.exists() or path.read_bytes() != message:
            write_whole(path, message)

    def read_mail(self, mail: PlannedMail) -> bytes:
        """A message, proved on reading.

        Raises:
            TamperedError: When it is gone, or is another one than the plan names.
        """
        path = self.mail(mail.delivery_id)
        try:
            message = path.read_bytes()
        except FileNotFoundError as error:
            raise TamperedError(Problem("the mail is gone", str(path), "`shirase send` makes it again")) from error
        if hashlib.sha256(message).hexdigest() != mail.mail_digest:
            what = "is not the mail that was planned"
            raise TamperedError(Problem(what, str(path), "`shirase send` makes it again; find out who changed it"))
        return message


@dataclass(frozen=True, slots=True)
class WrittenPlan:
    """The plan of the last dry run.

    Attributes:
        digest: What it is confirmed by.
        list_digest: Of the recipients.
        manifest_digest: Of what is sealed.
        made_at: When.
        mails: All of them.
    """

    digest: str
    list_digest: str
    manifest_digest: str
    made_at: datetime
    mails: tuple[PlannedMail, ...]

    def find(self, delivery_id: str) -> PlannedMail | None:
        """One mail of it."""
        return next((each for each in self.mails if each.delivery_id == delivery_id), None)


def write_plan(outbox: Outbox, plan: WrittenPlan) -> None:
    """Keep the plan."""
    write_json(outbox.plan, {**asdict(plan), "made_at": plan.made_at.isoformat()})


def read_plan(outbox: Outbox) -> WrittenPlan | None:
    """The plan of the last dry run; None when there was none, or it cannot be read any more."""
    try:
        values = json.loads(outbox.plan.read_bytes())
        mails = tuple(PlannedMail(**each) for each in values.pop("mails"))
        return WrittenPlan(mails=mails, made_at=datetime.fromisoformat(values.pop("made_at")), **values)
    except (OSError, ValueError, TypeError, KeyError):
        return None
