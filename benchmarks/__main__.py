"""``./run bench [NAME …]``: run the benchmarks named, or all."""

import sys

from benchmarks import actions, draft, intake, ledger

BENCHMARKS = {"actions": actions.run, "intake": intake.run, "draft": draft.run, "ledger": ledger.run}


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
