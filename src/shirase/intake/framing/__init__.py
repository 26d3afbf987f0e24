"""Framing: how records lie in a file. Each module cuts one shape into records, and loses nothing on the way."""
