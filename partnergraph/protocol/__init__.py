"""The SPARQL protocol over messages: a request becomes a query, an answer or an error becomes a
response; answers are kept, clients are charged and take turns.

Doors: ``budgets``, ``cache``, ``conditions``, ``endpoint``, ``messages``, ``places``,
``problems``, ``query_request``, ``workshop``.

May use: ``slips``, ``sparql``.
"""
