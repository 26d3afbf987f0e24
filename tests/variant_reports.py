"""One report for each variant and trap, made from the sample report by hand."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import sample_report as sample
from shirase.domain.bilingual import Language, Paired
from shirase.domain.customer import Customer, Paper
from shirase.domain.impact import Impact
from shirase.domain.incident import Incident, NarrativeSection, Stage, SupersedesSection
from shirase.domain.report import CONFIRMED, BatchFacts, Report, ReportCounts, SourceCoverage
from shirase.domain.supersession import PreviousAction, PreviousReport, Supersession
from shirase.domain.tickets import TicketMatch

EN_FIRST = (Language.EN, Language.JA)
ISSUED_BEFORE = datetime(2022, 3, 20, 0, 0, tzinfo=UTC)


def customer(**changes: object) -> Customer:
    """The sample customer with other values."""
    return sample.CUSTOMER.model_copy(update=changes)


def batch(*sections: tuple[str, Paired], **changes: object) -> BatchFacts:
    """The sample batch with further narrative sections and other incident values, and a log that was silent a day."""
    made = sample.sample_batch()
    extra = tuple(NarrativeSection(name=name, text=text) for name, text in sections)
    coverage = SourceCoverage(
        "superuser", Paired(ja="SuperUser（SU）", en="SuperUser (SU)"), 2, 125_430,
        datetime(2022, 1, 10, 0, 0, 1, tzinfo=UTC), datetime(2022, 1, 31, 23, 59, 58, tzinfo=UTC), (date(2022, 1, 18),),
    )  # fmt: skip
    incident: Incident = made.incident.model_copy(update=changes)
    return replace(made, incident=incident, narrative=(*made.narrative, *extra), coverage=(coverage,))


def potential() -> Report:
    """The usual one: Japanese first, A4."""
    return sample.sample_report(batch=batch(), completeness=sample.CHECKLISTS)


def english_first_on_letter() -> Report:
    """English first, US Letter, a clock of the customer that is behind UTC."""
    changes = {"languages": EN_FIRST, "paper": Paper.LETTER, "time_zone": "America/Los_Angeles"}
    return sample.sample_report(customer=customer(**changes), batch=batch(), completeness=sample.CHECKLISTS)


def addressed_to_a_person() -> Report:
    """Department, post and person: 様, and never 御中."""
    changes = {
        "department_ja": "情報システム部", "department_en": "Information Systems Department",
        "person_title_ja": "部長", "person_title_en": "General Manager",
        "person_ja": "髙橋 一郎", "person_en": "Ichiro Takahashi",
    }  # fmt: skip
    return sample.sample_report(customer=customer(**changes), batch=batch())


def confirmed() -> Report:
    """Two of the seven actions are attributed to the threat actor."""
    rows = tuple(
        replace(row, flags=tuple(sorted({*row.flags, CONFIRMED}))) if row.number in (5, 6) else row
        for row in sample.sample_actions()
    )
    introduction = Paired(
        ja="調査の結果、貴社のテナントに対する操作のうち{{ your_confirmed_actions }}件を、"
        "脅威アクターによるものと判断しました。深くお詫び申し上げます。",
        en="The investigation attributes {{ your_confirmed_actions }} of the actions on your tenant to the threat "
        "actor. We sincerely apologise.",
    )
    counts = replace(sample.SAMPLE_COUNTS, confirmed=2)
    made = batch(("introduction-confirmed", introduction))
    return sample.sample_report(actions=rows, counts=counts, batch=made, impact=Impact.CONFIRMED)


NOT_AFFECTED_TEXTS = (
    (
        "introduction-not-affected",
        Paired(ja="お問い合わせいただいた件についてご報告します。", en="This is our answer to your inquiry."),
    ),
    (
        "requests-not-affected",
        Paired(ja="貴社にお願いする事項はありません。", en="There is nothing that we ask you to do."),
    ),
)
NO_ACTIONS = ReportCounts(
    actions=0, without_ticket=0, not_successful=0, shared_with_others=0, confirmed=0, operators=0, by_effect=(),
    by_code=(), by_day=tuple((date(2022, 1, day), 0) for day in range(16, 22)),
)  # fmt: skip


def not_affected() -> Report:
    """A customer who asked, and for whom nothing is recorded."""
    return replace(
        sample.sample_report(batch=batch(*NOT_AFFECTED_TEXTS)),
        actions=(), counts=NO_ACTIONS, impact=Impact.NOT_AFFECTED, kinds=(), undescribed=(), evidence_files=(),
        first_at=None, last_at=None, tenant_counts=(("takahashi-prod", 0),),
    )  # fmt: skip


CHANGES = Paired(
    ja="調査対象期間を見直した結果、対象となる操作が変わりました。",
    en="The period examined was revised, and with it the actions in scope.",
)


def update() -> Report:
    """Version 2: one action more than before, one less."""
    replaced = SupersedesSection(version=1, issued_at=ISSUED_BEFORE)
    made = batch(("changes", CHANGES), stage=Stage.UPDATE, version=2, supersedes=replaced)
    rows = sample.sample_actions()
    gone = PreviousAction("uid-gone", 3, datetime(2022, 1, 15, 23, 59, 59, tzinfo=UTC), "su.user.get")
    before = tuple(PreviousAction(row.action_uid, row.number, row.at, row.action_native) for row in rows[:-1])
    previous = PreviousReport("INC-2022-0120-7Q4M-2ZKD", "C-0123", 1, ISSUED_BEFORE, Impact.POTENTIAL, (*before, gone))
    superseded = Supersession(1, ISSUED_BEFORE, previous, frozenset({rows[-1].action_uid}), (gone,))
    return sample.sample_report(batch=made, supersession=superseded)


def checked_tickets() -> Report:
    """Every answer that the register of tickets can give."""
    rows = list(sample.sample_actions())
    rows[0] = replace(rows[0], ticket_match=TicketMatch.OPENED_BY_YOU)
    rows[3] = replace(rows[3], ticket_match=TicketMatch.OPENED_BY_US, opened_after_action=True)
    rows[4] = replace(rows[4], ticket_match=TicketMatch.NOT_ON_RECORD)
    rows[6] = replace(rows[6], ticket_id=None, reason=None, ticket_match=TicketMatch.NOT_YOURS, reason_withheld=True)
    by_ticket = (
        (TicketMatch.OPENED_BY_YOU, 1), (TicketMatch.OPENED_BY_US, 1), (TicketMatch.NOT_ON_RECORD, 1),
        (TicketMatch.NOT_YOURS, 1), (TicketMatch.NONE, 2), (TicketMatch.WITHHELD, 1),
    )  # fmt: skip
    return sample.sample_report(actions=rows, counts=replace(sample.SAMPLE_COUNTS, by_ticket=by_ticket), batch=batch())


def arabic_name() -> Report:
    """A name from right to left, in an English letter."""
    changes = {"name_ja": "", "name_en": "شركة النور للتجارة", "name_language": "ar", "languages": EN_FIRST}
    return sample.sample_report(customer=customer(**changes), batch=batch())


def korean_and_chinese_name() -> Report:
    """Hangul and simplified characters in one name, no name in Japanese."""
    changes = {"name_ja": "", "name_en": "한빛东方云计算有限公司", "name_language": "ko", "time_zone": "UTC"}
    return sample.sample_report(customer=customer(**changes), batch=batch())


def rare_characters() -> Report:
    """髙, 﨑, 𠮷, a compatibility ideograph and a variation sequence, printed as given."""
    return sample.sample_report(customer=customer(name_ja="髙﨑𠮷\ufa19葛\U000e0100城株式会社"), batch=batch())


def one_action() -> Report:
    """The least there can be."""
    return sample.many_actions(1)


def many_pages() -> Report:
    """Day tables over several pages."""
    return sample.many_actions(150)


VARIANTS: dict[str, Callable[[], Report]] = {
    made.__name__: made
    for made in (
        potential, english_first_on_letter, addressed_to_a_person, confirmed, not_affected, update, checked_tickets,
        arabic_name, korean_and_chinese_name, rare_characters, one_action, many_pages,
    )
}  # fmt: skip
"""Every one of them, by its name."""
