"""Edge: what the logs of each adapter cannot show, ``locales/sources.toml``, edited beside the catalogues."""

import tomllib
from functools import cache

from pydantic import Field, ValidationError

from shirase.domain.bilingual import CaseModel, Paired
from shirase.domain.errors import PlatformError, Problem
from shirase.text.resources import locales_root


class SourceLimits(CaseModel):
    """One table of the file.

    Attributes:
        retention_days: Days for which the vendor keeps the log; None where no figure is published.
        cannot_show: What the export cannot show.
        nested_files: Whether the same events are exported in several cuts, by the hour and by the day.
        serial_ids: Whether the ids of records count up by one, so that missing ones show.
    """

    retention_days: int | None = Field(default=None, ge=1)
    cannot_show: tuple[Paired, ...] = ()
    nested_files: bool = False
    serial_ids: bool = False


@cache
def source_limits() -> dict[str, SourceLimits]:
    """Limits by adapter.

    Raises:
        PlatformError: When the file is missing or broken.
    """
    path = locales_root() / "sources.toml"
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
        return {name: SourceLimits.model_validate(table) for name, table in tables.items()}
    except (OSError, tomllib.TOMLDecodeError, ValidationError) as error:
        raise PlatformError(
            Problem(f"the limits of sources cannot be used: {error}", str(path), "restore it")
        ) from error
