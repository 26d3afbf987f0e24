"""Where chance comes from: one named stream for each purpose, so that a change in one leaves the others alone."""

import random

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_MULTIPLIER = 0x9E3779B97F4A7C15
"""Odd, hence a bijection modulo any power of two (Knuth's multiplicative hashing by the golden ratio)."""

Chance = random.Random


def stream(seed: int, purpose: str) -> Chance:
    """The stream of ``purpose``; the same seed and purpose give the same numbers on every machine."""
    return random.Random(f"{seed}/{purpose}")  # noqa: S311  a rehearsal must be repeatable, not unpredictable


def opaque_id(number: int, *, chars: int) -> str:
    """An identifier that looks drawn by lot, and differs for every ``number`` below 32 to the power of ``chars``."""
    bits = 5 * chars
    mixed = (number * _MULTIPLIER) & ((1 << bits) - 1)
    mixed ^= mixed >> (bits // 2)
    return "".join(_ALPHABET[(mixed >> (5 * place)) & 31] for place in reversed(range(chars)))
