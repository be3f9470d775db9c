"""Pages of stored questions: their forms, answers as tables and pictures, and their description for
programs (OpenAPI).

Doors: ``answer_tables``, ``calls``, ``openapi``, ``presentation``, ``workbooks``.

May use: ``answers``, ``gate``, ``mends``, ``pages``, ``pictures``, ``protocol``, ``questions``,
``things``.
"""
