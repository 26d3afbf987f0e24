"""What each key of a case means, for those keys whose model does not say so itself."""

import inspect
import re

from shirase.domain.bilingual import CaseModel

_ATTRIBUTE = re.compile(r"^ {4}(\w+): (.+(?:\n {8}.+)*)", re.MULTILINE)


def describe_keys(model: type[CaseModel]) -> dict[str, str]:
    """Description by key: from the ``Attributes`` of the model's docstring, its fields, or the table below."""
    _, _, attributes = (inspect.getdoc(model) or "").partition("Attributes:\n")
    said = {name: " ".join(text.split()) for name, text in _ATTRIBUTE.findall(attributes)}
    said.update((name, field.description) for name, field in model.model_fields.items() if field.description)
    return {**_DESCRIPTIONS.get(model.__name__, {}), **said}


_WINDOW = {
    "start": "First day, or first instant with its offset. A day begins at midnight in the zone.",
    "end": "Last day, or last instant with its offset. It belongs to the window; a day lasts until its midnight.",
    "zone": "IANA time zone in which days are meant, for example UTC or Asia/Tokyo.",
}

_DESCRIPTIONS: dict[str, dict[str, str]] = {
    "Incident": {
        "title": "Title of the report.",
        "stage": "Which report this is: initial, update or final.",
        "issued_at": "When the reports are issued; printed on every one. No report reads the clock.",
        "as_of": "State of knowledge the reports describe.",
        "next_update_on": "Day on which customers will hear again.",
        "drafted_in": "Language the texts were written in first; the other is its translation.",
        "window": "The time examined.",
        "confirmed": "What the investigation established; absent as long as nothing is.",
        "supersedes": "The version that these reports replace; from version 2 on.",
        "review": "Who has to approve, and from when deadlines run.",
        "sender": "Who sends the reports.",
        "contact": "Where a customer can ask.",
        "organisations": "Employers of support staff: those in scope, and those known not to be.",
        "sources": "Systems that logged something, and the files exported from them.",
    },
    "WindowSection": _WINDOW,
    "ConfirmedSection": _WINDOW,
    "Sender": {
        "name": "Registered name of the sender.",
        "officer_title": "Title of the officer who answers for the report.",
        "officer_name": "Name of that officer.",
        "address": "Postal address of the sender.",
    },
    "Contact": {
        "desk": "Name of the desk that answers.",
        "email": "Its mail address.",
        "phone": "Its telephone number, with the country code.",
        "hours": "When it answers, with the time zone.",
    },
    "Alias": {
        "name": "A name as the logs write it. Width, case and spacing do not matter.",
        "valid_from": "First day (UTC) on which the name meant this organisation; always so far when absent.",
        "valid_to": "Last day (UTC) on which it did; still so when absent.",
    },
    "TimelineEntry": {
        "at": "An instant, with its offset.",
        "first_day": "First day (UTC) of a range, instead of an instant.",
        "last_day": "Last day (UTC) of the range, included.",
        "text": "What happened.",
    },
    "ActionKind": {
        "code": "The code that profiles and permissions use.",
        "effect": "What the action does to the object; the weightiest that applies.",
        "label": "A few words, printed in tables.",
        "explanation": "What it means to a reader who has never seen the tool.",
    },
    "Permissions": {
        "can": "What the support tool can do.",
        "cannot": "What it cannot do.",
    },
    "Permission": {
        "text": "One sentence.",
        "action_codes": "Codes of actions.toml that the sentence speaks of.",
    },
    "Decisions": {
        "attributions": "To whom lines belong that no rule could attribute.",
        "resolutions": "Whom records concern that say something from which only a person knows the customer.",
        "ignored_files": "Files under evidence/ that are on purpose read by no source.",
        "wording": "Sentences that stay although the wording lint objects to them.",
        "leaks": "Words that stay although the leak gate takes them for those of another customer.",
    },
    "IgnoredFile": {
        "path": "The file, from evidence/ on.",
        "reason": "Why it is no evidence of this incident.",
        "decided_by": "Who signed it off.",
        "decided_at": "When, with the offset.",
    },
    "TargetFields": {
        "each": "Path to a list of objects; the other paths then start at each of them.",
        "type": "Kind of object.",
        "id": "Its identifier.",
        "name": "Its name.",
        "tenant_id": "The tenant it belongs to, where the log says so. Objects of other customers are left out.",
    },
    "Fields": {
        "time": "When the action took place. Required of every record.",
        "actor_id": "Identity of who acted; the actor_id of actors.csv. Required of every record.",
        "action": "The source's own code of the action. Required of every record.",
        "tenant_ids": "Tenants the action touched: a list, or one text with list_separator between them.",
        "event_id": "The source's own id of the event, by which repeats are recognised.",
        "actor_name": "Name of who acted, as logged.",
        "actor_email": "Mail address of who acted, as logged.",
        "actor_organisation": "Employer of who acted, as logged.",
        "outcome": "Whether the action took place; words are translated by [outcomes].",
        "target": "The objects acted on.",
        "acting_as": "Whom the actor impersonated.",
        "reason_type": "Kind of reason logged.",
        "reason_text": "Reason in free words, as logged.",
        "ticket_id": "Support ticket named as the reason.",
        "src_ip": "Network address the action came from.",
        "user_agent": "Program the action came from.",
        "session_id": "Session of the actor.",
        "transaction_id": "What ties several records of one action together.",
    },
}
