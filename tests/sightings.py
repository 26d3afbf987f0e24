"""Sightings for tests: one engineer, one tenant, one action, unless said otherwise."""

from shirase.domain.sighting import Sighting

SECOND = 1_000_000


def sighting(line: int, source: str = "superuser", at: float = 0.0, **changes: object) -> Sighting:
    """A line of ``source`` at ``at`` seconds; a source whose name begins with "splunk" carries those of superuser."""
    values: dict[str, object] = {
        "path": f"evidence/{source}.ndjson",
        "line": line,
        "source_id": source,
        "rank": {"superuser": 0, "console": 1, "splunk-2": 3}.get(source, 2),
        "via": source.startswith("splunk"),
        "uid": None,
        "origin": "mapped:superuser" if source in ("superuser", "splunk", "splunk-2") else source,
        "content": f"{source}-{line}",
        "time_us": round(at * SECOND),
        "tolerance_us": 2 * SECOND,
        "actor": "eng-1",
        "organisation": None,
        "tenants": ("t-1",),
        "code": "user.view",
        **changes,
    }
    return Sighting(**values)  # type: ignore[arg-type]
