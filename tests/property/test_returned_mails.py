"""No mail of a stranger stops the reading of mails, or makes evidence out of nothing."""

from hypothesis import given
from hypothesis import strategies as st

from returned_mails import AUTOMATIC, BOUNCES, ID, KNOWN, ODD, group, report
from shirase.delivery.failure_reports import read_returned
from shirase.delivery.round_trip import compare_round_trip

REAL = [report(group("failed", "5.1.1")), *(each[0] for each in ODD.values()), *AUTOMATIC.values()]
PIECES = st.one_of(
    st.binary(max_size=20),
    st.sampled_from([b"\r\n", b"\r\n\r\n", b"--=b\r\n", b"=?iso-2022-jp?b?", b"\x1b$B", b";", b'"', b"*=", b"\0"]),
)


@given(st.sampled_from(REAL), st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 60), PIECES), max_size=8))
def test_a_broken_mail_is_read(mail: bytes, changes: list[tuple[int, int, bytes]]) -> None:
    """Real mails with pieces cut out and put in are read, and speak of no delivery but the one they were about."""
    for at, length, piece in changes:
        mail = mail[:at] + piece + mail[at + length :]
    found = read_returned(mail, KNOWN, BOUNCES)
    assert found.delivery_id in {"", ID}
    assert len(found.diagnostic) <= 500
    assert found.diagnostic.isprintable()
    compare_round_trip(REAL[0], mail)


@given(st.binary(max_size=400))
def test_noise_is_read(noise: bytes) -> None:
    """Any bytes are a mail, about nothing."""
    assert read_returned(noise, KNOWN, BOUNCES).event is None


@given(st.text(max_size=60), st.sampled_from(["To", "Subject", "Delivered-To", "Content-Type", "Original-Envelope-Id"]))
def test_headers_of_noise_match_nothing(text: str, name: str) -> None:
    """No header that does not hold a delivery's id makes evidence."""
    raw = f"{name}: {text}\n".encode() + report(group("delivered", "2.0.0"), to=BOUNCES, original="")
    assert read_returned(raw, KNOWN, BOUNCES).event is None
