"""``shirase send --to-sink``: the whole batch to a capture server, as it would be sent; no ledger hears of it."""

from collections.abc import Iterator, Sequence

from shirase.delivery.dialogue import Ended, Envelope, MailConnection
from shirase.domain.delivery import Attempt
from shirase.domain.sending import PlannedMail, masked
from shirase.pipeline.outbox import Outbox
from shirase.pipeline.outgoing import Outgoing
from shirase.pipeline.progress import Progress


def send_to_sink(
    outgoing: Outgoing, mails: Sequence[PlannedMail], connection: MailConnection, progress: Progress
) -> Iterator[tuple[PlannedMail, Attempt]]:
    """The whole batch to a server that keeps everything and delivers nothing; no ledger hears of it."""
    outbox = Outbox.of(outgoing.output)
    progress.begin("sending to the sink", len(mails))
    try:
        for mail in mails:
            envelope = Envelope(outgoing.settings.sender.return_path(mail.delivery_id), mail.address, mail.delivery_id)
            message = outbox.read_mail(mail)
            try:
                if not connection.is_open:
                    connection.open()
                yield mail, connection.send(envelope, message, lambda: None)
            except Ended as ended:
                yield mail, ended.attempt
            progress.advance(1, masked(mail.address))
    finally:
        connection.close()
        progress.end()
