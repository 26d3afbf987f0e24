"""Words and figures in both languages: catalogues, formats, narratives, and the Jinja environments that use them."""
