"""``./run bench [--write] [NAME …]``: run the benchmarks named, or all; ``--write`` puts figures into the documents."""

import sys
from functools import partial

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


WRITING = {"engines": partial(engines.run, write=True)}
"""Benchmarks that can put their figures into the documents, doing so."""


def main(arguments: list[str]) -> int:
    """Run those named in ``arguments``; 2 when one does not exist, or has nothing to write."""
    names = [argument for argument in arguments if argument != "--write"]
    write = len(names) < len(arguments)
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        print(f"no benchmark named {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}", file=sys.stderr)
        return 2
    if write and (idle := [name for name in names if name not in WRITING]):
        print(f"{', '.join(idle)} put nothing into documents; --write is for {', '.join(WRITING)}", file=sys.stderr)
        return 2
    runs = BENCHMARKS | WRITING if write else BENCHMARKS
    for name in names or runs:
        print(f"## {name}")
        runs[name]()
        print()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
