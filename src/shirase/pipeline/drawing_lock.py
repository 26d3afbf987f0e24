"""One at a time: pdfium and Pango are not made for several threads of one process, and would end it."""

from threading import RLock

DRAWING = RLock()
"""Held by whoever reads or draws a PDF in a process with several threads, as the desk is."""
