"""A name server on loopback: it knows what a test tells it, over UDP, and can fail or stay silent about a name."""

import socket
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.resolver
import dns.rrset

FAILS, SILENT = "fails", "silent"
"""In place of records: the server answers SERVFAIL, or not at all."""

Zone = Mapping[tuple[str, str], Sequence[str] | str]
"""Records by name and type, as zone files write them; a long text is written as it is and cut into pieces of 255."""


@contextmanager
def naming(zone: Zone) -> Iterator[dns.resolver.Resolver]:
    """A resolver that asks this server and no other, until the block ends."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
        thread = threading.Thread(target=_serve, args=(listener, zone), daemon=True)
        thread.start()
        resolver = dns.resolver.Resolver(configure=False)
        resolver.nameservers, resolver.port, resolver.timeout = ["127.0.0.1"], port, 0.5
        try:
            yield resolver
        finally:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as waking:
                waking.sendto(b"", ("127.0.0.1", port))
            thread.join(20)


def _serve(listener: socket.socket, zone: Zone) -> None:
    while True:
        asked, client = listener.recvfrom(65535)
        if not asked:
            return
        answer = _answer(asked, zone)
        if answer is not None:
            listener.sendto(answer, client)


def _answer(asked: bytes, zone: Zone) -> bytes | None:
    try:
        query = dns.message.from_wire(asked)
    except dns.exception.DNSException:
        return None
    question = query.question[0]
    name, kind = question.name.to_text().rstrip(".").lower(), dns.rdatatype.to_text(question.rdtype)
    known = zone.get((name, kind), ())
    if known == SILENT:
        return None
    answer = dns.message.make_response(query)
    answer.flags |= dns.flags.AA
    if known == FAILS:
        answer.set_rcode(dns.rcode.SERVFAIL)
    elif known:
        texts = [_quoted(each) if kind == "TXT" else each for each in known]
        answer.answer.append(dns.rrset.from_text(question.name, 60, "IN", kind, *texts))
    elif not any(each == name or each.endswith(f".{name}") for each, _ in zone):
        answer.set_rcode(dns.rcode.NXDOMAIN)
    return answer.to_wire(max_size=65535)


def _quoted(text: str) -> str:
    pieces = [text[start : start + 255] for start in range(0, len(text), 255)] or [""]
    return " ".join('"' + piece.replace("\\", "\\\\").replace('"', '\\"') + '"' for piece in pieces)
