"""Which time zone database is used: the one of the pinned ``tzdata`` package, never the machine's."""

import zoneinfo


def use_pinned_zones() -> None:
    """Make :mod:`zoneinfo` forget the machine's zones, for this process and those forked from it.

    Python prefers ``/usr/share/zoneinfo`` to the ``tzdata`` package. Two machines updated on different days would
    then print different local times for the same instant, and an approved report could not be made again. To be
    called first in every process that reads or prints a time.
    """
    zoneinfo.reset_tzpath(())
    zoneinfo.ZoneInfo.clear_cache()
