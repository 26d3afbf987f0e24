"""RingCentral's audit trail as a spreadsheet. Titles of columns are not public: a profile says what they mean."""

from shirase.domain.profile import Profile
from shirase.intake.mapping import ProfileReader
from shirase.intake.sources.adapters.ringcentral_audit import cut_off_remarks
from shirase.intake.sources.contract import FileFacts, Options, Remark
from shirase.intake.sources.table import SourceTable, TableAdapter


class SheetReader(ProfileReader):
    """Reads rows by a profile."""

    def __init__(self, table: SourceTable, options: Options) -> None:
        assert isinstance(options.profile, Profile)
        super().__init__(options.profile, table.sensitive)

    def close(self, file: FileFacts) -> tuple[Remark, ...]:
        """Say when the sheet is probably cut off."""
        return cut_off_remarks(file)


ADAPTER = TableAdapter.load("ringcentral-audit-sheet", SheetReader)
