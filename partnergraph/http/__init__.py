"""Requests in, responses out: connections, routes, Flask, logs, metrics, and the swap of one
edition for the next.

Doors: ``edition``, ``flask_pages``, ``logs``, ``metrics``, ``named_queries``, ``picture_answers``,
``representations``, ``serving``.

May use: ``embedded``, ``gate``, ``pages``, ``protocol``, ``question_pages``, ``questions``,
``site``, ``things``.
"""
