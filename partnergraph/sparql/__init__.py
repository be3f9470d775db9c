"""The language SPARQL as text: tokens, grammar, syntax tree, and the patterns of a query spelt out.

Doors: ``dataset_clause``, ``grammar_tables``, ``graph_patterns``, ``recogniser``, ``syntax_tree``,
``tokens``, ``unnesting``.

May use: the ground alone.
"""
