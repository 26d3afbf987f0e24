"""The ``shirase`` command and its words."""

import typer

from shirase.cli import (
    bounce_commands,
    bundle_commands,
    case_commands,
    circulate_commands,
    claims_commands,
    comment_commands,
    decision_commands,
    delivery_commands,
    encrypt_commands,
    inspect_commands,
    ledger_commands,
    machine_commands,
    preflight_commands,
    recipient_commands,
    rehearsal_commands,
    review_desk_commands,
    run_commands,
    seal_commands,
    send_commands,
    source_commands,
    translate_commands,
)

app = typer.Typer(
    name="shirase",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    help=(
        "From a night's support-tool logs to one bilingual (Japanese/English) PDF report "
        "per affected customer.\n\n"
        "Start with `shirase demo`, or `shirase init CASE` for a case of your own; then `check`, `scope`, `draft`.\n\n"
        "Exit codes: 0 done, 1 fault in shirase, 2 usage, 3 some customers failed, 4 input cannot be used, "
        "5 a gate refused, 6 not approved, 7 something was changed, 8 mails refused, put off or unknown, "
        "130 interrupted (nothing half-written)."
    ),
)
_GROUPS = (
    case_commands, translate_commands, run_commands, source_commands, inspect_commands, claims_commands,
    decision_commands, comment_commands, ledger_commands, review_desk_commands, circulate_commands, bundle_commands,
    seal_commands, encrypt_commands, recipient_commands, send_commands, delivery_commands, bounce_commands,
    preflight_commands, rehearsal_commands, machine_commands,
)  # fmt: skip
for commands in _GROUPS:
    commands.register(app)
