"""What a person types: ``serve``, ``validate``, ``query``, ``export`` and the rest, with their
options, messages and exit statuses.

Doors: ``cli``.

May use: ``connections``, ``dataset``, ``embedded``, ``gate``, ``publication``, ``questions``,
``site``, ``things``.
"""
