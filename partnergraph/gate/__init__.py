"""The gate: a graph against its shapes, the report in words and for machines, and graphs of
strangers, each in a process of its own.

Doors: ``places``, ``posted_graphs``, ``reports``, ``validation``.

May use: ``dataset``, ``isolation``, ``protocol``, ``syntaxes``, ``texts``.
"""
