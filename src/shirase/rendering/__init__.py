"""Rendering: one report in, one PDF out, the same bytes every time.

``view`` says what the pages show, ``html`` writes it by the templates, ``pdf`` lays it out; ``fonts``, ``glyphs`` and
``fetcher`` see to it that every letter is real and nothing is fetched. ``worker`` is what a worker process runs.
``structure`` and ``metadata`` make it conform to PDF/A-3a and PDF/UA-1, ``validation`` judges it. ``data_copy`` and
``data_csv`` write the same rows for machines, ``attachments`` puts them inside, ``fingerprint`` tells whether a
finished report is still the right one.
"""
