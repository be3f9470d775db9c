"""What is said of a thing, what it is called, where it is described, with whom it works, and how
that is written in JSON-LD.

Doors: ``addresses``, ``cooperation``, ``in_force``, ``json_ld``, ``json_ld_context``,
``json_ld_forms``, ``labels``, ``statements``.

May use: ``dataset``.
"""
