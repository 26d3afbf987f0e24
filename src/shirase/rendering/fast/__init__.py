"""Draws reports many times faster than laying out each whole document, with the same pages."""
