"""``python -m shirase`` and the ``shirase`` command."""

import atexit
import gc


def main() -> None:
    """Run the command line."""
    # What modules make while they are read stays for good: there is no garbage to look for, then or later.
    gc.disable()
    from shirase.cli.app import app
    from shirase.wiring import begin

    gc.freeze()
    # Libraries look at the end whether what they made is gone, and would say at length that it is not.
    atexit.register(gc.unfreeze)
    gc.enable()
    begin()
    app(prog_name="shirase")


if __name__ == "__main__":
    main()
