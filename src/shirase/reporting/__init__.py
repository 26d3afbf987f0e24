"""Reporting: from one customer's scoped actions to the one :class:`Report` that states its facts. Pure throughout."""
