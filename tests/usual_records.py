"""Records of the usual kind, made up: what makes up the bulk of a log, and is read by column."""

import json
from typing import Any

from made_up_exports import JIRA_CLOUD, JIRA_DC, OKTA, ORG_EVENTS, RINGCENTRAL_AUDIT, RTEM

Record = dict[str, Any]

_ROW: Record = {
    "EVENT_TYPE": "URI", "TIMESTAMP": "20220120231804.000", "TIMESTAMP_DERIVED": "2022-01-20T23:18:04.645Z",
    "REQUEST_ID": "R1", "ORGANIZATION_ID": "00D000000000001", "USER_ID": "005000000000009", "USER_NAME": "e@vendor.example",
    "CLIENT_IP": "-", "SOURCE_IP": "192.0.2.8", "URI": "/lightning/r/Case/500000000000077/view", "METHOD_NAME": "GET",
    "RECORD_ID": "500000000000077", "URI_ID_DERIVED": "500000000000077AAA", "REPORT_ID": "00O000000000001",
    "REQUEST_STATUS": "S", "BROWSER_TYPE": "A%2F1+x", "USER_AGENT": "Agent", "SESSION_KEY": "SKEY", "DB_BLOCKS": 7,
}  # fmt: skip
_AS_ANOTHER: Record = {
    **_ROW, "EVENT_TYPE": "LoginAs", "DELEGATED_USER_ID": "005000000000002", "DELEGATED_USER_NAME": "boss@acme.example",
    "TIMESTAMP": "20220120231804.64", "STATUS_CODE": 200,
}  # fmt: skip

_EVENT: Record = {
    "time": 1642720684645, "time_dt": "2022-01-20T23:18:04.645Z", "class_uid": 6003, "activity_id": 2, "status_id": 1,
    "api": {"operation": "GetObject", "service": {"name": "s3"}}, "type_name": "API Activity: Read",
    "actor": {
        "user": {"uid": "u1", "name": "U", "email_addr": "u@vendor.example", "org": {"name": "Vendor"}},
        "session": {"uid": "s1", "credential_uid": "secret"},
    },
    "metadata": {"uid": "m1", "original_event_uid": "o1", "version": "1.1.0", "correlation_uid": "c1"},
    "src_endpoint": {"ip": "192.0.2.3"}, "http_request": {"user_agent": "Agent"}, "message": "words",
    "resources": [
        {"uid": "k1", "type": "object", "name": "K", "owner": {"org": {"uid": "t1", "name": "Acme"}}}, {"uid": "k2"},
    ],
}  # fmt: skip

_LISTED = {"totalSize": 1, "Records": [{"entityType": "Case", "ids": ["500000000000077"]}, {"Id": "001000000000001"}]}
_STORED: Record = {
    "EventIdentifier": "e-3", "EventDate": "2022-01-20T23:18:04.645+0000", "UserId": "005000000000009",
    "Username": "e@vendor.example", "attributes": {"type": "ReportEvent"}, "QueriedEntities": "Account, Case",
    "Operation": "ReportExported", "PolicyOutcome": "Block", "SourceIp": "192.0.2.8", "Browser": "Agent",
    "SessionKey": "abc", "Query": "SELECT", "TargetUrl": "/001000000000001",
}  # fmt: skip


def _with_attributes(record: Record, **changed: Any) -> Record:
    return {**record, "attributes": {**record["attributes"], **changed}}


USUAL: dict[str, list[Record]] = {
    # What support staff do is read record by record; the bulk of such a log is something else.
    "okta-system-log": [
        {**OKTA[2], "eventType": "user.session.start"},
        {name.lower(): value for name, value in OKTA[2].items()} | {"eventtype": "user.session.start"},
    ],
    "jira-cloud": [
        {**JIRA_CLOUD[0], "changedValues": [], "created": "2022-01-20T23:18:04.645Z"},
        {**JIRA_CLOUD[0], "changedValues": None, "associatedItems": None, "authorAccountId": None, "authorKey": "e"},
        {**JIRA_CLOUD[1], "objectItem": {"name": "SUP-17 and SUP-18"}},
    ],
    "jira-dc-rest": [
        {**JIRA_DC[0], "author": {"id": "-2", "name": "Anonymous"}, "affectedObjects": JIRA_DC[0]["affectedObjects"] * 2},
        {**JIRA_DC[0], "changedValues": None, "source": "unknown"},
    ],
    "atlassian-org-events": [
        _with_attributes(ORG_EVENTS[0], action="user_added_to_group"),
        _with_attributes(ORG_EVENTS[0], action="x", container=[], context=[{"id": "u"}, {"attributes": {"name": "N"}}]),
    ],
    "ringcentral-audit": [
        {**RINGCENTRAL_AUDIT[0], "target": None},
        {**RINGCENTRAL_AUDIT[0], "eventType": None, "details": {"parameters": [{"key": "PIN"}, {"key": None}]}},
    ],
    "salesforce-elf": [
        _ROW,
        _AS_ANOTHER,
        {name.lower(): value for name, value in _ROW.items()},
        {name.lower(): value for name, value in _AS_ANOTHER.items()},
        {name.title(): value for name, value in _ROW.items()},
        {"EVENT_TYPE": "Login", "TIMESTAMP": "20220120231804", "USER_ID": "005000000000009", "USER_AGENT": "Agent"},
    ],
    "salesforce-rtem": [
        _STORED,
        {**_STORED, "DelegatedUserId": "005000000000001", "DelegatedUsername": "boss@acme.example"},
        {**_STORED, "Records": _LISTED},
        {"channel": "/event/ReportEventStream", "data": {"payload": {**_STORED, "Records": json.dumps(_LISTED)}}},
        RTEM[0],
    ],
    "ocsf": [
        _EVENT,
        {**_EVENT, "api": {}, "resources": []},
        {**_EVENT, "api": None, "metadata": {"event_code": "4624"}, "activity_id": 99, "resources": None},
        {**_EVENT, "class_uid": "6003", "time_dt": None},
        {**_EVENT, "api": None, "activity_id": None, "activity_name": "Read"},
    ],
}  # fmt: skip
"""By adapter, the most usual one first."""
