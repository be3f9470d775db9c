"""From rows to SVG: maps, timelines, arc diagrams.

Doors: ``arc_diagrams``, ``maps``, ``timelines``.

May use: ``things``.
"""
