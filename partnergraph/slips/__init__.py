"""What is wrong with a query that the engine refuses: where, in plain words, and what to do.

Doors: ``diagnosis``, ``refusals``.

May use: ``sparql``.
"""
