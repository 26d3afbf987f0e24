"""``python -m shirase`` and the ``shirase`` command."""


def main() -> None:
    """Run the command line."""
    from shirase.cli.app import app
    from shirase.wiring import begin

    begin()
    app(prog_name="shirase")


if __name__ == "__main__":
    main()
