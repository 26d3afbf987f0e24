"""Shirase (知らせ, "notice"): one bilingual PDF report per customer whose tenant was touched in an incident.

The root imports nothing; see ``docs/explanation/architecture.md`` for the floors and rooms below it.
"""

__version__ = "0.1.0"
