"""Canaries: a code for each customer that nobody can make without the key of the case."""

import base64
import hashlib
import hmac

from shirase.domain.canary import canary

KEY = bytes(range(32))
CROCKFORD = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "0123456789ABCDEFGHJKMNPQRSTVWXYZ")


def test_a_code_is_the_beginning_of_the_hmac() -> None:
    """Computed here another way: the standard library's base 32, its letters exchanged for Crockford's."""
    digest = hmac.digest(KEY, b"canary\0INC-1\0C-1", hashlib.sha256)
    letters = base64.b32encode(digest).decode().translate(CROCKFORD)[:12]
    assert canary(KEY, "INC-1", "C-1") == f"{letters[:4]}-{letters[4:8]}-{letters[8:]}"


def test_each_customer_incident_and_key_has_its_own() -> None:
    """The same customer has another code in another incident, and under another key."""
    others = {canary(KEY, "INC-1", "C-2"), canary(KEY, "INC-2", "C-1"), canary(KEY[::-1], "INC-1", "C-1")}
    assert len({canary(KEY, "INC-1", "C-1"), *others}) == 4
