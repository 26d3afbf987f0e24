"""A time-stamp authority on loopback: OpenSSL answers, HTTP carries (RFC 3161, 3.4)."""

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

_CONF = """
[req]
distinguished_name = dn
[dn]
[authority]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[tsa]
basicConstraints = critical, CA:false
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
[stamp]
serial = {folder}/serial
signer_cert = {folder}/tsa.pem
certs = {folder}/authority.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ess_cert_id_chain = no
ess_cert_id_alg = sha256
"""


@dataclass(frozen=True)
class Stamping:
    """Where it answers, and the certificate of its own authority."""

    url: str
    authority: Path


@contextmanager
def stamping(folder: Path, openssl: str, *, refuses: bool = False) -> Iterator[Stamping]:
    """Stamp until the block ends; one that ``refuses`` answers every request with an error."""
    folder.mkdir()
    (folder / "tsa.conf").write_text(_CONF.format(folder=folder), encoding="utf-8")
    (folder / "serial").write_text("01\n", encoding="utf-8")
    _make_certificates(folder, openssl)

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = self.rfile.read(int(self.headers["Content-Length"]))
            answer = b"no" if refuses else _stamp(folder, openssl, asked)
            self.send_response(500 if refuses else 200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            """Nothing: the tests' output is not its place."""

    with HTTPServer(("127.0.0.1", 0), Answers) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield Stamping(f"http://127.0.0.1:{server.server_port}/", folder / "authority.pem")
        finally:
            server.shutdown()
            thread.join(20)


def _make_certificates(folder: Path, openssl: str) -> None:
    conf, key = str(folder / "tsa.conf"), ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    authority = ["-x509", *key, "-keyout", "authority.key", "-out", "authority.pem", "-subj", "/CN=Stamp authority"]
    request = [*key, "-keyout", "tsa.key", "-out", "tsa.csr", "-subj", "/CN=Stamps"]
    issue = ["-req", "-in", "tsa.csr", "-CA", "authority.pem", "-CAkey", "authority.key", "-CAcreateserial"]
    for words in (
        ["req", "-config", conf, *authority, "-days", "30", "-extensions", "authority"],
        ["req", "-config", conf, *request],
        ["x509", *issue, "-out", "tsa.pem", "-days", "30", "-extfile", conf, "-extensions", "tsa"],
    ):
        subprocess.run([openssl, *words], cwd=folder, check=True, capture_output=True, timeout=60)


def _stamp(folder: Path, openssl: str, asked: bytes) -> bytes:
    (folder / "asked.tsq").write_bytes(asked)
    words = ["ts", "-reply", "-config", "tsa.conf", "-section", "stamp", "-queryfile", "asked.tsq", "-out", "reply.tsr"]
    subprocess.run([openssl, *words], cwd=folder, check=True, capture_output=True, timeout=60)
    return (folder / "reply.tsr").read_bytes()
