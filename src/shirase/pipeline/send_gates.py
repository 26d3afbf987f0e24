"""What has to be true before the first mail to a customer: the plan was seen, its size typed, a canary came back."""

from shirase.domain.delivery import DeliveryState
from shirase.domain.errors import NotApprovedError, Problem
from shirase.domain.sending import CANARY, Delivery
from shirase.ledger.open import Ledger
from shirase.pipeline.outbox import WrittenPlan
from shirase.pipeline.outgoing import Outgoing

DIGITS = 12
"""So many digits of a digest are enough to type: nobody hits them by chance."""


def require_confirmed(plan: WrittenPlan, *, manifest: str, count: int, mails: int) -> None:
    """Refuse unless whoever sends typed what they saw: the digest of the manifest, and how many mails go out.

    Raises:
        NotApprovedError: When either is another.
    """
    problems = []
    if len(manifest) < DIGITS or not plan.manifest_digest.startswith(manifest.lower()):
        what = f"the newest manifest is {plan.manifest_digest[:DIGITS]}…, and not {manifest!r}"
        problems.append(Problem(what, "--manifest", "look at the plan again: `shirase send` without --really"))
    if count != mails:
        what = f"{mails} mails would go out, and not {count}"
        problems.append(Problem(what, "--count", "look at the plan again: `shirase send` without --really"))
    if problems:
        raise NotApprovedError(*problems)


def require_same_plan(seen: WrittenPlan | None, now: WrittenPlan) -> None:
    """Refuse when what would be sent is not what the last dry run showed.

    Raises:
        NotApprovedError: When nobody looked, or something changed since.
    """
    if seen is None:
        what = "nobody has looked at the mails yet"
        raise NotApprovedError(Problem(what, "send", "`shirase send` without --really writes and shows them"))
    if seen.digest != now.digest:
        known = {each.delivery_id: each for each in seen.mails}
        changed = [each for each in now.mails if known.get(each.delivery_id) != each]
        gone = len(known.keys() - {each.delivery_id for each in now.mails})
        some = ", ".join(each.report_id for each in changed[:3])
        what = f"the mails are not those that were shown: {len(changed)} are new or others ({some}), {gone} are gone"
        raise NotApprovedError(Problem(what, "send", "look at them again: `shirase send` without --really"))


def require_canary(outgoing: Outgoing, ledger: Ledger, *, without: str) -> None:
    """Refuse unless a canary with the present manifest came back as it was sent; ``without`` says why none is wanted.

    Raises:
        NotApprovedError: When none did.
    """
    if without.strip():
        return
    if outgoing.settings.canary is None:
        mend = "write [canary] in delivery.toml, or say with --without-canary why none is wanted"
        raise NotApprovedError(Problem("no mailbox of our own is named", "delivery.toml", mend))
    came = [each for each in canaries_of(ledger, outgoing.manifest_digest) if each.state is DeliveryState.ACKNOWLEDGED]
    missing = set(outgoing.settings.canary.mailboxes) - {each.mail.address for each in came}
    if missing:
        what = f"no canary came back from {', '.join(sorted(missing))} as it was sent"
        mend = "`shirase send --canary --really`, then `shirase bounces`; or say with --without-canary why not"
        raise NotApprovedError(Problem(what, "canary", mend))


def canaries_of(ledger: Ledger, manifest_digest: str) -> tuple[Delivery, ...]:
    """Mails to mailboxes of our own with what this manifest lists."""
    found = ledger.deliveries.all()
    return tuple(each for each in found if each.mail.kind == CANARY and each.manifest_digest == manifest_digest)
