"""The embedded engine: queries in processes that may be killed, who waits for them, and what goes
between.

Doors: ``pool``.

May use: ``answers``, ``isolation``, ``mends``, ``slips``, ``sparql``, ``syntaxes``.
"""
