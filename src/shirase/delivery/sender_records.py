"""What the domain name system says about a sender, held against what receiving servers ask for."""

from collections.abc import Iterator
from dataclasses import dataclass

from shirase.delivery.names import Names, UnansweredError
from shirase.delivery.spf import MOST_LOOKUPS, SpfResult, check_spf
from shirase.domain.delivery_settings import DeliverySettings, DkimSection
from shirase.domain.preflight import (
    Check,
    DkimKey,
    Verdict,
    is_aligned,
    is_dmarc,
    parse_dkim_key,
    parse_spf,
    parse_tags,
    spf_records,
)
from shirase.domain.recipients import domain_of

_LATER = "ask again later, or see to the machine's name server"
_SHORTEST = 2048
"""Bits of an RSA key that a signer should have (RFC 8301, 3.2)."""


@dataclass(frozen=True, slots=True)
class _Policy:
    """A DMARC record; empty strings where there is none."""

    domain: str = ""
    action: str = ""
    spf_mode: str = "r"
    dkim_mode: str = "r"


def record_checks(settings: DeliverySettings, names: Names) -> Iterator[Check]:
    """SPF, DKIM, DMARC and whether answers can arrive."""
    sender = settings.sender
    author, envelope = domain_of(sender.address), domain_of(sender.bounces)
    yield from _spf(names, envelope)
    yield from _spf_of_server(names, envelope, settings.server.host)
    yield _dkim(names, settings.dkim, author)
    try:
        policy = _find_policy(names, author)
    except UnansweredError as error:
        yield Check("dmarc", Verdict.UNKNOWN, str(error), _LATER)
    else:
        yield _dmarc(policy, author)
        yield _alignment(policy, author, envelope, settings.dkim)
    for name, address in (("from", sender.address), ("reply_to", sender.reply_to), ("bounces", sender.bounces)):
        yield _takes_mail(names, name, domain_of(address))


def _spf(names: Names, domain: str) -> Iterator[Check]:
    found = check_spf(names, domain, None)
    if found.result is SpfResult.TEMPERROR:
        yield Check("spf", Verdict.UNKNOWN, found.reason, _LATER)
    elif found.result is SpfResult.NONE:
        mend = f'publish a TXT record of {domain}: "v=spf1 … -all", with the servers that send for it'
        yield Check("spf", Verdict.BAD, f"{domain} has no SPF record", mend)
    elif found.result is SpfResult.PERMERROR:
        yield Check("spf", Verdict.BAD, found.reason, f"mend the SPF record of {domain}; servers refuse a broken one")
    else:
        yield _spf_ending(names, domain, found.lookups)


def _spf_ending(names: Names, domain: str, lookups: int) -> Check:
    """What the record says of everybody else."""
    terms = parse_spf(spf_records(names.texts(domain))[0])
    ending = next((each.qualifier for each in terms if each.name == "all"), "")
    said = f"{domain} has an SPF record, {lookups} of {MOST_LOOKUPS} look-ups"
    if ending == "+":
        return Check("spf", Verdict.BAD, f"{said}, and it lets everybody send (+all)", "end it with -all or ~all")
    if ending in {"-", "~"} or any(each.name == "redirect" for each in terms):
        return Check("spf", Verdict.GOOD, said)
    return Check("spf", Verdict.WARNING, f"{said}, and it says nothing of everybody else", "end it with -all or ~all")


def _spf_of_server(names: Names, domain: str, host: str) -> Iterator[Check]:
    """Whether the server that takes the mails over may send for the domain, if it is the one that sends them on."""
    try:
        addresses = names.addresses(host)
    except UnansweredError as error:
        yield Check("spf of the server", Verdict.UNKNOWN, str(error), _LATER)
        return
    if not addresses:
        mend = "mend `server.host`; a server that only this machine knows by name is no fault"
        yield Check("spf of the server", Verdict.UNKNOWN, f"{host} stands for no address in DNS", mend)
        return
    for address in addresses:
        found = check_spf(names, domain, address)
        said = f"{host} ({address}): SPF of {domain} says {found.result.value}"
        if found.result is SpfResult.PASS:
            yield Check("spf of the server", Verdict.GOOD, said)
        elif found.is_partial or found.result in {SpfResult.TEMPERROR, SpfResult.NONE, SpfResult.PERMERROR}:
            yield Check("spf of the server", Verdict.UNKNOWN, said, "the canary's round trip tells")
        else:
            mend = "no fault if mails leave from another address: the canary's round trip tells; else add this one"
            yield Check("spf of the server", Verdict.WARNING, said, mend)


def _dkim(names: Names, section: DkimSection | None, author: str) -> Check:
    if section is None:
        mend = "name the selector in [dkim], or make sure otherwise that your servers sign"
        return Check("dkim", Verdict.UNKNOWN, "no selector is named, so no key was looked for", mend)
    name = f"{section.selector}._domainkey.{section.domain or author}"
    try:
        records = names.texts(name)
    except UnansweredError as error:
        return Check("dkim", Verdict.UNKNOWN, str(error), _LATER)
    if len(records) != 1:
        return Check(
            "dkim", Verdict.BAD, f"{name} has {len(records)} keys, and needs one", "publish the key there as TXT"
        )
    try:
        return _key_check(name, parse_dkim_key(records[0]))
    except ValueError as error:
        return Check("dkim", Verdict.BAD, f"{name} {error}", "publish the key as the signing server shows it")


def _key_check(name: str, key: DkimKey) -> Check:
    if key.is_revoked:
        return Check(
            "dkim", Verdict.BAD, f"{name} is revoked (p= is empty)", "publish the key, or name another selector"
        )
    if key.kind == "rsa" and key.bits < _SHORTEST:
        mend = f"make a key of {_SHORTEST} bits; servers refuse what is below 1024 (RFC 8301)"
        verdict = Verdict.BAD if key.bits < 1024 else Verdict.WARNING
        return Check("dkim", verdict, f"{name} has about {key.bits} bits", mend)
    if key.is_testing:
        return Check("dkim", Verdict.WARNING, f"{name} is marked as a test (t=y)", "take t=y away")
    return Check("dkim", Verdict.GOOD, f"{name} has a key ({key.kind}{f', {key.bits} bits' if key.bits else ''})")


def _find_policy(names: Names, author: str) -> _Policy:
    """The record of the domain, or of one above it.

    RFC 7489, 6.6.3 asks at the domain and at the organisational domain. Without a list of public suffixes every domain
    above is asked, but not a top level.
    """
    labels = author.split(".")
    for start in range(max(1, len(labels) - 1)):
        domain = ".".join(labels[start:])
        records = [each for each in names.texts(f"_dmarc.{domain}") if is_dmarc(each)]
        if len(records) > 1:
            return _Policy(domain, "two records")
        if records:
            tags = parse_tags(records[0])
            action = tags.get("p", "").lower()
            action = tags.get("sp", action).lower() if start else action
            return _Policy(domain, action, tags.get("aspf", "r"), tags.get("adkim", "r"))
    return _Policy()


def _dmarc(policy: _Policy, author: str) -> Check:
    if not policy.domain:
        mend = f'publish a TXT record of _dmarc.{author}: "v=DMARC1; p=reject; rua=mailto:…", after a time with p=none'
        return Check("dmarc", Verdict.WARNING, f"{author} has no DMARC record: anybody can write in its name", mend)
    if policy.action in {"reject", "quarantine"}:
        return Check("dmarc", Verdict.GOOD, f"{policy.domain} asks to {policy.action} forged mails")
    if policy.action == "none":
        what = f"{policy.domain} asks for nothing to be done about forged mails (p=none)"
        return Check("dmarc", Verdict.WARNING, what, "p=quarantine or p=reject, once its reports show only your own")
    mend = f"publish one record at _dmarc.{policy.domain} with p=none, p=quarantine or p=reject"
    return Check(
        "dmarc", Verdict.BAD, f"the DMARC record of {policy.domain} is broken ({policy.action or 'no p='})", mend
    )


def _alignment(policy: _Policy, author: str, envelope: str, section: DkimSection | None) -> Check:
    """Whether something that can pass speaks for the domain that the reader sees (RFC 7489, 3.1)."""
    signer = (section.domain or author) if section else ""
    by_spf = is_aligned(envelope, author, policy.spf_mode)
    by_dkim = bool(signer) and is_aligned(signer, author, policy.dkim_mode)
    if by_spf or by_dkim:
        ways = " and ".join(name for name, holds in (("SPF", by_spf), ("DKIM", by_dkim)) if holds)
        return Check("alignment", Verdict.GOOD, f"{ways} can speak for {author}")
    what = f"neither {envelope} (SPF) nor {signer or 'any named signature'} (DKIM) speaks for {author}"
    verdict = Verdict.BAD if policy.action in {"reject", "quarantine"} else Verdict.WARNING
    return Check("alignment", verdict, what, f"sign with a key of {author}, or let failure reports go to its domain")


def _takes_mail(names: Names, which: str, domain: str) -> Check:
    """RFC 5321, 5.1: the hosts of MX records, or else the domain itself."""
    name = f"mx of {which}"
    try:
        hosts = names.exchangers(domain)
        if hosts == (".",):
            mend = f"choose another mailbox for `sender.{'address' if which == 'from' else which}`"
            return Check(name, Verdict.BAD, f"{domain} takes no mail (RFC 7505)", mend)
        found = [host for host in hosts or (domain,) if names.addresses(host)]
    except UnansweredError as error:
        return Check(name, Verdict.UNKNOWN, str(error), _LATER)
    if not found:
        verdict = Verdict.WARNING if which == "from" else Verdict.BAD
        return Check(
            name, verdict, f"no server takes mail for {domain}", "publish an MX record, or name another mailbox"
        )
    return Check(name, Verdict.GOOD, f"{found[0]} takes mail for {domain}")
