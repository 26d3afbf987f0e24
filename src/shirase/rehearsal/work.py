"""What engineers do in SuperUser: the kinds of action, how often each occurs, and what it touches.

Nothing here may contradict what ``permissions.toml`` says the tool cannot do.
"""

from dataclasses import dataclass
from itertools import accumulate

from shirase.rehearsal.streams import Chance


@dataclass(frozen=True, slots=True)
class Work:
    """A kind of action.

    Attributes:
        native: SuperUser's own code.
        legacy: The older console's code; empty where that console cannot do it.
        thing: What it touches: ``user``, ``group``, ``app``, ``policy``, ``query``, ``tenant`` or ``directory``.
        weight: How often, relative to the others.
    """

    native: str
    legacy: str
    thing: str
    weight: int


WORKS = (
    Work("su.tenant.overview", "TENANT_OVERVIEW", "tenant", 170),
    Work("su.tenant.settings.get", "SETTINGS_VIEW", "tenant", 60),
    Work("su.tenant.settings.set", "", "tenant", 9),
    Work("su.tenant.feature.set", "", "tenant", 12),
    Work("su.tenant.ratelimit.set", "", "tenant", 5),
    Work("su.tenant.admins.list", "", "tenant", 40),
    Work("su.tenant.impersonate", "", "tenant", 9),
    Work("su.tenant.access.extend", "", "tenant", 12),
    Work("su.user.get", "USER_VIEW", "user", 190),
    Work("su.user.find", "USER_FIND", "query", 120),
    Work("su.user.unlock", "USER_UNLOCK", "user", 24),
    Work("su.user.password.reset", "PASSWORD_RESET", "user", 26),
    Work("su.user.factor.list", "FACTOR_LIST", "user", 60),
    Work("su.user.factor.reset", "FACTOR_RESET", "user", 22),
    Work("su.user.session.end", "", "user", 8),
    Work("su.user.activation.resend", "", "user", 16),
    Work("su.group.get", "GROUP_VIEW", "group", 34),
    Work("su.app.get", "APP_VIEW", "app", 70),
    Work("su.app.set", "", "app", 6),
    Work("su.policy.get", "POLICY_VIEW", "policy", 52),
    Work("su.directory.get", "", "directory", 26),
    Work("su.directory.sync", "", "directory", 10),
    Work("su.log.query", "LOG_QUERY", "query", 160),
    Work("su.log.bundle", "", "tenant", 7),
    Work("su.note.add", "NOTE_ADD", "tenant", 48),
)

LEGACY_WORKS = tuple(work for work in WORKS if work.legacy)

UNDESCRIBED_NATIVE = "su.diag.op_7731"
"""A code that the profile maps nowhere."""

CONSOLE_NOISE = ("su.console.heartbeat", "su.console.navigate", "su.engineer.sign_in", "su.engineer.sign_out")
LEGACY_NOISE = ("SESSION_PING", "ENGINEER_LOGIN")

RESULTS = ("OK", "FAILED", "DENIED", "?")
RESULT_WEIGHTS = (962, 22, 13, 3)

REASON_SHARE = 0.45

REASONS_JA = (
    "利用者がサインインできないとのお問い合わせ",
    "管理者様からのご依頼（電話）",
    "ディレクトリ連携の遅延調査",
    "端末紛失に伴うMFAの再登録。折り返しの電話で本人確認済み",
    "ポリシー変更後のサインイン失敗の調査",
)
REASONS_EN = (
    "Customer reports sign-in loop after policy change",
    "MFA device lost, identity confirmed by call-back",
    "Checking rate limit warnings before the weekend",
    "Follow-up on the error seen in the directory sync",
    "Administrator asked for help by phone",
)

_ALL = (WORKS, list(accumulate(work.weight for work in WORKS)))
_LEGACY = (LEGACY_WORKS, list(accumulate(work.weight for work in LEGACY_WORKS)))


def draw_work(chance: Chance, *, legacy: bool) -> Work:
    """A kind of action, by how often each occurs."""
    works, cumulated = _LEGACY if legacy else _ALL
    return chance.choices(works, cum_weights=cumulated)[0]
