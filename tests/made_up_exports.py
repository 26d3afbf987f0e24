"""Small exports in the shape of each source, made up for these tests. Nobody and nothing in them exists."""

import io
import json
import zipfile
from typing import Any

from openpyxl import Workbook

from shirase.domain.profile import Fields, Profile, RecordFormat, TimeField
from shirase.intake.sources.contract import Options

Records = list[dict[str, Any]]


def lines(records: Records) -> bytes:
    """One object a line."""
    return b"".join(json.dumps(record).encode() + b"\n" for record in records)


def array(records: Records, indent: int | None = None) -> bytes:
    """One array."""
    return json.dumps(records, indent=indent).encode()


def page(key: str, records: Records, **beside: Any) -> bytes:
    """One envelope."""
    return json.dumps({**beside, key: records}).encode()


OKTA: Records = [
    {
        "uuid": "u-1",
        "published": "2022-01-20T23:18:04.645Z",
        "eventType": "support.org.view",
        "legacyEventType": None,
        "displayMessage": "View",
        "severity": "INFO",
        "version": "0",
        "actor": {"id": "00s1", "type": "SystemPrincipal", "alternateId": "unknown", "displayName": "Support"},
        "client": {"ipAddress": "null", "zone": "null", "userAgent": {"rawUserAgent": "Agent/1.0"}},
        "outcome": {"result": "SUCCESS", "reason": None},
        "target": [{"id": "00u9", "type": "User", "alternateId": "k@example.com", "displayName": "K"}],
        "transaction": {"id": "t-1", "type": "WEB"},
        "authenticationContext": {"externalSessionId": "s-1"},
        "debugContext": {
            "debugData": {"supportAction": json.dumps({"type": "VIEW", "reason": {"type": "CASE", "detail": "0042"}})}
        },
    },
    {
        "uuid": "u-2",
        "published": "2022-01-20T23:20:00.000Z",
        "eventType": "user.session.impersonation.grant",
        "legacyEventType": "core.user.impersonation.grant.enabled",
        "actor": {"id": "00u1", "type": "User", "alternateId": "admin@customer.example", "displayName": "Admin"},
        "outcome": {"result": "ALLOW"},
        "target": None,
        "version": 0,
    },
    {
        "uuid": "u-3",
        "published": "2022-01-20T23:21:00.000Z",
        "eventType": "user.session.impersonation.initiate",
        "legacyEventType": "core.user.impersonation.session.initiated",
        "actor": {"id": "00s2", "type": "User", "alternateId": "e@vendor.example", "displayName": "E"},
        "outcome": {"result": "ALLOW"},
        "target": [{"id": "00u1", "type": "User", "displayName": "Admin"}],
    },
]

JIRA_CLOUD: Records = [
    {
        "id": 7001,
        "summary": "User's password changed",
        "category": "user management",
        "created": "2022-01-20T23:18:04.645+0000",
        "authorAccountId": "5b10:aa",
        "remoteAddress": "10.0.0.3, 8.8.8.8",
        "description": "",
        "objectItem": {"id": "1", "name": "SUP-17 broken login", "typeName": "ISSUE"},
        "changedValues": [{"fieldName": "Password", "changedTo": "new"}],
        "associatedItems": [{"id": "2", "name": "Help desk", "typeName": "PROJECT"}],
    },
    {"id": 7002, "summary": "Something new", "category": "x", "created": "2022-01-20T23:18:05.000+0000"},
]

JIRA_DC: Records = [
    {
        "timestamp": "2022-01-20T23:18:04.645Z",
        "author": {"id": "10000", "name": "e", "type": "user", "uri": "http://jira.example/e"},
        "type": {"action": "Mot de passe", "actionI18nKey": "jira.auditing.user.password.changed", "category": "users"},
        "affectedObjects": [{"id": "3", "name": "SUP-18", "type": "ISSUE"}],
        "changedValues": [{"i18nKey": "k", "key": "Field", "from": "a", "to": "b"}],
        "source": "10.0.0.3,8.8.4.4",
        "system": "http://jira.example",
        "method": "Browser",
        "extraAttributes": [{"name": "query", "value": "project = SECRETPROJECT"}],
    }
]

JIRA_DC_FILE: Records = [
    {
        "timestamp": {"epochSecond": 1642720684, "nano": 5_000_000},
        "author": {"id": "-2", "name": "Anonymous", "type": "user"},
        "auditType": {"action": "x", "actionI18nKey": "jira.auditing.user.created", "category": "users"},
        "affectedObjects": [],
        "changedValues": [{"key": "Field", "from": "a", "to": "b"}],
        "source": "192.0.2.1",
        "system": "http://jira.example",
    }
]

ORG_EVENTS: Records = [
    {
        "id": "0f1e",
        "attributes": {
            "time": "2022-01-20T23:18:04.645Z",
            "action": "user_logged_in_as_user",
            "actor": {"id": "a-1", "name": "E", "email": "e@vendor.example"},
            "container": [
                {"id": "c", "type": "sites", "attributes": {"siteHostName": "https://acme.atlassian.example"}}
            ],
            "context": [{"id": "u", "type": "users", "attributes": {"email": "boss@acme.example", "name": "Boss"}}],
            "location": {"ip": "192.0.2.77"},
        },
        "message": {"content": "free words"},
    }
]

SLACK: Records = [
    {
        "id": "0123zzzz-not-hexadecimal",
        "date_create": 1642720684,
        "action": "file_downloaded",
        "actor": {"type": "user", "user": {"id": "W1", "name": "E", "email": "e@vendor.example", "team": "T1"}},
        "entity": {"type": "channel", "channel": {"id": "C1", "name": "ext-acme", "privacy": "private"}},
        "context": {
            "ip_address": "192.0.2.9",
            "ua": "Agent",
            "session_id": 99_999_999_999,
            "location": {"type": "workspace", "id": "T1", "name": "Vendor", "domain": "vendor"},
        },
        "details": {"action_timestamp": 1642720684000123, "new_value": "a secret plan"},
    },
    {
        "id": "b",
        "date_create": 1642720685,
        "action": "user_login",
        "actor": {"type": "user", "user": {"id": "W2", "email": "f@vendor.example"}},
        "context": {"ip_address": "192.0.2.9", "ua": "Agent", "location": {"type": "workspace", "id": "T1"}},
    },
]

RINGCENTRAL_AUDIT: Records = [
    {
        "id": "r-1",
        "eventTime": "2022-01-20T23:18:04.645Z",
        "eventType": "UPDATE",
        "actionId": "CHANGE_SECRET_INFO",
        "accountId": "400131426008",
        "accountName": "Vendor",
        "initiator": {"extensionId": "400131426009", "extensionNumber": "101", "name": "E", "role": "Support"},
        "target": {"objectId": "0", "objectType": "Company", "name": "All", "extensionNumber": "100"},
        "clientIp": "192.0.2.4",
        "comment": "words",
        "details": {"parameters": [{"key": "PIN", "value": "4711"}]},
    }
]

CALLS: Records = [
    {
        "id": "c-1",
        "sessionId": "555",
        "telephonySessionId": "s-555",
        "startTime": "2022-01-20T23:18:04.645Z",
        "duration": 61,
        "durationMs": 61234,
        "type": "Voice",
        "direction": "Outbound",
        "action": "VoIP Call",
        "result": "Call connected",
        "to": {"phoneNumber": "+81312345678", "name": "Customer"},
        "from": {"phoneNumber": "+15550100", "extensionId": "901", "name": "E"},
        "lastModifiedTime": "2022-01-20T23:20:00.000Z",
        "legs": [{"legType": "Accept"}],
    },
    {
        "id": "c-2",
        "sessionId": "555",
        "telephonySessionId": "s-555",
        "startTime": "2022-01-20T23:18:05.000Z",
        "duration": 60,
        "direction": "Outbound",
        "action": "VoIP Call",
        "type": "Voice",
        "result": "Call connected",
        "to": {"phoneNumber": "+81312345678"},
        "from": {"extensionId": "901"},
    },
]

ELF = (
    b'"EVENT_TYPE","TIMESTAMP","REQUEST_ID","ORGANIZATION_ID","USER_ID","URI","TIMESTAMP_DERIVED","USER_ID_DERIVED",'
    b'"CLIENT_IP","DELEGATED_USER_ID","DELEGATED_USER_ID_DERIVED","DELEGATED_USER_NAME","SESSION_KEY","BROWSER_TYPE"\n'
    b'"LoginAs","20220120231804.13","R1","00D000000000001","005000000000002","","2022-01-20T23:18:04.128Z",'
    b'"005000000000002AAA","Salesforce.com IP","005000000000009","005000000000009AAA","e@vendor.example","SKEY","A%2F1"\n'
    b'"URI","20220120231805","R2","00D000000000001","005000000000009","""/lightning/r/Case/500000000000077/view""",'
    b'"2022-01-20T23:18:05.000Z","005000000000009AAA","192.0.2.8","","","","SKEY",""\n'
    b'"EVENT_TYPE","TIMESTAMP","REQUEST_ID","ORGANIZATION_ID","USER_ID","URI","TIMESTAMP_DERIVED","USER_ID_DERIVED",'
    b'"CLIENT_IP","DELEGATED_USER_ID","DELEGATED_USER_ID_DERIVED","DELEGATED_USER_NAME","SESSION_KEY","BROWSER_TYPE"\n'
    b'"URI","20220120231805","R2","00D000000000001","005000000000009","/x",'
    b'"2022-01-20T23:18:05.000Z","005000000000009AAA","192.0.2.8","","","","SKEY",""\n'
)

RTEM: Records = [
    {
        "channel": "/event/ReportEventStream",
        "data": {
            "payload": {
                "EventIdentifier": "e-1",
                "EventDate": "2022-01-20T23:18:04.645+0000",
                "UserId": "005000000000009",
                "Username": "e@vendor.example",
                "Operation": "ReportExported",
                "QueriedEntities": "Account, Case",
                "Records": json.dumps(
                    {"totalSize": 1, "Records": [{"entityType": "Case", "ids": ["500000000000077"]}]}
                ),
                "SourceIp": "192.0.2.8",
                "SessionKey": "abc",
            }
        },
    },
    {
        "EventIdentifier": "e-2",
        "EventDate": "2022-01-20T23:18:05Z",
        "Id": "000000000000000AAA",
        "UserId": "005000000000002",
        "Username": "boss@acme.example",
        "DelegatedUserId": "005000000000009",
        "DelegatedUsername": "e@vendor.example",
        "attributes": {"type": "LoginAsEvent"},
    },
]

SETUP: Records = [
    {
        "Id": "0Ym000000000001",
        "Action": "resetpassword",
        "Section": "Manage Users",
        "CreatedDate": "2022-01-20T23:18:04.000+0000",
        "CreatedById": "005000000000002",
        "CreatedBy": {"Username": "boss@acme.example"},
        "DelegateUser": "e@vendor.example",
        "Display": "Reset password for K of Acme",
    },
    {
        "Id": "0Ym000000000002",
        "Action": "loginasgrantedtosupport",
        "Section": "",
        "CreatedDate": "2022-01-20T23:00:00.000+0000",
        "CreatedById": "005000000000002",
        "Display": "Granted",
    },
]

SETUP_CSV = (
    b'"Date","User","Source Namespace Prefix","Action","Section","Delegate User"\r\n'
    b'"1/20/2022, 3:18:04 PM PST","boss@acme.example","","Reset password for K","Manage Users","e@vendor.example"\r\n'
    b'"1/20/2022, 3:20:00 PM","e@vendor.example","","Changed a profile","Manage Users",""\r\n'
)

CASE_HISTORY: Records = [
    {
        "Id": "017000000000001",
        "CaseId": "500000000000077",
        "Case": {"AccountId": "001000000000005", "CaseNumber": "00001026"},
        "Field": "Owner",
        "OldValue": "Queue",
        "NewValue": "E",
        "CreatedById": "005000000000009",
        "CreatedDate": "2022-01-20T23:18:04.000+0000",
    },
    {
        "Id": "017000000000002",
        "CaseId": "500000000000077",
        "Field": "Owner",
        "OldValue": "00G000000000001",
        "NewValue": "005000000000009",
        "CreatedById": "005000000000009",
        "CreatedDate": "2022-01-20T23:18:04.000+0000",
    },
    {
        "Id": "017000000000003",
        "CaseId": "500000000000077",
        "Field": "Subject",
        "OldValue": "x" * 255,
        "NewValue": None,
        "CreatedById": "005000000000009",
        "CreatedDate": "2022-01-20T23:18:05.000+0000",
    },
]

OCSF: Records = [
    {
        "class_uid": 6003,
        "activity_id": 2,
        "time": 1642720684645,
        "time_dt": "2022-01-20T23:18:04.645Z",
        "status_id": 1,
        "metadata": {"version": "1.8.0", "uid": "m-1", "original_event_uid": "u-1"},
        "actor": {"user": {"uid": "e1", "name": "E", "email_addr": "e@vendor.example", "org": {"name": "Vendor"}}},
        "api": {"operation": "GetTenant"},
        "resources": [{"uid": "x", "name": "X", "type": "tenant", "owner": {"org": {"uid": "t-9"}}}],
        "src_endpoint": {"ip": "192.0.2.1"},
        "http_request": {"user_agent": "Agent"},
        "raw_data": "{}",
    }
]

ECS: Records = [
    {
        "@timestamp": "2022-01-20T23:18:04.645Z",
        "event": {"id": "ev-1", "action": "view-tenant", "outcome": "success", "original": "{raw}"},
        "user": {"id": "e1", "name": "e", "email": "e@vendor.example", "effective": {"name": "boss"}},
        "organization": {"id": "t-9"},
        "source": {"ip": "192.0.2.1"},
        "user_agent": {"original": "Agent"},
        "message": "words",
    },
    {
        "@timestamp": "2022-01-20T23:18:05Z",
        "event.action": "x",
        "event.id": "ev-2",
        "user.name": "e",
        "ecs.version": "8",
    },
]

TRANSPARENCY: Records = [
    {
        "insertId": "i-1",
        "logName": "projects/p/logs/access_transparency",
        "timestamp": "2022-01-20T23:18:04.645123456Z",
        "receiveTimestamp": "2022-01-20T23:18:05.645123456Z",
        "resource": {"labels": {"project_id": "p-9"}, "type": "project"},
        "jsonPayload": {
            "location": {"principalOfficeCountry": "US", "principalEmployingEntity": "Example LLC"},
            "principalJobTitle": "Support",
            "reason": [{"type": "CUSTOMER_INITIATED_SUPPORT", "detail": "Case number: SUP-99"}],
            "accesses": [{"methodName": "Inspect", "resourceName": "//storage/buckets/b"}],
            "eventId": "asdf",
        },
    }
]

WORKSPACE_ACCESS: Records = [
    {
        "kind": "admin#reports#activity",
        "id": {
            "time": "2022-01-20T23:18:04.645Z",
            "uniqueQualifier": "-4563210987654321098",
            "applicationName": "access_transparency",
            "customerId": "C0made1up",
        },
        "actor": {"profileId": "1"},
        "events": [
            {
                "type": "GSUITE_RESOURCE",
                "name": "ACCESS",
                "parameters": [
                    {"name": "ACTOR_HOME_OFFICE", "value": "EUR"},
                    {"name": "GSUITE_PRODUCT_NAME", "value": "DRIVE"},
                    {"name": "JUSTIFICATIONS", "multiValue": ["Customer Initiated Support - Case number: SUP-99"]},
                    {"name": "LOG_ID", "value": "log-1"},
                    {"name": "OWNER_EMAIL", "value": "owner@example.com"},
                    {"name": "RESOURCE_NAME", "value": "A plan"},
                    {"name": "TICKETS", "multiValue": ["SUP-99"]},
                ],
            }
        ],
    },
    {
        "id": {"time": "2022-01-20T23:18:05Z", "uniqueQualifier": "7", "customerId": "C0made1up"},
        "events": {"name": "ACCESS", "parameters": [{"name": "ACTOR_HOME_OFFICE", "value": "??"}]},
    },
    {
        "id": {"time": "2022-01-20T23:18:06Z", "uniqueQualifier": "8", "customerId": "C0made1up"},
        "events": [{"name": "SOMETHING_ELSE"}],
    },
]

CADF: Records = [
    {
        "id": "cadf-1",
        "eventTime": "2022-01-20T23:18:04.645000+0000",
        "eventType": "activity",
        "action": "authenticate",
        "outcome": "success",
        "initiator": {"id": "e1", "name": "E", "host": {"address": "192.0.2.1", "agent": "Agent"}},
        "target": {"id": "x", "typeURI": "service", "project_id": "t-9"},
        "observer": {"id": "o"},
    }
]

CLOUDTRAIL: Records = [
    {
        "eventVersion": "1.08",
        "eventTime": "2022-01-20T23:18:04Z",
        "eventSource": "sts.amazonaws.com",
        "eventName": "AssumeRole",
        "eventID": "ev-1",
        "requestID": "rq",
        "sourceIPAddress": "cloudformation.amazonaws.com",
        "userAgent": "aws-cli",
        "userIdentity": {"principalId": "AIDA1", "accountId": "111122223333", "userName": "e", "accessKeyId": "KEY"},
        "recipientAccountId": "444455556666",
        "requestParameters": {"roleArn": "arn"},
        "responseElements": {"credentials": {"sessionToken": "T"}},
        "resources": [{"ARN": "arn:aws:iam::4:role/x", "type": "AWS::IAM::Role"}],
    }
]

SPLUNK_RESULT: dict[str, Any] = {
    "_raw": json.dumps(OKTA[0]),
    "_time": "2022-01-21T08:18:04.645+09:00",
    "_indextime": "1642720700",
    "_bkt": "main~1~A",
    "_cd": "1:77",
    "index": "main",
    "sourcetype": "OktaIM2:log",
    "user": "somebody else",
}
SPLUNK: Records = [
    {"preview": True, "offset": 0, "lastrow": True, "result": SPLUNK_RESULT},
    {"preview": False, "offset": 0, "result": SPLUNK_RESULT},
    {
        "preview": False,
        "offset": 1,
        "lastrow": True,
        "result": {**SPLUNK_RESULT, "_raw": json.dumps(OKTA[2]), "_cd": "1:78"},
    },
]


def splunk_xml(records: Records, *, preview: bool) -> bytes:
    """One document of results."""
    from xml.sax.saxutils import escape, quoteattr  # noqa: PLC0415

    body = "".join(
        "<result>"
        + "".join(f"<field k={quoteattr(k)}><value><text>{escape(v)}</text></value></field>" for k, v in record.items())
        + "</result>"
        for record in records
    )
    return f"<?xml version='1.0' encoding='UTF-8'?>\n<results preview='{int(preview)}'><meta/>{body}</results>".encode()


def splunk_csv(records: Records) -> bytes:
    """A table, partly unquoted, with a column of several values."""
    import csv  # noqa: PLC0415

    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([*records[0], "__mv_tag"])
    for record in records:
        writer.writerow([*record.values(), "$a$;$b$$c$"])
    return text.getvalue().encode()


SPLUNK_AUDIT: Records = [
    {
        "_raw": "Audit:[timestamp=01-20-2022 15:18:04.818, user=e, action=search, info=granted , search_id='9', "
        "search='search index=acme password=hunter2', is_realtime=0]",
        "index": "_audit",
        "audit": "1",
    }
]


def slack_zip() -> bytes:
    """A workspace with two people and one channel."""
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w", zipfile.ZIP_DEFLATED) as folder:
        folder.writestr(
            "users.json", json.dumps([{"id": "U1", "real_name": "E", "profile": {"email": "e@vendor.example"}}])
        )
        folder.writestr("channels.json", json.dumps([{"id": "C1", "name": "ext-acme"}]))
        folder.writestr("integration_logs.json", json.dumps([{"date": "1642720684"}]))
        folder.writestr(
            "ext-acme/2022-01-21.json",
            json.dumps(
                [
                    {"type": "message", "user": "U1", "ts": "1642720684.000002", "text": "the plan of Acme"},
                    {
                        "type": "message",
                        "subtype": "bot_message",
                        "bot_id": "B1",
                        "ts": "1642720684.000003",
                        "text": "x",
                    },
                ]
            ),
        )
    return stored.getvalue()


def workbook() -> bytes:
    """A sheet with dates as texts."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Event Time", "Initiator", "Action", "Comment"])
    sheet.append(["2022-01-20T23:18:04Z", "901", "CHANGE_SECRET_INFO", "x"])
    sheet.append(["2022-01-20T23:18:05Z", "902", "LOGIN", None])
    stored = io.BytesIO()
    book.save(stored)
    return stored.getvalue()


SHEET_PROFILE = Profile(
    format=RecordFormat.CSV,
    fields=Fields(time=TimeField(columns=("Event Time",)), actor_id=("Initiator",), action=("Action",)),
)
PLAIN_PROFILE = Profile(
    format=RecordFormat.NDJSON,
    fields=Fields(time=TimeField(columns=("ts",)), actor_id=("who",), action=("what",), tenant_ids=("tenant",)),
)
PLAIN: Records = [{"ts": "2022-01-20T23:18:04.645Z", "who": "e1", "what": "su.view", "tenant": "t-9"}]

EXPORTS: dict[str, dict[str, bytes]] = {
    "mapped": {"lines": lines(PLAIN), "array": array(PLAIN)},
    "okta-system-log": {
        "array": array(OKTA),
        "spread array": array(OKTA, indent=2),
        "lines": lines(OKTA),
        "hook": json.dumps({"eventType": "x", "data": {"events": OKTA}}).encode(),
        "one after the other": b"".join(json.dumps(record, indent=1).encode() for record in OKTA),
    },
    "jira-cloud": {"page": page("records", JIRA_CLOUD, offset=0, limit=1000, total=2), "lines": lines(JIRA_CLOUD)},
    "jira-dc-rest": {"page": page("entities", JIRA_DC, pagingInfo={"lastPage": True, "size": 1})},
    "jira-dc-file": {"lines": lines(JIRA_DC_FILE)},
    "atlassian-org-events": {"page": page("data", ORG_EVENTS, links={}), "lines": lines(ORG_EVENTS)},
    "slack-audit": {"page": page("entries", SLACK, response_metadata={"next_cursor": ""}), "lines": lines(SLACK)},
    "slack-export": {"zip": slack_zip()},
    "ringcentral-audit": {"page": page("records", RINGCENTRAL_AUDIT, paging={"page": 1, "totalFound": 1})},
    "ringcentral-audit-sheet": {"xlsx": workbook()},
    "ringcentral-call-log": {"page": page("records", CALLS, uri="x", paging={}, navigation={})},
    "salesforce-elf": {
        "csv": ELF,
        "collector": lines(
            [{"event_type": "URI", "timestamp_derived": "2022-01-20T23:18:05.000Z", "user_id": "005000000000009"}]
        ),
    },
    "salesforce-rtem": {"lines": lines(RTEM)},
    "salesforce-setup-audit": {"query": page("records", SETUP, totalSize=2, done=True)},
    "salesforce-setup-audit-csv": {"csv": SETUP_CSV},
    "salesforce-case-history": {"query": page("records", CASE_HISTORY, totalSize=3, done=True)},
    "ocsf": {"lines": lines(OCSF)},
    "ecs": {"lines": lines(ECS)},
    "google-access-transparency": {"lines": lines(TRANSPARENCY)},
    "google-workspace-access": {
        "page": page("items", WORKSPACE_ACCESS, kind="admin#reports#activities", etag="x"),
        "lines": lines(WORKSPACE_ACCESS),
    },
    "cadf": {"lines": lines(CADF)},
    "cloudtrail": {"page": page("Records", CLOUDTRAIL)},
    "splunk": {
        "export": b"\xef\xbb\xbf" + lines(SPLUNK).replace(b"\n", b"\r\n"),
        "results": page("results", [SPLUNK_RESULT], preview=False, init_offset=0, messages=[]),
        "array": array([SPLUNK_RESULT]),
        "rows": json.dumps(
            {"preview": False, "fields": list(SPLUNK_RESULT), "rows": [list(SPLUNK_RESULT.values())]}
        ).encode(),
        "xml": splunk_xml([SPLUNK_RESULT], preview=True) + splunk_xml([SPLUNK_RESULT], preview=False),
        "csv": splunk_csv([SPLUNK_RESULT]),
    },
    "splunk-audit": {"lines": lines(SPLUNK_AUDIT)},
}
"""Exports by adapter and wrapper."""

OPTIONS: dict[str, Options] = {
    "mapped": Options(profile=PLAIN_PROFILE),
    "ringcentral-audit-sheet": Options(profile=SHEET_PROFILE),
    "salesforce-setup-audit-csv": Options(zone="America/Los_Angeles", locale="mdy"),
    "splunk-audit": Options(zone="America/Los_Angeles"),
}
"""What a case has to declare for them."""
