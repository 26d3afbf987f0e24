"""Which lists of recipients may be sent to."""

from datetime import UTC, date, datetime

import pytest

from shirase.domain.customer import Customer, DeliveryPolicy
from shirase.domain.recipients import Recipient, RecipientList, belongs, is_address, latest_day, list_problems

TODAY = date(2022, 3, 24)
KOU = Customer(customer_id="C-1", name_en="Kou", tenant_ids=("t-1",), domains=("kou.example", "日本.example"))
OTSU = Customer(customer_id="C-2", name_en="Otsu", tenant_ids=("t-2",), domains=("otsu.example",))
CUSTOMERS = {"C-1": KOU, "C-2": OTSU}


def row(address: str = "ciso@kou.example", **changed: object) -> Recipient:
    values = {
        "customer_id": "C-1", "address": address, "role": "security", "source": "contract", "checked_on": date(2022, 3, 1),
    }  # fmt: skip
    return Recipient.model_validate({**values, **changed})


def complaints(*rows: Recipient, addressed: tuple[str, ...] = ("C-1",)) -> list[str]:
    return [problem.what for _, problem in list_problems(rows, CUSTOMERS, addressed=addressed, today=TODAY)]


def test_a_good_list_has_no_problem() -> None:
    """Two mailboxes at the customer's own domain, checked this month."""
    assert complaints(row(), row("soc@mail.kou.example")) == []


@pytest.mark.parametrize("address", [
    "a@kou", "a b@kou.example", "a@kou.example,b@kou.example", "A <a@kou.example>", "a@kou.example>", "",
    "a@kou.example\r\nRCPT TO:<x@evil.example>", "=?utf-8?q?a?=@kou.example\n", "甲@kou.example", "a@日本.example",
    f"{'a' * 250}@kou.example", ".a@kou.example", "a..b@kou.example", '"a"@kou.example', "a@[127.0.0.1]",
])  # fmt: skip
def test_nothing_but_one_plain_mailbox_is_an_address(address: str) -> None:
    """What an SMTP library would cut, quote or split is refused before it gets there."""
    assert not is_address(address)


def test_the_domain_must_be_the_customers_or_waived() -> None:
    """A look-alike that ends in the same letters is another domain; an international one counts as its A-label."""
    assert belongs("a@kou.example", KOU.domains)
    assert belongs("a@mail.kou.example", KOU.domains)
    assert belongs("a@xn--wgv71a.example", KOU.domains)
    assert not belongs("a@notkou.example", KOU.domains)
    assert not belongs("a@kou.example.evil.example", KOU.domains)
    assert complaints(row("a@parent.example"), row()) == ["parent.example is none of the customer's domains"]
    assert complaints(row("a@parent.example", waiver="group IT, by contract"), row()) == []


def test_two_contacts_are_needed_unless_it_goes_by_hand() -> None:
    """One mailbox written twice is one."""
    assert complaints(row()) == ["has 1 recipients, and 2 are needed"]
    assert "has 2 recipients, and 2 are needed" in complaints(row(), row("CISO@kou.example"))
    by_hand = KOU.model_copy(update={"delivery_policy": DeliveryPolicy.BY_HAND})
    assert list(list_problems((), {"C-1": by_hand}, addressed=("C-1",), today=TODAY)) == []


def test_a_mailbox_of_two_customers_is_refused() -> None:
    """One mailbox must not get the reports of two customers, a waiver or not."""
    rows = (row(), row("x@shared.example", waiver="w"), row("x@shared.example", customer_id="C-2", waiver="w"))
    assert any("reports of two customers" in said for said in complaints(*rows))


def test_stale_future_and_emergency_contacts_are_named() -> None:
    """Half a year without a check, a check tomorrow, and nobody but break-glass mailboxes."""
    assert any("180 days" in said for said in complaints(row(checked_on=date(2021, 9, 1)), row("b@kou.example")))
    assert any("yet to come" in said for said in complaints(row(checked_on=date(2022, 3, 25)), row("b@kou.example")))
    both = (row(break_glass=True), row("b@kou.example", break_glass=True))
    assert any("emergency" in said for said in complaints(*both))


def test_the_digest_changes_with_everything_that_decides_where_a_report_goes() -> None:
    """Rows in another order are the same list; an address, a waiver, a policy or a domain make another one."""
    one, two = row(), row("soc@kou.example")
    digest = RecipientList((one, two), CUSTOMERS).digest
    assert RecipientList((two, one), CUSTOMERS).digest == digest
    changed = KOU.model_copy(update={"delivery_policy": DeliveryPolicy.NOTIFY_ONLY})
    others = {
        RecipientList((one,), CUSTOMERS).digest,
        RecipientList((one, row("soc@kou.example", waiver="w")), CUSTOMERS).digest,
        RecipientList((one, two), {**CUSTOMERS, "C-1": changed}).digest,
        RecipientList((one, two), {**CUSTOMERS, "C-1": KOU.model_copy(update={"domains": ("x.example",)})}).digest,
    }
    assert digest not in others
    assert len(others) == 4


def test_somebody_has_to_be_written_to() -> None:
    alternates = (row(alternate=True), row("soc@kou.example", alternate=True))
    assert complaints(*alternates) == ["every recipient is an alternate, so nobody is written to"]
    assert complaints(row(), row("soc@kou.example", alternate=True)) == []


def test_who_wishes_for_encrypted_mail_has_certificates() -> None:
    wishes = KOU.model_copy(update={"delivery_policy": DeliveryPolicy.SMIME_ENCRYPTED})
    rows = (row(certificate="ciso.pem"), row("soc@kou.example"))
    found = list(list_problems(rows, {"C-1": wishes}, addressed=("C-1",), today=TODAY))
    assert [problem.what for _, problem in found] == [
        "soc@kou.example has no certificate, and the policy is smime_encrypted"
    ]


@pytest.mark.parametrize(("now", "day"), [((2022, 3, 24, 9, 59), 24), ((2022, 3, 24, 10, 0), 25)])
def test_a_day_that_has_begun_in_the_east_is_not_yet_to_come(now: tuple[int, ...], day: int) -> None:
    """Somebody in Tokyo writes today's date at eight in the morning, when it is still yesterday in UTC."""
    assert latest_day(datetime(*now, tzinfo=UTC)) == date(2022, 3, day)  # type: ignore[arg-type,misc]
