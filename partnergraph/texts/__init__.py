"""Where in the text of a graph something is said, whatever its syntax.

Doors: ``lines``, ``literals``.

May use: the ground alone.
"""
