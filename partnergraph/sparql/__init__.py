"""The language SPARQL as text: tokens, grammar, syntax tree, how much there is of a query, and
its patterns spelt out.

Doors: ``dataset_clause``, ``extent``, ``grammar_tables``, ``graph_patterns``, ``recogniser``,
``syntax_tree``, ``tokens``, ``unnesting``.

May use: the ground alone.
"""
