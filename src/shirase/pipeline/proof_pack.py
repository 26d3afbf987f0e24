"""Edge: everything that proves what one customer was sent, and what came of it, in one archive that explains itself."""

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import asdict

from shirase.domain.errors import Problem, UsageError
from shirase.domain.sending import REPORTING, Delivery
from shirase.ledger.open import Ledger
from shirase.pipeline.outbox import Outbox
from shirase.pipeline.output import OutputFolder, write_whole
from shirase.pipeline.sealed import SealedFolder, newest_manifest

_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The same archive every time: the earliest date that a ZIP file can hold."""

_READ_ME = """\
この資料は、1通の報告書の送付について、送付元の記録をまとめたものです。
This archive holds the sender's records of the delivery of one report.

mail/*.eml         サーバに渡した電子メールそのもの / the very messages handed to the mail server
returned/*.eml     不達通知・受領通知・返信の原本 / notices and answers that came back, as they were received
sealed/*.pdf       電子シール済みの報告書 / the sealed report
sealed/manifest.*  署名済みの目録(お客様名は含まれません) / the signed list of all reports; it names no customer
deliveries.json    送達ごとの経過(日時、サーバの応答) / each delivery: when, and what the servers replied
journal.json       記録簿の該当箇所(連鎖ハッシュ付き) / the entries of the hash-chained journal that concern it
SHA256SUMS         各ファイルのSHA-256 / SHA-256 of every file: sha256sum -c SHA256SUMS

「accepted」は、メールサーバが引き受けたことを示すもので、受信者に届いたことの証明ではありません。
"accepted" says that a mail server took the message over; it does not prove that it reached anybody.
"""


def write_proof_pack(output: OutputFolder, ledger: Ledger, report_id: str) -> str:
    """Write ``mail/proof/<report id>.zip``; the same records give the same bytes.

    Returns:
        Its path.

    Raises:
        UsageError: When nothing was ever planned for that report.
        TamperedError: When a mail is not the one that was handed over.
    """
    deliveries = [each for each in ledger.deliveries.all() if each.mail.report_id == report_id]
    deliveries = [each for each in deliveries if each.mail.kind in {*REPORTING, "reminder"}]
    if not deliveries:
        raise UsageError(Problem("nothing was planned for it", report_id, "`shirase deliveries list`"))
    files = dict(sorted(_files(output, ledger, report_id, deliveries)))
    sums = "".join(f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in files.items())
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, held in {**files, "SHA256SUMS": sums.encode()}.items():
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), held, zipfile.ZIP_DEFLATED)
    path = Outbox.of(output).proof(report_id)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_whole(path, content.getvalue())
    return str(path)


def _files(
    output: OutputFolder, ledger: Ledger, report_id: str, deliveries: list[Delivery]
) -> Iterator[tuple[str, bytes]]:
    outbox, sealed = Outbox.of(output), SealedFolder.of(output)
    yield "README.txt", _READ_ME.encode()
    told = []
    for each in deliveries:
        events = [asdict(event) for event in ledger.deliveries.events(each.id)]
        returned = ledger.deliveries.returned(each.id)
        told.append({**asdict(each), "events": events, "returned": [asdict(mail) for mail in returned]})
        if each.mail.message_id:
            yield f"mail/{each.id}.eml", outbox.read_mail(each.mail)
        for mail in returned:
            yield f"returned/{mail.digest}.eml", outbox.returned(mail.digest).read_bytes()
    yield "deliveries.json", _json(told)
    subjects = {report_id, *(each.id for each in deliveries)}
    entries = [
        entry for subject in sorted(subjects) for entry in ledger.overview.entries(limit=10_000, subject=subject)
    ]
    yield "journal.json", _json([asdict(entry) for entry in sorted(entries, key=lambda entry: entry.number)])
    if newest_manifest(output) is not None:
        yield "sealed/manifest.json", sealed.manifest.read_bytes()
        yield "sealed/manifest.json.p7s", sealed.signature.read_bytes()
    for digest in sorted({each.mail.sealed_digest for each in deliveries}):
        yield f"sealed/{digest[:16]}.{report_id}.pdf", _sealed_file(sealed, report_id, digest)


def _sealed_file(sealed: SealedFolder, report_id: str, digest: str) -> bytes:
    for path in (sealed.pdf(report_id), sealed.earlier(report_id, digest)):
        if path.exists() and hashlib.sha256(content := path.read_bytes()).hexdigest() == digest:
            return content
    raise UsageError(Problem("the sealed file that was sent is gone", report_id, "`shirase verify`"))


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True, default=str).encode() + b"\n"
