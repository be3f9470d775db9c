"""What can be written, and how: the texts that are values of a datatype, and graphs as documents.

Doors: ``graph_documents``, ``lexical_forms``.

May use: the ground alone.
"""
