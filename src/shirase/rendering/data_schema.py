"""JSON Schema of the data copy, for those who read it with programs."""

from typing import Any

from shirase.domain.action import Basis, Effect, Outcome, TimeQuality
from shirase.domain.impact import Impact
from shirase.domain.incident import Stage
from shirase.domain.sighting import LinkKind
from shirase.domain.tickets import TicketMatch
from shirase.rendering.data_copy import FORMAT

DATA_COPY = "data-copy.json"
"""The name under which ``shirase schema`` prints it."""

Schema = dict[str, Any]


def data_copy_schema() -> Schema:
    """JSON Schema (draft 2020-12) of ``reports/<report id>.json``.

    Every field is always there; other fields may join under the same format, so unknown ones are to be passed over.
    """
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": DATA_COPY,
        **_object(
            "The facts and rows of one report.",
            format={"const": FORMAT, "description": "Name and version of this format."},
            report_id=_text("Identifier of the report, printed on every page."),
            document_code=_text("The code on every page of this report, and of no other."),
            version=_number("Version of the report, from 1."),
            impact=_one_of("What the report says of the customer.", Impact),
            supersedes=_or_null(_supersession()),
            incident=_incident(),
            customer=_customer(),
            window=_window(),
            counts=_counts(),
            method=_method(),
            coverage=_list("How far the log of each source reaches.", _coverage()),
            kinds=_by_key("Kinds of action that occur, by action code.", _kind()),
            undescribed=_list("Native codes that nobody has described yet.", _text("A code as logged.")),
            evidence_files=_list("The files of Annex B; E1 is the first.", _evidence_file()),
            actions=_list("One object a row of Annex A, in the same order.", _action()),
        ),
    }


def _incident() -> Schema:
    return _object(
        "The incident and the state of the report.",
        id=_text("Identifier of the incident."),
        title=_paired("Title of the report."),
        stage=_one_of("Which report this is.", Stage),
        exercise={"type": "boolean", "description": "Whether everything here is invented, for a drill."},
        issued_at=_instant("When the report was issued."),
        as_of=_instant("State of knowledge."),
        next_update_on={"type": "string", "format": "date", "description": "Day of the next update."},
    )


def _customer() -> Schema:
    tenant = _object(
        "One tenant.", id=_text("The tenant, as the logs name it."), actions=_number("Actions on it."),
    )  # fmt: skip
    return _object(
        "Whose report it is.",
        id=_text("The sender's key for the customer."),
        name_ja=_text("Registered name in Japanese; may be empty."),
        name_en=_text("Registered name in English; may be empty."),
        tenants=_list("Tenants with actions.", tenant),
    )


def _window() -> Schema:
    return _object(
        "The time examined; both ends belong to it.",
        start_at=_instant("First instant."),
        end_at=_instant("Last instant."),
        zone=_text("IANA zone in which days were meant."),
    )


def _counts() -> Schema:
    return _object(
        "The figures of the report.",
        actions=_number("Rows."),
        without_ticket=_number("Rows without a support ticket."),
        not_successful=_number("Rows that failed or were denied."),
        shared_with_others=_number("Rows that touched other customers too."),
        confirmed=_number("Rows that the investigation attributes to the threat actor."),
        operators=_number("People who acted."),
        possibly_same=_number("How many rows may be another row, seen in another tool."),
        by_effect=_by_key("Rows by effect.", _number("Rows.")),
        by_code=_by_key("Rows by action code.", _number("Rows.")),
        by_day=_by_key("Rows by UTC day, every day of the window.", _number("Rows.")),
        by_ticket=_by_key("Rows by what the register says of the ticket.", _number("Rows.")),
    )


def _method() -> Schema:
    return _object(
        "What became of every log entry that was read, all customers together.",
        lines_read=_number("Entries read; the sum of the seven below."),
        in_scope=_number("Reported to the customers concerned."),
        outside_window=_number("Outside the time examined."),
        other_organisation=_number("By people of organisations not in scope."),
        duplicate=_number("Repeats of an entry already counted."),
        not_an_action=_number("Records of the tool itself."),
        quarantined=_number("Unusable."),
        unattributed=_number("Belonging to no customer, confirmed by a person."),
        customers_affected=_number("Customers in scope."),
        customers_total=_number("All customers."),
        tenants_affected=_number("Tenants in scope."),
    )


def _supersession() -> Schema:
    return _object(
        "What this version replaces; null in version 1.",
        version=_number("Version replaced."),
        issued_at=_instant("When that was issued."),
        impact=_or_null({"type": "string", "description": "What it said of the customer; null when it told nothing."}),
        actions=_or_null(_number("Rows it had; null when it told nothing.")),
        added=_list("Actions not in it, by their identifiers.", _text("An action.")),
        removed=_list("Actions in it and no longer here.", _text("An action.")),
    )


def _coverage() -> Schema:
    return _object(
        "One source.",
        source=_text("Identifier of the source."),
        name=_paired("Name of the tool."),
        files=_number("Files."),
        lines=_number("Log entries read."),
        first_at=_or_null(_instant("Earliest entry.")),
        last_at=_or_null(_instant("Latest entry.")),
        silent_days=_list("UTC days of the window without any entry.", _text("A day.")),
        retained_until=_text_or_null("Last day on which the log of the first day examined was still kept."),
        clock_offset_us=_or_null(
            {"type": "integer", "description": "Microseconds by which its clock is ahead of the primary source."}
        ),
        missing_ids=_list(
            "Numbers missing between the ids of its records, where those count up.",
            _list("From and to.", _number("A number.")),
        ),
        cannot_show=_list("What the log cannot show.", _paired("One thing.")),
    )


def _kind() -> Schema:
    return _object(
        "A kind of action.",
        effect=_one_of("What it does to the object.", Effect),
        label=_paired("A few words."),
        explanation=_paired("What it means."),
    )


def _evidence_file() -> Schema:
    return _object(
        "A log file.",
        path=_text("Where it lay."),
        sha256={"type": "string", "pattern": "^[0-9a-f]{64}$", "description": "Its digest."},
    )


def _action() -> Schema:
    return _object(
        "One action.",
        number=_number("Number of the row."),
        uid=_text("Identifier of the action, the same in every report that tells it."),
        at=_instant("When it took place."),
        time_as_logged=_text("The time exactly as logged."),
        time_quality=_one_of("How far the time can be trusted.", TimeQuality),
        code=_text("Action code; a key of kinds, or `other`."),
        native_code=_text("The source's own code."),
        effect=_one_of("What it does to the object.", Effect),
        outcome=_one_of("Whether it took place.", Outcome),
        tenants=_list("Tenants of this customer that it touched.", _text("A tenant.")),
        objects=_list("What it acted on.", _acted_on()),
        objects_not_shown=_number("Objects of other customers that were left out."),
        operator=_operator(),
        source=_text("The system that logged it."),
        ticket=_text_or_null("Support ticket named as the reason."),
        ticket_match=_one_of("What the register of tickets says of it.", TicketMatch),
        ticket_opened_after_action={"type": "boolean", "description": "Whether it was opened after the action."},
        reason=_text_or_null("Reason in free words, as logged."),
        reason_withheld={"type": "boolean", "description": "Whether a reason is left out: it names another's ticket."},
        evidence=_object(
            "The log entry it comes from.",
            file=_number("Place of the file in evidence_files, from 1."),
            line=_number("First line of the entry, from 1."),
        ),
        flags=_list("What else is to be known about the row.", _text("A flag.")),
        tenant_basis=_one_of("How it is known that the action concerns this customer.", Basis),
        also_seen=_list("Other log entries of the same event, and of what it brought about.", _also_seen()),
    )


def _also_seen() -> Schema:
    return _object(
        "A log entry that hangs together with the action.",
        kind=_one_of("Copies and matches are the same event; the others are what their names say.", LinkKind),
        source=_text("Its tool."),
        file=_number("Place of the file in evidence_files, from 1."),
        line=_number("Line of the entry, from 1."),
    )


def _acted_on() -> Schema:
    return _object(
        "An object; what the log does not say is null.",
        type=_text_or_null("Kind of object."),
        id=_text_or_null("Its identifier."),
        name=_text_or_null("Its name."),
    )


def _operator() -> Schema:
    return _object(
        "Who acted.",
        pseudonym=_text("Stands for one person, in all rows and reports."),
        organisation=_or_null(_paired("Employer; null when not known.")),
        job_title=_or_null(_paired("Job title; null when not known.")),
        country=_text_or_null("Country of work, ISO 3166-1 alpha-2."),
    )


def _object(description: str, **properties: Schema) -> Schema:
    return {"type": "object", "description": description, "properties": properties, "required": list(properties)}


def _paired(description: str) -> Schema:
    return _object(description, ja=_text("In Japanese."), en=_text("In English."))


def _list(description: str, items: Schema) -> Schema:
    return {"type": "array", "description": description, "items": items}


def _by_key(description: str, values: Schema) -> Schema:
    return {"type": "object", "description": description, "additionalProperties": values}


def _text(description: str) -> Schema:
    return {"type": "string", "description": description}


def _text_or_null(description: str) -> Schema:
    return _or_null(_text(description))


def _or_null(schema: Schema) -> Schema:
    return {**schema, "type": [schema["type"], "null"]}


def _number(description: str) -> Schema:
    return {"type": "integer", "minimum": 0, "description": description}


def _instant(description: str) -> Schema:
    return {"type": "string", "format": "date-time", "pattern": "Z$", "description": f"{description} UTC."}


def _one_of(description: str, values: Any) -> Schema:
    return {"enum": [value.value for value in values], "description": description}
