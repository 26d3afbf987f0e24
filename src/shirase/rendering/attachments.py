"""The data copy inside the PDF: associated files by PDF/A-3, the same rows once for programs and once for tables."""

from dataclasses import dataclass
from datetime import UTC

from weasyprint import Attachment

from shirase.domain.customer import DataCopyPolicy
from shirase.domain.report import Report
from shirase.rendering.data_copy import data_copy
from shirase.rendering.data_csv import data_csv
from shirase.rendering.fetcher import NoFetch
from shirase.text.environment import environment_for

RELATIONSHIP = "Data"
"""AFRelationship (ISO 19005-3, annex E): data from which a table is drawn; ``Source`` would claim the whole PDF was."""


@dataclass(frozen=True, slots=True)
class DataFiles:
    """The data of a report as files.

    Attributes:
        json: The data copy.
        csv: The same rows as a table; None when the customer wants no data.
        embedded: Whether both go into the PDF as well.
    """

    json: bytes
    csv: bytes | None
    embedded: bool


def data_files(report: Report) -> DataFiles:
    """The data of ``report``, as far as its customer wants it. A preview holds no data: it is not the whole report."""
    policy = report.customer.data_copy
    return DataFiles(
        json=data_copy(report).content,
        csv=None if policy is DataCopyPolicy.NONE else data_csv(report),
        embedded=policy is DataCopyPolicy.EMBED and report.preview_rows is None,
    )


def attachments(report: Report, files: DataFiles) -> list[Attachment]:
    """``files`` as attachments of the PDF, by name; none when they do not go inside. Their dates are the report's."""
    if not files.embedded or files.csv is None:
        return []
    issued_at = report.batch.incident.issued_at.astimezone(UTC)
    template = environment_for(report.customer.languages[0]).get_template("report/attachment.html")
    return [
        Attachment(
            string=content,
            name=f"{report.report_id}.{kind}",
            description=template.render(kind=kind, report=report),
            created=issued_at,
            modified=issued_at,
            relationship=RELATIONSHIP,
            url_fetcher=NoFetch(),
        )
        for kind, content in (("csv", files.csv), ("json", files.json))
    ]
