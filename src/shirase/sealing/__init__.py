"""Room: the organisation's signature on approved bytes, the signed manifest, and their proof. pyHanko lives here."""
