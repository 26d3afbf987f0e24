"""Reconciliation: which lines of different sources show one event. Pure rules, and one module that feeds them.

``same_id`` joins copies by the id of the system that logged first; ``same_time`` pairs what has no common id;
``clocks`` measures clocks and finds mistaken zones; ``consequences`` relates causes and effects; ``feed`` is the edge.
"""
