"""What a person types: ``serve``, ``validate``, ``query``, ``export`` and the rest, with their
options, messages and exit statuses.

Doors: ``cli``.

May use: ``dataset``, ``embedded``, ``gate``, ``http``, ``publication``, ``questions``, ``site``,
``things``.
"""
