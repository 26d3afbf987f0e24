"""A Postfix and a Dovecot of the tests' own: loopback only, everything below a temporary folder, stopped by their ids.

Three kinds of domains are served. Mails to ``customer.example`` and ``sender.example`` end in maildirs, and what is not
there bounces *after* it was accepted, as behind a gateway. Those to ``leave.example`` go through Dovecot's Sieve, where
a script can answer for somebody on leave. Those to ``slow.example`` stay in the queue. Nothing leaves the machine.
"""

import grp
import json
import os
import pwd
import shutil
import signal
import smtplib
import socket
import ssl
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from server_certificate import ServerCertificate, make_certificate

_POSTFIX, _SIEVE = Path("/usr/lib/postfix/sbin"), Path("/usr/lib/dovecot/modules/lib90_sieve_plugin.so")
_PATIENCE = 60.0
_KEEPER = "nobody"
T = TypeVar("T")

# master(5): service, type, private, unprivileged, chroot, wake-up, process limit, command
_MASTER = """
127.0.0.1:{smtp_port} inet n - n - - smtpd
127.0.0.1:{inner_port} inet n - n - - smtpd
  -o smtpd_sasl_auth_enable=no -o mynetworks=127.0.0.0/8 -o smtpd_relay_restrictions=permit_mynetworks,reject
  -o smtpd_recipient_restrictions=permit_mynetworks,reject
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""

PASSWORD = "s3cret-of-the-test"
SUBMITTER = "shirase@sender.example"
MAILBOXES = (
    SUBMITTER, "incident@sender.example", "bounces@sender.example", "canary@sender.example", "manager@leave.example",
    "security@customer.example", "privacy@customer.example", "admin@leave.example",
)  # fmt: skip


def missing_for_mail_servers() -> str:
    """What keeps these servers from running here, in words; empty when nothing does."""
    wanted = {
        "postfix": _POSTFIX / "master", "dovecot-imapd": Path("/usr/lib/dovecot/imap"),
        "dovecot-lmtpd": Path("/usr/lib/dovecot/lmtp"), "dovecot-sieve": _SIEVE,
    }  # fmt: skip
    absent = [name for name, path in wanted.items() if not path.exists()]
    if absent:
        return f"these packages are not installed: {', '.join(absent)}"
    if os.geteuid() != 0:
        return "Postfix and Dovecot have to be started by root"
    return ""


@dataclass(frozen=True)
class MailServers:
    """Both servers while they run.

    Attributes:
        folder: Of everything they have.
        certificate: Which both show, for localhost and 127.0.0.1.
        smtp_port: Postfix: STARTTLS, then AUTH, then mails.
        imap_port: Dovecot: TLS from the start.
        inner_port: Postfix again, for Sieve: takes mails from this machine without a login.
    """

    folder: Path
    certificate: ServerCertificate
    smtp_port: int
    imap_port: int
    inner_port: int
    host: str = "localhost"
    user: str = SUBMITTER
    password: str = PASSWORD

    def trust(self) -> ssl.SSLContext:
        """For a client that trusts the test's authority and no other."""
        return ssl.create_default_context(cafile=str(self.certificate.authority))

    def maildir(self, address: str) -> Path:
        """The folder of a mailbox, with cur, new and tmp."""
        name, _, domain = address.partition("@")
        return self.folder / "mail" / domain / name

    def mails(self, address: str) -> list[bytes]:
        """All mails of a mailbox, oldest first."""
        while True:
            try:
                paths = [path for part in ("new", "cur") for path in (self.maildir(address) / part).glob("*")]
                return [path.read_bytes() for path in sorted(paths, key=lambda path: path.stat().st_mtime_ns)]
            except FileNotFoundError:  # Dovecot moved one from new to cur meanwhile
                continue

    def wait_for_mails(self, address: str, count: int = 1) -> list[bytes]:
        """The mails of a mailbox once there are ``count`` of them.

        Raises:
            TimeoutError: With the servers' log.
        """
        return self.wait(lambda: self.mails(address), lambda mails: len(mails) >= count)

    def drop(self, address: str, content: bytes) -> None:
        """Put a message into a mailbox as if it had been delivered."""
        folder = self.maildir(address)
        for part in ("cur", "new", "tmp"):
            (folder / part).mkdir(parents=True, exist_ok=True)
        name = f"{time.time_ns()}.dropped"
        (folder / "tmp" / name).write_bytes(content)
        (folder / "tmp" / name).rename(folder / "new" / name)
        _give_away(folder, _KEEPER)

    def submit(
        self, message: bytes, to: Sequence[str], *, sender: str = "bounces@sender.example", envelope_id: str = "",
        notify: str = "SUCCESS,FAILURE,DELAY",
    ) -> None:  # fmt: skip
        """One mail in one transaction, over TLS, with the DSN extension (RFC 3461)."""
        with smtplib.SMTP(self.host, self.smtp_port, timeout=_PATIENCE) as client:
            client.starttls(context=self.trust())
            client.login(self.user, self.password)
            options = [f"ENVID={envelope_id}", "RET=HDRS"] if envelope_id else []
            client.sendmail(sender, list(to), message, options, [f"NOTIFY={notify}"])

    def queue(self) -> list[Mapping[str, object]]:
        """The mails that Postfix still holds, as ``postqueue -j`` tells."""
        asked = ["postqueue", "-c", str(self.folder / "postfix"), "-j"]
        done = subprocess.run(asked, capture_output=True, text=True, check=True, timeout=_PATIENCE)
        return [json.loads(line) for line in done.stdout.splitlines()]

    def answer_for(self, address: str, script: str) -> None:
        """Give somebody at leave.example a Sieve script (RFC 5228, 5230)."""
        path = self.maildir(address) / ".dovecot.sieve"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(script, encoding="utf-8")
        _give_away(path.parent, _KEEPER)

    def log(self) -> str:
        """What both have logged."""
        paths = [self.folder / "log" / "postfix", self.folder / "log" / "dovecot"]
        return "".join(path.read_text(encoding="utf-8", errors="replace") for path in paths if path.exists())

    def wait(self, look: Callable[[], T], enough: Callable[[T], bool]) -> T:
        """What ``look`` finds, once it is ``enough``.

        Raises:
            TimeoutError: With the log.
        """
        end = time.monotonic() + _PATIENCE
        while not enough(found := look()):
            if time.monotonic() > end:
                raise TimeoutError(self.log()[-4000:])
            time.sleep(0.05)
        return found


@contextmanager
def running_mail_servers(
    *, names: tuple[str, ...] = ("localhost", "127.0.0.1"), settings: Mapping[str, str] | None = None
) -> Iterator[MailServers]:
    """Both servers until the block ends.

    Args:
        names: What their certificate is for.
        settings: Of Postfix (main.cf), besides or instead of those below.
    """
    folder = Path(tempfile.mkdtemp(prefix="shirase-mail-", dir="/tmp"))
    folder.chmod(0o755)
    try:
        certificate = make_certificate(folder / "certificate", names)
        servers = MailServers(folder, certificate, *_free_ports())
        _lay_out(folder)
        _write_dovecot(servers)
        _write_postfix(servers, settings or {})
        dovecot = ["dovecot", "-F", "-c", str(folder / "dovecot.conf")]
        with _running(dovecot, folder / "log" / "dovecot.out") as imap:
            _wait_for_port(servers, imap, servers.imap_port)
            postfix = [str(_POSTFIX / "master"), "-s", "-c", str(folder / "postfix")]
            with _running(postfix, folder / "log" / "postfix.out") as smtp:
                _wait_for_port(servers, smtp, servers.smtp_port)
                yield servers
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _running(command: Sequence[str], out: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A server in a process group of its own, so that its children end with it."""
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "HOME": "/"}
    with out.open("wb") as log:
        server = subprocess.Popen(
            command, cwd="/", env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
        )
    try:
        yield server
    finally:
        server.send_signal(signal.SIGTERM)
        try:
            server.wait(timeout=20)
        finally:
            _end_group(server.pid)


def _end_group(group: int) -> None:
    """Whoever of the group outlived its first process."""
    try:
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        return


def _lay_out(folder: Path) -> None:
    queue, owner, group = folder / "queue", pwd.getpwnam("postfix"), grp.getgrnam("postdrop")
    for name in ("postfix", "log", "dovecot-run", "dovecot-state", "queue/pid"):
        (folder / name).mkdir(parents=True)
    private = (
        "active",
        "bounce",
        "corrupt",
        "defer",
        "deferred",
        "flush",
        "hold",
        "incoming",
        "private",
        "saved",
        "trace",
    )
    for name in private:
        (queue / name).mkdir(mode=0o700)
        os.chown(queue / name, owner.pw_uid, -1)
    for name, mode in (("maildrop", 0o730), ("public", 0o710)):
        (queue / name).mkdir()
        os.chown(queue / name, owner.pw_uid, group.gr_gid)
        (queue / name).chmod(mode)
    (folder / "data").mkdir(mode=0o700)
    os.chown(folder / "data", owner.pw_uid, -1)
    for address in MAILBOXES:
        name, _, domain = address.partition("@")
        (folder / "mail" / domain / name).mkdir(parents=True)
    _give_away(folder / "mail", _KEEPER)


def _give_away(folder: Path, user: str) -> None:
    owner = pwd.getpwnam(user)
    for path in (folder, *folder.rglob("*")):
        os.chown(path, owner.pw_uid, owner.pw_gid)


def _write_postfix(servers: MailServers, settings: Mapping[str, str]) -> None:
    folder, keeper = servers.folder, pwd.getpwnam(_KEEPER)
    maps = folder / "postfix"
    kept = [each for each in MAILBOXES if not each.endswith("@leave.example")]
    (maps / "mailboxes").write_text(
        "".join(f"{each} {each.partition('@')[2]}/{each.partition('@')[0]}/\n" for each in kept)
    )
    (maps / "ways").write_text(
        "slow.example retry:4.2.2 this mailbox is full\n"
        "closed.example error:5.7.1 this organisation takes no mail from outside\n"
        f"leave.example lmtp:unix:{folder}/queue/private/dovecot-lmtp\n"
    )
    main = {
        "compatibility_level": "3.6", "queue_directory": folder / "queue", "data_directory": folder / "data",
        "daemon_directory": _POSTFIX, "command_directory": "/usr/sbin", "mail_owner": "postfix",
        "maillog_file": folder / "log" / "postfix", "maillog_file_prefixes": folder / "log",
        "myhostname": "mail.sender.example", "mydestination": "", "mynetworks": "", "alias_maps": "",
        "alias_database": "", "local_recipient_maps": "", "inet_interfaces": "127.0.0.1", "inet_protocols": "ipv4",
        "smtp_dns_support_level": "disabled", "default_transport": "error:5.1.2 nothing leaves this machine",
        "recipient_delimiter": "+", "virtual_mailbox_domains": "customer.example, sender.example",
        "virtual_mailbox_base": folder / "mail", "virtual_mailbox_maps": f"texthash:{maps}/mailboxes",
        "virtual_minimum_uid": 1, "virtual_uid_maps": f"static:{keeper.pw_uid}",
        "virtual_gid_maps": f"static:{keeper.pw_gid}", "transport_maps": f"texthash:{maps}/ways",
        "relay_domains": "leave.example, slow.example, closed.example", "relay_transport": "$default_transport",
        "smtpd_reject_unlisted_recipient": "no", "smtpd_relay_restrictions": "permit_sasl_authenticated, reject",
        "smtpd_recipient_restrictions": "permit_sasl_authenticated, reject",
        "smtpd_tls_security_level": "may", "smtpd_tls_auth_only": "yes",
        "smtpd_tls_cert_file": servers.certificate.chain, "smtpd_tls_key_file": servers.certificate.key,
        "smtpd_sasl_auth_enable": "yes", "smtpd_sasl_type": "dovecot", "smtpd_sasl_path": "private/auth",
        "message_size_limit": 26_000_000, "mailbox_size_limit": 0, "virtual_mailbox_limit": 0,
        "minimal_backoff_time": "1s", "maximal_backoff_time": "2s", "queue_run_delay": "1s",
        "delay_warning_time": "1s", "notify_classes": "", "smtpd_client_connection_count_limit": 0,
        "disable_vrfy_command": "yes", "biff": "no",
        **settings,
    }  # fmt: skip
    (maps / "main.cf").write_text("".join(f"{key} = {value}\n" for key, value in main.items()), encoding="utf-8")
    ports = {"smtp_port": servers.smtp_port, "inner_port": servers.inner_port}
    (maps / "master.cf").write_text(_MASTER.format(**ports), encoding="utf-8")


def _write_dovecot(servers: MailServers) -> None:
    folder, keeper = servers.folder, pwd.getpwnam(_KEEPER)
    users = folder / "users"
    users.write_text("".join(f"{each}:{{PLAIN}}{PASSWORD}\n" for each in MAILBOXES), encoding="utf-8")
    home = f"{folder}/mail/%d/%n"
    (folder / "dovecot.conf").write_text(
        f"""
base_dir = {folder}/dovecot-run
state_dir = {folder}/dovecot-state
log_path = {folder}/log/dovecot
protocols = imap lmtp
listen = 127.0.0.1
ssl = required
ssl_cert = <{servers.certificate.chain}
ssl_key = <{servers.certificate.key}
disable_plaintext_auth = yes
auth_mechanisms = plain login
recipient_delimiter = +
first_valid_uid = 1
first_valid_gid = 1
mail_location = maildir:{home}
postmaster_address = postmaster@leave.example
hostname = mail.leave.example
passdb {{
  driver = passwd-file
  args = scheme=PLAIN {users}
}}
userdb {{
  driver = static
  args = uid={keeper.pw_uid} gid={keeper.pw_gid} home={home}
}}
namespace inbox {{
  inbox = yes
}}
service imap-login {{
  inet_listener imap {{
    port = 0
  }}
  inet_listener imaps {{
    port = {servers.imap_port}
    ssl = yes
  }}
}}
service auth {{
  unix_listener {folder}/queue/private/auth {{
    mode = 0600
    user = postfix
  }}
}}
service lmtp {{
  unix_listener {folder}/queue/private/dovecot-lmtp {{
    mode = 0600
    user = postfix
  }}
}}
protocol lmtp {{
  mail_plugins = sieve
}}
plugin {{
  sieve = file:~/.sieve;active=~/.dovecot.sieve
}}
submission_host = 127.0.0.1:{servers.inner_port}
""",
        encoding="utf-8",
    )


def _free_ports() -> tuple[int, int, int]:
    with socket.socket() as one, socket.socket() as two, socket.socket() as three:
        for each in (one, two, three):
            each.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1]), int(two.getsockname()[1]), int(three.getsockname()[1])


def _wait_for_port(servers: MailServers, server: subprocess.Popen[bytes], port: int) -> None:
    end = time.monotonic() + _PATIENCE
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=2).close()
        except OSError:
            if server.poll() is not None or time.monotonic() > end:
                said = "".join(path.read_text(errors="replace") for path in (servers.folder / "log").iterdir())
                raise TimeoutError(said) from None
            time.sleep(0.05)
            continue
        return
