"""Sign-offs of lines that no rule can attribute, as ``decisions.toml`` holds them: by whom, when, and why."""

from datetime import UTC, datetime
from typing import Any

from shirase.rehearsal.setting import TRAINING_TENANT

SignOff = dict[str, Any]
"""One entry of ``attributions``; the keys are those of the case format."""


def training_tenant_is_nobodys() -> SignOff:
    """The sender's own training tenant."""
    return {
        "tenant_id": TRAINING_TENANT,
        "decision": "no_customer",
        "reason": "当社の研修用テナントであり、お客様のデータを保存していない。"
        " / Our own training tenant; it holds no customer data.",
        "decided_by": "大野 由紀 / Yuki Ohno, Support Operations",
        "decided_at": datetime(2022, 3, 22, 18, 10, tzinfo=UTC),
    }


def tenant_belongs_to(tenant_id: str, customer_id: str) -> SignOff:
    """A tenant that the register knows under its new id only."""
    return {
        "tenant_id": tenant_id,
        "decision": "customer",
        "customer_id": customer_id,
        "reason": "合併に伴い名称を変更した旧テナントであることを契約台帳で確認した。"
        " / Earlier id of a tenant renamed after a merger; checked against the contract.",
        "decided_by": "Tomas Lindgren, Customer Records",
        "decided_at": datetime(2022, 3, 22, 18, 40, tzinfo=UTC),
    }


def line_is_nobodys(line_digest: str) -> SignOff:
    """One line that names no tenant, by its SHA-256."""
    return {
        "line_digest": line_digest,
        "decision": "no_customer",
        "reason": "共通基盤のログ検索であり、いずれのテナントも対象としていない。"
        " / A search of platform logs that concerned no tenant.",
        "decided_by": "大野 由紀 / Yuki Ohno, Support Operations",
        "decided_at": datetime(2022, 3, 22, 19, 5, tzinfo=UTC),
    }


def line_belongs_to(line_digest: str, customer_id: str) -> SignOff:
    """One line of which only a person could say whose it is, by its SHA-256."""
    return {
        "line_digest": line_digest,
        "decision": "customer",
        "customer_id": customer_id,
        "reason": "前後のメッセージから、このお客様の件であることを担当者に確認した。"
        " / Confirmed with the engineer from the messages around it.",
        "decided_by": "大野 由紀 / Yuki Ohno, Support Operations",
        "decided_at": datetime(2022, 3, 22, 19, 40, tzinfo=UTC),
    }
