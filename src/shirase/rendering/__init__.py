"""Rendering: one report in, one PDF out, the same bytes every time.

``view`` says what the pages show, ``html`` writes it by the templates, ``pdf`` lays it out; ``fonts``, ``glyphs`` and
``fetcher`` see to it that every letter is real and nothing is fetched. ``worker`` is what a worker process runs.
``data_copy`` writes the same rows for machines, ``fingerprint`` tells whether a finished report is still the right one.
"""
