"""Between the socket and the application: uvicorn, and what a public service needs that it lacks.

Doors: ``listening``, ``server``.

May use: ``http``, ``protocol``.
"""
