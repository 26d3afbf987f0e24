"""Intake: logs become actions, and what cannot become one is kept as a reject. Nothing is dropped.

``streams`` opens files, ``ndjson`` and ``csv_records`` cut them into records, ``instants`` and ``mapping`` are the pure
rules that turn a record into an action by a profile, ``read`` runs them over all evidence of a case.
"""
