"""What is wrong with a query that is refused: where, in plain words, and what to do.

Doors: ``diagnosis``, ``excess``, ``refusals``.

May use: ``sparql``.
"""
