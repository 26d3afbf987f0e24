"""The JSON Schema of every file of a case, so that an editor completes and checks what people write."""

from collections.abc import Iterator
from typing import Any

from shirase.case.file_models import LIST_COLUMNS, LIST_SEPARATOR, ActionsFile, TimelineFile
from shirase.case.key_descriptions import describe_keys
from shirase.domain.actor import ActorEntry
from shirase.domain.bilingual import CaseModel
from shirase.domain.catalogue import Permissions
from shirase.domain.claims import ClaimsFile
from shirase.domain.completeness import Regime
from shirase.domain.contacts import Account, PhoneContact
from shirase.domain.customer import Customer
from shirase.domain.decisions import Decisions
from shirase.domain.delivery_settings import DeliverySettings
from shirase.domain.glossary import Glossary
from shirase.domain.impact import Inquiry
from shirase.domain.incident import Incident
from shirase.domain.profile import Profile
from shirase.domain.recipients import Recipient
from shirase.domain.self_check import SelfCheck
from shirase.domain.stated import StatedFacts
from shirase.domain.tickets import Ticket

DIALECT = "https://json-schema.org/draft/2020-12/schema"

MODELS: dict[str, type[CaseModel]] = {
    "incident.toml": Incident,
    "timeline.toml": TimelineFile,
    "permissions.toml": Permissions,
    "actions.toml": ActionsFile,
    "facts.toml": StatedFacts,
    "checks.toml": SelfCheck,
    "terms.toml": Glossary,
    "contract.toml": Regime,
    "claims.toml": ClaimsFile,
    "decisions.toml": Decisions,
    "profiles/*.toml": Profile,
    "customers.csv": Customer,
    "actors.csv": ActorEntry,
    "inquiries.csv": Inquiry,
    "tickets.csv": Ticket,
    "accounts.csv": Account,
    "contacts.csv": PhoneContact,
    "recipients.csv": Recipient,
    "delivery.toml": DeliverySettings,
}
"""Model of each file; of the tables, the model of one row."""


def schemas() -> dict[str, dict[str, Any]]:
    """JSON Schema (draft 2020-12) by file name. For a table it describes one row, its lists already divided."""
    return {name: _schema(name, model) for name, model in MODELS.items()}


def written_models() -> tuple[type[CaseModel], ...]:
    """Every model that people write a part of, once."""
    found: dict[type[CaseModel], None] = {}
    for model in MODELS.values():
        found.update(dict.fromkeys(_with_parts(model)))
    return tuple(found)


def _schema(name: str, model: type[CaseModel]) -> dict[str, Any]:
    schema = model.model_json_schema()
    by_name = {part.__name__: part for part in _with_parts(model)}
    parts: dict[str, dict[str, Any]] = {model.__name__: schema, **schema.get("$defs", {})}
    for part_name, part in parts.items():
        if part_name in by_name:
            _describe(part, by_name[part_name])
    if name.endswith(".csv"):
        for column in LIST_COLUMNS & set(schema["properties"]):
            schema["properties"][column]["description"] += f" Written in one cell, with {LIST_SEPARATOR} between them."
    return {"$schema": DIALECT, **schema, "title": name}


def _describe(schema: dict[str, Any], model: type[CaseModel]) -> None:
    schema["description"] = str(schema.get("description", "")).partition("\n\nAttributes:")[0]
    for key, text in describe_keys(model).items():
        schema["properties"][key]["description"] = text


def _with_parts(model: type[CaseModel]) -> Iterator[type[CaseModel]]:
    yield model
    for field in model.model_fields.values():
        for part in _models_in(field.annotation):
            yield from _with_parts(part)


def _models_in(annotation: Any) -> Iterator[type[CaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, CaseModel):
        yield annotation
    for argument in getattr(annotation, "__args__", ()):
        yield from _models_in(argument)
