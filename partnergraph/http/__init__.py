"""Requests in, responses out: the ASGI application, routes, Flask, measurements, and the swap of
one edition for the next.

Doors: ``asgi``, ``edition``, ``exchanges``, ``flask_bridge``, ``flask_pages``, ``metrics``,
``named_queries``, ``picture_answers``, ``repeats``, ``representations``.

May use: ``embedded``, ``gate``, ``isolation``, ``pages``, ``protocol``, ``question_pages``,
``questions``, ``site``, ``things``.
"""
