import os
import subprocess
import sys
from pathlib import Path

import shirase

SCRIPT = """
import zoneinfo
from shirase.text.zones import use_pinned_zones
use_pinned_zones()
print(zoneinfo.TZPATH, zoneinfo.ZoneInfo("Asia/Tokyo").key)
"""


def test_zones_come_from_the_pinned_package() -> None:
    """After the call no folder of the machine is searched, and zones are still found."""
    environment = os.environ | {"PYTHONPATH": str(Path(shirase.__file__).parent.parent)}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], env=environment, capture_output=True, encoding="utf-8", check=True
    )
    assert done.stdout == "() Asia/Tokyo\n"
