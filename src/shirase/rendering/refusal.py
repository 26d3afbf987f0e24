"""Saying no: what this engine cannot draw exactly is left to the reference, never drawn nearly right."""


class RefusedError(Exception):
    """This engine cannot draw a report exactly as the reference does; the text says why, in one sentence."""
