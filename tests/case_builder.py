"""A small valid case folder for tests, any file of it replaceable; and logs in the form its profile reads.

One customer in each language (``C-1`` with tenant ``t-1``, ``C-2`` with ``t-2``), two engineers of the sub-processor
(``eng-1``, ``eng-2``), one of the sender's own (``own-1``), window 16 to 20 January 2022 UTC, and by default one line in
scope for each customer.
"""

import csv
import io
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from shirase.domain.narrative import NARRATIVE_SECTIONS

INCIDENT = """\
id = "EX-2022-01"
title = { ja = "ご報告", en = "Report" }
stage = "initial"
issued_at = 2022-03-25T09:00:00Z
as_of = 2022-03-24T15:00:00Z
next_update_on = 2022-04-01
drafted_in = "ja"
customer_total = 2
reject_limit = 0.5

[window]
start = 2022-01-16
end = 2022-01-20
zone = "UTC"
end_is = "inclusive"

[sender]
name = { ja = "株式会社見本", en = "Example Inc." }
officer_title = { ja = "責任者", en = "CSO" }
officer_name = { ja = "見本 花子", en = "Hanako Mihon" }
address = { ja = "東京都", en = "Tokyo" }

[contact]
desk = { ja = "窓口", en = "Desk" }
email = "desk@sender.example"
phone = "+81-3-0000-0000"
hours = { ja = "平日9時から17時まで", en = "9:00 to 17:00 on weekdays" }

[[organisations]]
id = "sub"
name = { ja = "再委託先株式会社", en = "Sub Ltd." }
in_scope = true
role = { ja = "再委託先", en = "sub-processor" }
aliases = [{ name = "Old Sub" }]

[[organisations]]
id = "own"
name = { ja = "株式会社見本", en = "Example Inc." }
in_scope = false
role = { ja = "当社", en = "the sender" }

[[sources]]
id = "superuser"
kind = "superuser"
name = { ja = "SuperUser", en = "SuperUser" }
profile = "profiles/superuser.toml"
files = ["evidence/*.ndjson"]
"""

TIMELINE = """\
[[entries]]
at = 2022-01-20T23:18:00Z
text = { ja = "検知しました。", en = "Detected." }
"""

PERMISSIONS = """\
[[can]]
text = { ja = "閲覧できます。", en = "View settings." }
action_codes = ["tenant.view"]

[[cannot]]
text = { ja = "利用者を削除できません。", en = "Delete users." }
"""

ACTIONS = """\
[[actions]]
code = "tenant.view"
effect = "view"
label = { ja = "閲覧", en = "Viewed" }
explanation = { ja = "設定を閲覧しました。", en = "Viewed the settings." }

[[actions]]
code = "user.reset"
effect = "reset"
label = { ja = "再設定", en = "Reset" }
explanation = { ja = "パスワードを再設定しました。", en = "Reset a password." }
"""

FACTS = "".join(
    f'[[facts]]\nabout = "{topic}"\nstate = "known"\ntext = {{ ja = "{topic}の内容", en = "Content of {topic.replace("subproc", "sub-proc")}" }}\n'
    for topic in (
        "nature", "discovery", "awareness", "malice", "subprocessor", "financial_harm",
        "data_items", "subject_categories", "record_categories", "special_categories", "protection", "consequences",
        "secondary_harm", "authorities", "publication", "individuals",
    )
) + "".join(f'[[facts]]\nabout = "{topic}"\nstate = "under_investigation"\n' for topic in ("subject_count", "record_count"))  # fmt: skip

CUSTOMERS = """\
customer_id,name_ja,name_en,tenant_ids,domains,languages,time_zone,status,recipients,delivery_policy
C-1,株式会社甲,Kou K.K.,t-1,kou.example,ja;en,Asia/Tokyo,active,a@kou.example,attach
C-2,,Otsu Inc.,t-2,otsu.example,en;ja,America/New_York,active,b@otsu.example,attach
"""

ACTORS = """\
actor_id,pseudonym,organisation,job_title_ja,job_title_en,country,valid_from,valid_to
eng-1,SE-01,sub,担当,Engineer,PH,,
eng-2,SE-02,sub,担当,Engineer,PH,,
own-1,SE-03,own,担当,Engineer,JP,,
"""

PROFILE = """\
format = "ndjson"
not_actions = ["su.session.start"]
known_columns = ["version"]

[fields]
actor_id = ["engineer.id"]
actor_name = ["engineer.name"]
actor_email = ["engineer.email"]
actor_organisation = ["engineer.org"]
action = ["action"]
tenant_ids = ["tenants"]
event_id = ["request_id"]
outcome = ["result"]
ticket_id = ["ticket"]
reason_text = ["reason"]
src_ip = ["ip"]
user_agent = ["ua"]
session_id = ["session"]

[fields.time]
columns = ["ts"]

[fields.target]
each = "objects"
type = ["type"]
id = ["id"]
name = ["name"]
tenant_id = ["tenant"]

[action_codes]
"su.tenant.view" = "tenant.view"
"su.user.reset" = "user.reset"

[outcomes]
OK = "success"
FAILED = "failure"
DENIED = "denied"
"""


def record(request_id: str = "r-1", **values: Any) -> dict[str, Any]:
    """One line of the SuperUser export, in scope for ``C-1`` unless ``values`` say otherwise."""
    plain = {
        "request_id": request_id,
        "ts": "2022-01-18T12:00:00Z",
        "engineer": {"id": "eng-1", "name": "Engineer One", "email": "one@sub.example", "org": "Sub Ltd."},
        "action": "su.tenant.view",
        "tenants": ["t-1"],
        "objects": [{"type": "tenant", "id": "t-1", "name": "Kou", "tenant": "t-1"}],
        "result": "OK",
        "ticket": "00001234",
        "ip": "192.0.2.1",
    }
    return {**plain, **values}


def ndjson(records: Iterable[Mapping[str, Any]]) -> str:
    """``records`` as NDJSON, one a line."""
    return "".join(json.dumps(entry, ensure_ascii=False) + "\n" for entry in records)


def csv_text(header: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A CSV file with a header, quoted where needed, lines ended by CR LF."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue()


EVIDENCE = ndjson(
    [
        record("r-1"),
        record(
            "r-2", ts="2022-01-19T08:30:00Z", tenants=["t-2"], objects=[{"type": "user", "id": "u-9", "tenant": "t-2"}]
        ),
    ]
)

FILES: dict[str, str] = {
    "incident.toml": INCIDENT,
    "timeline.toml": TIMELINE,
    "permissions.toml": PERMISSIONS,
    "actions.toml": ACTIONS,
    "facts.toml": FACTS,
    "customers.csv": CUSTOMERS,
    "actors.csv": ACTORS,
    "profiles/superuser.toml": PROFILE,
    **{f"narrative/{name}.ja.md": f"{name}の本文です。{{{{ your_actions }}}}件。\n" for name in NARRATIVE_SECTIONS},
    **{f"narrative/{name}.en.md": f"Text of {name}: {{{{ your_actions }}}}.\n" for name in NARRATIVE_SECTIONS},
    "evidence/superuser.ndjson": EVIDENCE,
    "canary.key": f"{7:064x}\n",
}
"""Every file of the valid case, by path."""


def write_case(folder: Path, **overrides: str | bytes | None) -> Path:
    """Write the case into ``folder`` and return it.

    ``overrides`` replaces or adds files by path, ``**{"customers.csv": "…"}``; None leaves a file out. Text is written
    as UTF-8, its line ends as they are.
    """
    for path, content in {**FILES, **overrides}.items():
        if content is None:
            continue
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def edited(path: str, old: str, new: str) -> dict[str, str]:
    """The override that replaces ``old`` by ``new`` in the valid file ``path``; ``old`` must be there."""
    assert old in FILES[path], f"{old!r} is not in {path}"
    return {path: FILES[path].replace(old, new)}
