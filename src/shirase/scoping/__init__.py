"""Scoping: every log line gets exactly one disposition and the rule that gave it; actions are grouped by customer.

``rules`` decides, purely. ``repeats`` and ``queries`` are what DuckDB computes over the evidence store, out of core;
``decide`` runs the rules over the store; ``grouping`` writes the actions of each customer together; ``edges`` asks what
each end of the window moves.
"""
