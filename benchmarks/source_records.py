"""Records of each JSON source, numbered and made up, for measuring how fast they are read."""

import json
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

BEGIN = datetime(2022, 1, 16, tzinfo=UTC)
Record = dict[str, Any]
Make = Callable[[int], Record]


def _at(number: int) -> str:
    return f"{(BEGIN + timedelta(seconds=3 * number)).isoformat(timespec='milliseconds')[:-6]}Z"


def superuser(number: int) -> Record:
    """Short and flat, for a mapping profile."""
    return {
        "ts": _at(number), "who": f"e{number % 300}", "what": "su.view", "tenants": [f"t{number % 5000}"],
        "id": f"r{number}", "result": "OK", "ticket": f"CS-{number % 9000}", "ip": f"198.51.100.{number % 250}",
        "object_type": "user", "object_id": f"u{number}",
    }  # fmt: skip


def noted(number: int) -> Record:
    """The same with words that some exporters escape."""
    return {**superuser(number), "note": "利用者の依頼"}


def slack(number: int) -> Record:
    """An entry of the audit log."""
    return {
        "id": str(uuid.UUID(int=number)), "date_create": 1_642_291_200 + number, "action": "file_downloaded",
        "actor": {"type": "user", "user": {"id": f"W{number % 400}", "email": f"n{number % 400}@example.com"}},
        "entity": {"type": "file", "file": {"id": f"F{number}", "name": "a.pdf", "filetype": "pdf", "title": "a"}},
        "context": {
            "location": {"type": "workspace", "id": "T1", "name": "v", "domain": "v"}, "ua": "Mozilla/5.0",
            "session_id": 10**11 + number, "ip_address": "198.51.100.7",
        },
        "details": {},
    }  # fmt: skip


def okta(number: int) -> Record:
    """An event of the System Log."""
    person = {"id": f"00u{number % 500:012}", "type": "User", "alternateId": f"u{number % 500}@example.com"}
    return {
        "uuid": str(uuid.UUID(int=number)), "published": _at(number), "eventType": "user.session.start",
        "version": "0", "severity": "INFO", "displayMessage": "User login to Okta", "legacyEventType": "core.user",
        "actor": {**person, "displayName": f"利用者 {number % 500}", "detailEntry": None},
        "client": {
            "userAgent": {"rawUserAgent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64)", "os": "Windows 10"},
            "zone": "null", "device": "Computer", "id": None, "ipAddress": f"198.51.100.{number % 250}",
            "geographicalContext": {"city": "Tokyo", "country": "Japan", "geolocation": {"lat": 35.68, "lon": 139.69}},
        },
        "authenticationContext": {"authenticationStep": 0, "externalSessionId": f"s{number % 900}"},
        "outcome": {"result": "SUCCESS", "reason": None}, "transaction": {"type": "WEB", "id": f"t{number}"},
        "debugContext": {"debugData": {"requestId": f"r{number}", "threatSuspected": "false"}},
        "target": [{**person, "displayName": "X", "detailEntry": None}],
    }  # fmt: skip


def okta_of_many_layouts(number: int) -> Record:
    """One to four objects, and fields that come and go."""
    record = okta(number)
    record["target"] *= 1 + number % 4
    record["debugContext"]["debugData"][f"detail{number % 7}"] = "x"
    if number % 3:
        record["request"] = {"ipChain": []}
    return record


def wrapped(make: Make) -> Make:
    """As a collector sends them on."""
    return lambda number: {"time": 1_642_291_200 + number, "host": "h", "event": make(number)}


def carried(make: Make, sourcetype: str) -> Make:
    """As Splunk exports them."""
    return lambda number: {
        "preview": False, "offset": number,
        "result": {
            "_raw": json.dumps(make(number), ensure_ascii=False), "_time": "2022-01-16T00:00:00.000+00:00",
            "_indextime": str(1_642_291_200 + number), "_bkt": "main~1~A", "_cd": f"1:{number}", "index": "main",
            "sourcetype": sourcetype, "host": "h", "source": "s",
        },
    }  # fmt: skip


def jira_cloud(number: int) -> Record:
    """An audit record."""
    return {
        "id": number, "summary": "User added to group", "remoteAddress": "198.51.100.4",
        "created": f"{_at(number)[:-1]}+0000", "authorAccountId": f"5b10{number % 90}", "category": "group management",
        "eventSource": "Jira", "objectItem": {"id": f"g{number}", "name": "admins", "typeName": "GROUP"},
        "associatedItems": [{"id": f"u{number}", "name": "U", "typeName": "USER"}],
    }  # fmt: skip


def jira_cloud_edit(number: int) -> Record:
    """An audit record of a change, with the key of an issue."""
    return {
        **jira_cloud(number), "objectItem": {"id": f"i{number}", "name": f"SUP-{number}", "typeName": "ISSUE"},
        "changedValues": [{"fieldName": "Status", "changedFrom": "Open", "changedTo": "Done"}],
    }  # fmt: skip


def jira_dc(number: int) -> Record:
    """An entity of the audit log of a Data Center."""
    return {
        "timestamp": _at(number), "author": {"id": str(10_000 + number % 90), "name": "e", "type": "user"},
        "type": {"action": "User added", "actionI18nKey": "jira.auditing.user.created", "category": "users"},
        "affectedObjects": [{"id": f"u{number}", "name": "U", "type": "USER"}],
        "changedValues": [{"i18nKey": "k", "key": "Name", "from": "a", "to": "b"}],
        "source": "198.51.100.4", "system": "http://jira.example", "method": "Browser",
    }  # fmt: skip


def org_event(number: int) -> Record:
    """An event of an Atlassian organisation."""
    return {
        "id": str(uuid.UUID(int=number)), "type": "events", "attributes": {
            "time": _at(number), "action": "user_added_to_group", "location": {"ip": "198.51.100.6"},
            "actor": {"id": f"a{number % 90}", "name": "E", "email": f"e{number % 90}@vendor.example"},
            "container": [{"id": "c", "type": "sites", "attributes": {"siteHostName": f"t{number % 50}.example"}}],
            "context": [{"id": f"u{number}", "type": "users", "attributes": {"name": "Boss"}}],
        },
    }  # fmt: skip


def ringcentral(number: int) -> Record:
    """A record of the audit trail."""
    return {
        "id": f"r{number}", "eventTime": _at(number), "eventType": "UPDATE", "actionId": "CHANGE_USER_INFO",
        "accountId": "400131426008", "initiator": {"extensionId": str(400_000 + number % 90), "name": "E"},
        "target": {"objectId": f"{number}", "objectType": "Extension", "name": "X"}, "clientIp": "198.51.100.4",
        "details": {"parameters": [{"key": "Name", "value": "x"}]},
    }  # fmt: skip


def _stamp(number: int) -> str:
    return "".join(filter(str.isdigit, _at(number)[:-5]))


def salesforce_elf(number: int) -> Record:
    """A row of the event log."""
    return {
        "EVENT_TYPE": "ReportExport", "TIMESTAMP": f"{_stamp(number)}.000", "TIMESTAMP_DERIVED": _at(number),
        "REQUEST_ID": f"r{number}", "ORGANIZATION_ID": "00D000000000001", "USER_ID": f"0050000000{number % 90:05}",
        "CLIENT_IP": "198.51.100.9", "URI": "/00O000000000001", "USER_AGENT": "Mozilla/5.0",
    }  # fmt: skip


def salesforce_collected(number: int) -> Record:
    """The same of a case, under the names that collectors write."""
    row = {**salesforce_elf(number), "EVENT_TYPE": "URI", "URI": f"/lightning/r/Case/5000000{number:08}/view"}
    return {name.lower(): value for name, value in row.items()}


def salesforce_rtem(number: int) -> Record:
    """A streamed event."""
    case = {"entityType": "Case", "ids": [f"5000000{number:08}"]}
    return {
        "channel": "/event/ReportEventStream", "data": {"payload": {
            "EventIdentifier": str(uuid.UUID(int=number)), "EventDate": f"{_at(number)[:-1]}+0000",
            "UserId": f"0050000000{number % 90:05}", "Username": f"e{number % 90}@vendor.example",
            "Operation": "ReportExported", "QueriedEntities": "Account, Case", "SourceIp": "198.51.100.8",
            "Records": json.dumps({"totalSize": 1, "Records": [case]}), "RowsProcessed": 1,
        }},
    }  # fmt: skip


def salesforce_rtem_stored(number: int) -> Record:
    """A stored event."""
    return {
        "EventIdentifier": str(uuid.UUID(int=number)), "EventDate": f"{_at(number)[:-1]}+0000",
        "UserId": f"0050000000{number % 90:05}", "Username": "u@acme.example", "SourceIp": "198.51.100.8",
        "DelegatedUserId": f"0050000001{number % 90:05}", "DelegatedUsername": f"e{number % 90}@vendor.example",
        "attributes": {"type": "LoginAsEvent"},
    }  # fmt: skip


def cloudtrail(number: int) -> Record:
    """An event."""
    return {
        "eventVersion": "1.08", "eventTime": _at(number), "eventSource": "s3.amazonaws.com", "eventName": "GetObject",
        "userIdentity": {"type": "AssumedRole", "principalId": f"AROA:{number % 90}", "accountId": "111122223333"},
        "awsRegion": "ap-northeast-1", "sourceIPAddress": "198.51.100.3", "userAgent": "aws-cli/2.4",
        "requestParameters": {"bucketName": "b", "key": f"k{number}"}, "responseElements": None,
        "requestID": f"r{number}", "eventID": str(uuid.UUID(int=number)), "readOnly": True, "eventType": "AwsApiCall",
        "resources": [{"type": "AWS::S3::Object", "ARN": f"arn:aws:s3:::b/k{number}"}],
        "recipientAccountId": "111122223333",
    }  # fmt: skip


def ocsf(number: int) -> Record:
    """An API activity."""
    return {
        "time": 1_642_291_200_000 + number, "class_uid": 6003, "activity_id": 2, "activity_name": "Read",
        "status_id": 1, "api": {"operation": "GetObject"}, "actor": {"user": {"uid": f"u{number % 90}", "name": "U"}},
        "metadata": {"uid": f"m{number}", "version": "1.1.0"}, "src_endpoint": {"ip": "198.51.100.3"},
        "resources": [{"uid": f"k{number}", "type": "object", "name": "K"}],
    }  # fmt: skip


def ecs(number: int) -> Record:
    """A normalised event."""
    return {
        "@timestamp": _at(number), "ecs": {"version": "8.0"}, "event": {
            "id": f"e{number}", "action": "user-read", "outcome": "success", "provider": "app",
        },
        "user": {"id": f"u{number % 90}", "name": "u", "target": {"id": f"t{number}", "name": "T"}},
        "source": {"ip": "198.51.100.8"}, "organization": {"id": f"o{number % 500}"},
    }  # fmt: skip
