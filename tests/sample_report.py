"""Reports for tests, written by hand: no value comes from the code under test."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

from shirase.domain.action import Effect, Outcome, TimeQuality
from shirase.domain.bilingual import Language, Paired
from shirase.domain.catalogue import ActionKind, Permission, Permissions
from shirase.domain.completeness import (
    ChecklistItem,
    ItemStanding,
    Particular,
    Regime,
    RegimeStanding,
    Standing,
)
from shirase.domain.customer import Customer
from shirase.domain.impact import Impact
from shirase.domain.incident import (
    Contact,
    Incident,
    NarrativeSection,
    Sender,
    SourceSection,
    Stage,
    TimelineEntry,
    WindowSection,
)
from shirase.domain.organisation import Organisation
from shirase.domain.report import (
    SHARED,
    BatchFacts,
    EvidenceFile,
    MethodFacts,
    Operator,
    Report,
    ReportAction,
    ReportCounts,
    ReportObject,
)
from shirase.domain.self_check import Query, SelfCheck
from shirase.domain.stated import FactState, StatedFact, StatedFacts, Topic
from shirase.domain.tickets import TicketMatch
from shirase.domain.window import Window

SENDER = Paired(ja="サンプルID株式会社", en="Sample Identity K.K.")
VENDOR = Paired(ja="シテル社", en="Sitel")

KINDS = (
    ActionKind(
        code="user.view",
        effect=Effect.VIEW,
        label=Paired(ja="ユーザー情報の閲覧", en="View a user"),
        explanation=Paired(
            ja="貴社のユーザー1名のプロフィール（氏名、メールアドレス、状態）を画面に表示しました。",
            en="The profile of one of your users (name, e-mail address, status) was shown on screen.",
        ),
        personal_data=Paired(ja="氏名、メールアドレス、状態", en="Name, e-mail address and status"),
    ),
    ActionKind(
        code="user.mfa.reset",
        effect=Effect.RESET,
        label=Paired(ja="多要素認証（MFA）のリセット", en="Reset multi-factor authentication"),
        explanation=Paired(
            ja="ユーザー1名の認証要素をすべて解除しました。次回のサインインで再登録が必要になります。",
            en="All authentication factors of one user were removed. They must be enrolled again at the next sign-in.",
        ),
        own_log_events=("user.mfa.factor.reset_all",),
    ),
    ActionKind(
        code="org.search",
        effect=Effect.SEARCH,
        label=Paired(ja="ユーザーの検索", en="Search users"),
        explanation=Paired(
            ja="条件を指定して貴社のユーザーの一覧を検索しました。",
            en="The list of your users was searched by a condition.",
        ),
    ),
    ActionKind(
        code="session.impersonate",
        effect=Effect.IMPERSONATE,
        label=Paired(ja="代理アクセスの開始", en="Start support impersonation"),
        explanation=Paired(
            ja="貴社の管理者が許可した範囲で、管理者と同じ画面を開きました。",
            en="The screens of an administrator were opened, within what your administrator had granted.",
        ),
        own_log_events=("user.session.impersonation.initiate",),
    ),
)

OPERATORS = (
    Operator("SE-01", VENDOR, Paired(ja="サポートエンジニア", en="Support engineer"), "PH"),
    Operator("SE-07", VENDOR, Paired(ja="上級サポートエンジニア", en="Senior support engineer"), "US"),
    Operator("SE-X9K2M", None, None, None),
)

CUSTOMER = Customer(
    customer_id="C-0123",
    name_ja="株式会社髙橋商事",
    name_en="Takahashi Shoji Co., Ltd.",
    tenant_ids=("takahashi-prod",),
    domains=("takahashi.example",),
    languages=(Language.JA, Language.EN),
    time_zone="Asia/Tokyo",
)

NARRATIVES = {
    "introduction": Paired(
        ja="このたび、当社の復処理者（再委託先）の業務用端末が侵害され、貴社のテナントに対する操作が"
        "記録されていることを確認しました。ご迷惑とご心配をおかけしておりますことを、深くお詫び申し上げます。\n\n"
        "本書は、貴社に関する操作 {{ your_actions }} 件のすべてをお知らせするものです。",
        en="We have confirmed that a workstation of our sub-processor was compromised and that actions on your tenant "
        "are recorded. We apologise for this incident and for the concern it causes you.\n\n"
        "This report tells you all {{ your_actions }} actions that concern you.",
    ),
    "summary": Paired(
        ja="脅威アクターは、{{ window_start }} から {{ window_end }} までの間、サポートエンジニアの業務用端末に"
        "リモートアクセスしていました。\n\n**最悪の場合を想定し**、この期間に当該組織が行ったすべての操作を対象とします。",
        en="A threat actor had remote access to the workstation of a support engineer from {{ window_start }} to "
        "{{ window_end }}.\n\n**Assuming the worst case**, every action of that organisation in this period is in scope.",
    ),
    "cause": Paired(
        ja="復処理者の端末に、リモートデスクトッププロトコル（RDP）で接続できる状態にありました。",
        en="A workstation of the sub-processor was reachable through the Remote Desktop Protocol (RDP).",
    ),
    "measures": Paired(
        ja="- 当該端末を隔離しました。\n- 関係するすべてのセッションを終了しました。\n- 復処理者との契約を見直しています。",
        en="- The workstation was isolated.\n- All sessions concerned were terminated.\n"
        "- The contract with the sub-processor is under review.",
    ),
    "requests": Paired(
        ja="1. 別紙Aの操作が貴社のご依頼によるものかをご確認ください。\n2. 心当たりのない操作があれば、お問い合わせ窓口まで"
        "お知らせください。\n3. {{ next_update_on }} の次回報告をご確認ください。",
        en="1. Check whether the actions in Annex A were requested by you.\n2. Tell the contact point about any action "
        "that you do not recognise.\n3. Read our next update on {{ next_update_on }}.",
    ),
    "prevention": Paired(
        ja="サポートツールの権限を最小限に改め、端末の管理を当社が直接行います。",
        en="We reduce the privileges of the support tool and manage the workstations ourselves.",
    ),
    "limits": Paired(
        ja="{{ lines_read }} 行のログを調べ、{{ lines_unusable }} 行は読み取れませんでした。"
        "{{ as_of }} 時点で、当社の顧客 {{ customers_total }} 社のうち {{ customers_affected }} 社（{{ customers_share }}）が対象です。",
        en="We examined {{ lines_read }} log lines; {{ lines_unusable }} could not be read. As of {{ as_of }}, "
        "{{ customers_affected }} of our {{ customers_total }} customers ({{ customers_share }}) are affected.",
    ),
}

ORDER = ("introduction", "summary", "cause", "measures", "requests", "prevention", "limits")


STATED = StatedFacts(
    facts=(
        StatedFact(about=Topic.DATA_ITEMS, state=FactState.KNOWN, text=Paired(ja="氏名、メールアドレス", en="Names and e-mail addresses")),
        StatedFact(about=Topic.SUBJECT_CATEGORIES, state=FactState.KNOWN, text=Paired(ja="貴社の利用者", en="Your users")),
        StatedFact(about=Topic.SUBJECT_COUNT, state=FactState.APPROXIMATE, number=1200),
        StatedFact(about=Topic.RECORD_CATEGORIES, state=FactState.KNOWN, text=Paired(ja="アカウント情報", en="Account data")),
        StatedFact(about=Topic.RECORD_COUNT, state=FactState.UNDER_INVESTIGATION),
        StatedFact(
            about=Topic.SPECIAL_CATEGORIES, state=FactState.NOT_APPLICABLE,
            text=Paired(ja="該当する項目がありません。", en="There is no such field."),
        ),
        StatedFact(about=Topic.PROTECTION, state=FactState.KNOWN, text=Paired(ja="ハッシュ化", en="Hashed")),
        StatedFact(
            about=Topic.CONSEQUENCES, state=FactState.KNOWN,
            text=Paired(ja="第三者に閲覧されたおそれがあります。", en="A third party may have viewed them."),
        ),
        StatedFact(
            about=Topic.SECONDARY_HARM, state=FactState.NONE_FOUND,
            searched=Paired(ja="SuperUserのログ", en="the logs of SuperUser"),
        ),
        StatedFact(about=Topic.NATURE, state=FactState.KNOWN, text=Paired(ja="機密性の侵害", en="Of confidentiality")),
        StatedFact(about=Topic.DISCOVERY, state=FactState.KNOWN, text=Paired(ja="アラート", en="An alert")),
        StatedFact(about=Topic.AWARENESS, state=FactState.KNOWN, text=Paired(ja="検知と同時", en="When detected")),
        StatedFact(about=Topic.MALICE, state=FactState.UNDER_INVESTIGATION),
        StatedFact(about=Topic.SUBPROCESSOR, state=FactState.KNOWN, text=VENDOR),
        StatedFact(
            about=Topic.FINANCIAL_HARM, state=FactState.NOT_APPLICABLE,
            text=Paired(ja="該当する項目がありません。", en="There is no such field."),
        ),
        StatedFact(about=Topic.AUTHORITIES, state=FactState.WITHHELD),
        StatedFact(about=Topic.PUBLICATION, state=FactState.KNOWN, text=Paired(ja="公表済み", en="Published")),
        StatedFact(
            about=Topic.INDIVIDUALS, state=FactState.UNDER_INVESTIGATION,
            text=Paired(ja="貴社と協議しています。", en="We are consulting with you."),
        ),
    )
)  # fmt: skip
"""Every topic, and every state at least once."""


def _item(key: str, standing: Standing, particulars: tuple[Particular, ...], places: tuple[str, ...]) -> ItemStanding:
    text = Paired(ja=f"事項その{key}", en=f"Item number {key}")
    source = Paired(ja=f"第33条第{key}項", en=f"Art. 33({key})")
    missing = particulars if standing is Standing.MISSING else ()
    return ItemStanding(
        ChecklistItem(id=key, text=text, source=source, particulars=particulars), standing, places, missing
    )


_ITEMS = (
    _item("1", Standing.PRESENT, (Particular.ADDRESSEE, Particular.SUMMARY, Particular.METHOD), ("0", "3", "B")),
    _item("2", Standing.PARTIAL, (Particular.SUBJECT_COUNT, Particular.RECORD_COUNT), ("5",)),
    _item("3", Standing.PENDING, (Particular.RECORD_COUNT,), ("5",)),
    _item("4", Standing.MISSING, (Particular.OWN_LOG,), ()),
    _item("5", Standing.YOURS, (), ()),
)
CHECKLISTS = (
    RegimeStanding(
        Regime(
            id="gdpr-33-2", title=Paired(ja="GDPR 第33条第2項", en="GDPR Art. 33(2)"),
            items=tuple(entry.item for entry in _ITEMS),
        ),
        _ITEMS,
    ),
    RegimeStanding(
        Regime(
            id="appi-report", title=Paired(ja="個人情報保護法 第26条第1項", en="APPI Art. 26(1)"),
            valid_from=date(2022, 4, 1), items=(_ITEMS[0].item,),
        ),
        (),
    ),
)  # fmt: skip
"""Every standing once, and a list that is not in force yet."""

SELF_CHECK = SelfCheck(
    log=Paired(ja="システムログ", en="system log"),
    how=Paired(ja="管理画面で開いてください。", en="Open it in the administration pages."),
    retention_days=90,
    queries=(
        Query(
            name=Paired(ja="管理画面の検索", en="Search in the administration pages"),
            event='eventType eq "{event}"', between=" or ",
            query='({events}) and published ge "{first}" and published le "{last}"',
        ),
    ),
)  # fmt: skip


def sample_incident(*, exercise: bool = False) -> Incident:
    """An incident like that of January 2022, all names invented but the vendor's."""
    return Incident(
        id="INC-2022-0120",
        exercise=exercise,
        title=Paired(
            ja="サポートツールへの不正アクセスに関するご報告", en="Report on unauthorised access to our support tool"
        ),
        stage=Stage.INITIAL,
        issued_at=datetime(2022, 3, 23, 9, 0, tzinfo=timezone(timedelta(hours=9))),
        as_of=datetime(2022, 3, 22, 15, 0, tzinfo=UTC),
        next_update_on=date(2022, 4, 5),
        drafted_in=Language.EN,
        customer_total=14640,
        reject_limit=0.01,
        window=WindowSection(start=date(2022, 1, 16), end=date(2022, 1, 21), zone="UTC", end_is="inclusive"),
        sender=Sender(
            name=SENDER,
            officer_title=Paired(ja="最高セキュリティ責任者", en="Chief Security Officer"),
            officer_name=Paired(ja="佐藤 明", en="Akira Sato"),
            address=Paired(
                ja="〒100-0001 東京都千代田区千代田1-1", en="1-1 Chiyoda, Chiyoda-ku, Tokyo 100-0001, Japan"
            ),
        ),
        contact=Contact(
            desk=Paired(ja="インシデント対応窓口", en="Incident desk"),
            email="incident@sample-identity.example",
            phone="+81-3-0000-0000",
            hours=Paired(ja="24時間（土日祝日を含む）", en="24 hours, every day"),
        ),
        organisations=(
            Organisation(id="sitel", name=VENDOR, in_scope=True, role=Paired(ja="復処理者", en="sub-processor")),
        ),
        sources=(
            SourceSection(
                id="superuser",
                kind="superuser",
                name=Paired(ja="SuperUser", en="SuperUser"),
                profile="profiles/superuser.toml",
                files=("evidence/superuser/*.ndjson",),
            ),
        ),
    )


def sample_batch(*, exercise: bool = False, narratives: dict[str, Paired] | None = None) -> BatchFacts:
    """Facts of the sample incident; the accounting adds up by hand: 125,430 lines."""
    texts = NARRATIVES | (narratives or {})
    return BatchFacts(
        incident=sample_incident(exercise=exercise),
        window=Window(
            datetime(2022, 1, 16, tzinfo=UTC), datetime(2022, 1, 21, 23, 59, 59, 999999, tzinfo=UTC), zone="UTC"
        ),
        timeline=(
            TimelineEntry(
                first_day=date(2022, 1, 16),
                last_day=date(2022, 1, 21),
                text=Paired(
                    ja="脅威アクターがサポートエンジニアの業務用端末にアクセス。",
                    en="The threat actor had access to the workstation of a support engineer.",
                ),
            ),
            TimelineEntry(
                at=datetime(2022, 1, 20, 23, 18, tzinfo=UTC),
                text=Paired(
                    ja="新しい認証要素の追加をアラートで検知。", en="An alert reported that a new factor was added."
                ),
            ),
            TimelineEntry(
                at=datetime(2022, 1, 21, 0, 28, tzinfo=UTC),
                text=Paired(
                    ja="アカウントを一時停止し、セッションを終了。",
                    en="The account was suspended and its sessions terminated.",
                ),
            ),
        ),
        narrative=tuple(NarrativeSection(name=name, text=texts[name]) for name in ORDER),
        permissions=Permissions(
            can=(
                Permission(
                    text=Paired(
                        ja="ユーザーのパスワードおよび多要素認証（MFA）のリセットを開始すること（新しいパスワードは見えません）。",
                        en="Start a reset of a user's password or MFA (the new password is not visible).",
                    )
                ),
                Permission(
                    text=Paired(ja="ユーザーの一覧を検索し、閲覧すること。", en="Search and view the list of users.")
                ),
            ),
            cannot=(
                Permission(text=Paired(ja="ユーザーを作成または削除すること。", en="Create or delete users.")),
                Permission(
                    text=Paired(ja="顧客データベースをダウンロードすること。", en="Download the customer database.")
                ),
            ),
        ),
        stated=STATED,
        self_check=SELF_CHECK,
        own_log_events=("user.mfa.factor.reset_all", "user.session.impersonation.initiate"),
        method=MethodFacts(
            lines_read=125430,
            in_scope=98000,
            outside_window=20000,
            other_organisation=6400,
            duplicate=700,
            not_an_action=300,
            quarantined=22,
            unattributed=8,
            customers_affected=366,
            customers_total=14640,
            tenants_affected=402,
        ),
    )


def sample_action(number: int, at: datetime, **changes: object) -> ReportAction:
    """A row: somebody of the vendor looked at a user, with a ticket."""
    action = ReportAction(
        number=number,
        action_uid=f"{number:064x}",
        at=at,
        time_text=at.isoformat(),
        time_quality=TimeQuality.EXACT,
        action_code="user.view",
        action_native="su.user.view",
        effect=Effect.VIEW,
        outcome=Outcome.SUCCESS,
        tenant_ids=("takahashi-prod",),
        objects=(ReportObject("user", "00u1ab2cd3EF4gh5i0h7", "yamada.taro@takahashi.example"),),
        masked_count=0,
        operator=OPERATORS[0],
        source_id="superuser",
        ticket_id="CS-0104422",
        reason="login problem",
        evidence_file=1,
        evidence_line=100 + number,
    )
    action = replace(action, **changes)  # type: ignore[arg-type]
    if "ticket_match" in changes:
        return action
    named = TicketMatch.UNCHECKED if action.ticket_id is not None else TicketMatch.NONE
    return replace(action, ticket_match=TicketMatch.WITHHELD if SHARED in action.flags else named)


def sample_actions() -> tuple[ReportAction, ...]:
    """Seven rows over three days that show every kind of cell."""
    return (
        sample_action(1, datetime(2022, 1, 16, 9, 12, 33, tzinfo=UTC)),
        sample_action(
            2, datetime(2022, 1, 16, 20, 5, 1, 645000, tzinfo=UTC), action_code="org.search",
            action_native="su.org.search", effect=Effect.SEARCH, objects=(), operator=OPERATORS[1], ticket_id=None,
        ),
        sample_action(
            3, datetime(2022, 1, 20, 23, 18, 4, tzinfo=UTC), action_code="user.mfa.reset",
            action_native="su.user.mfa.reset", effect=Effect.RESET, outcome=Outcome.DENIED, ticket_id=None,
        ),
        sample_action(
            4, datetime(2022, 1, 20, 23, 20, 59, tzinfo=UTC), action_code="session.impersonate",
            action_native="su.impersonate.start", effect=Effect.IMPERSONATE, operator=OPERATORS[1],
            objects=(
                ReportObject("user", "00uffffffffffffffff0", "鈴木一郎"),
                ReportObject("group", "00gaaaaaaaaaaaaaaaa0", "情報システム部"),
            ),
        ),
        sample_action(
            5, datetime(2022, 1, 21, 0, 1, 0, tzinfo=UTC), action_code="other", action_native="su.beta.inspect_v2",
            effect=Effect.OTHER, outcome=Outcome.UNKNOWN, operator=OPERATORS[2], flags=("id_conflict",),
        ),
        sample_action(
            6, datetime(2022, 1, 21, 0, 2, 0, tzinfo=UTC), outcome=Outcome.FAILURE, masked_count=2, ticket_id=None,
            reason=None, flags=("shared",), objects=(ReportObject(None, None, "sato.hanako@takahashi.example"),),
        ),
        sample_action(
            7, datetime(2022, 1, 21, 8, 30, 0, tzinfo=UTC), time_quality=TimeQuality.ASSUMED_ZONE, evidence_file=2,
        ),
    )  # fmt: skip


def sample_report(
    *,
    actions: Iterable[ReportAction] | None = None,
    counts: ReportCounts | None = None,
    customer: Customer = CUSTOMER,
    batch: BatchFacts | None = None,
    **changes: object,
) -> Report:
    """The report of the seven rows; give other ``actions`` together with their ``counts``."""
    rows = sample_actions() if actions is None else tuple(actions)
    report = Report(
        report_id="INC-2022-0120-7Q4M-2ZKD",
        canary="SAMP-1E00-C0DE",
        batch=batch or sample_batch(),
        customer=customer,
        tenant_counts=tuple((tenant, len(rows)) for tenant in customer.tenant_ids),
        kinds=(KINDS[0], KINDS[1], KINDS[2], KINDS[3]),
        undescribed=("su.beta.inspect_v2",),
        counts=counts or SAMPLE_COUNTS,
        impact=Impact.POTENTIAL,
        supersession=None,
        first_at=rows[0].at,
        last_at=rows[-1].at,
        evidence_files=(
            EvidenceFile("evidence/superuser/2022-01.ndjson", "3f" * 32),
            EvidenceFile("evidence/superuser/regional-console.csv", "a0" * 32),
        ),
        actions=rows,
    )
    return replace(report, **changes)  # type: ignore[arg-type]


SAMPLE_COUNTS = ReportCounts(
    actions=7,
    without_ticket=2,
    not_successful=2,
    shared_with_others=1,
    confirmed=0,
    operators=3,
    by_effect=(
        (Effect.IMPERSONATE, 1),
        (Effect.RESET, 1),
        (Effect.SEARCH, 1),
        (Effect.VIEW, 3),
        (Effect.OTHER, 1),
    ),
    by_code=(("user.view", 3), ("org.search", 1), ("other", 1), ("session.impersonate", 1), ("user.mfa.reset", 1)),
    by_day=(
        (date(2022, 1, 16), 2),
        (date(2022, 1, 17), 0),
        (date(2022, 1, 18), 0),
        (date(2022, 1, 19), 0),
        (date(2022, 1, 20), 2),
        (date(2022, 1, 21), 3),
    ),
)


def many_actions(count: int) -> Report:
    """``count`` rows, five minutes apart at most, over the six days; every ninth without a ticket."""
    start = datetime(2022, 1, 16, 0, 0, 5, tzinfo=UTC)
    step = timedelta(days=6) / count
    codes = ((kind.code, kind.effect) for _ in range(count) for kind in KINDS)
    rows = [
        sample_action(
            number, (start + step * (number - 1)).replace(microsecond=0), action_code=code, effect=effect,
            operator=OPERATORS[number % 2], ticket_id=None if number % 9 == 0 else f"CS-{100000 + number}",
            objects=(ReportObject("user", f"00u{number:017d}", f"user.{number}@takahashi.example"),),
        )
        for number, (code, effect) in zip(range(1, count + 1), codes, strict=False)
    ]  # fmt: skip
    per_day = [sum(1 for row in rows if row.at.day == day) for day in range(16, 22)]
    per_kind = [sum(1 for row in rows if row.action_code == kind.code) for kind in KINDS]
    counts = ReportCounts(
        actions=count,
        without_ticket=count // 9,
        not_successful=0,
        shared_with_others=0,
        confirmed=0,
        operators=min(count, 2),
        by_effect=tuple((kind.effect, number) for kind, number in zip(KINDS, per_kind, strict=True) if number),
        by_code=tuple((kind.code, number) for kind, number in zip(KINDS, per_kind, strict=True) if number),
        by_day=tuple((date(2022, 1, day), number) for day, number in zip(range(16, 22), per_day, strict=True)),
    )
    kinds = tuple(kind for kind, number in zip(KINDS, per_kind, strict=True) if number)
    return sample_report(actions=rows, counts=counts, kinds=kinds, undescribed=())
