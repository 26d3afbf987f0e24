"""``./run bench [NAME …]``: run the benchmarks named, or all."""

import sys

from benchmarks import actions, delivery, desk, draft, engines, inspection, intake, ledger, sealing, sources

BENCHMARKS = {
    "actions": actions.run,
    "intake": intake.run,
    "sources": sources.run,
    "draft": draft.run,
    "engines": engines.run,
    "inspection": inspection.run,
    "sealing": sealing.run,
    "delivery": delivery.run,
    "ledger": ledger.run,
    "desk": desk.run,
}


def main(names: list[str]) -> int:
    """Run ``names``; 2 when one does not exist."""
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        print(f"no benchmark named {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}", file=sys.stderr)
        return 2
    for name in names or BENCHMARKS:
        print(f"## {name}")
        BENCHMARKS[name]()
        print()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
