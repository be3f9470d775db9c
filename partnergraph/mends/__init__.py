"""Queries put right before the engine sees them: what pyoxigraph 0.5.13 is wrong about.

1. ``GROUP_CONCAT`` keeps a language tag (https://github.com/oxigraph/oxigraph/pull/1717), but
   gives a simple literal: https://www.w3.org/TR/sparql11-query/#defn_aggGroupConcat. It is put into
   ``STR``: ``group_concat``.
2. ``GRAPH ?g { P }`` loses ``?g`` for what in P is no triple pattern
   (https://github.com/oxigraph/oxigraph/issues/1905). It is replaced by its definition, a union
   over the named graphs: https://www.w3.org/TR/sparql11-query/#sparqlAlgebra, Graph(var, P).
   ``graph_variables`` finds where, ``named_graphs`` asks for the graphs, ``spelling_out`` writes.
3. A function that is not known makes the engine refuse the query, but is only an error of
   evaluation: https://www.w3.org/TR/sparql11-query/#extensionFunctions. It gets one that fails:
   ``unknown_functions``.
4. ``COALESCE (``, ``CONCAT (`` and ``BNODE (`` are no functions for the engine, though spaces stand
   between any tokens: https://www.w3.org/TR/sparql11-query/#whitespace. They go into the brackets:
   ``spaces``.

``answering`` puts these together. ``evaluation`` comes before them: it makes the merge of several
default graphs itself, as the engine counts a triple twice that stands in two of them.

Doors: ``answering``, ``evaluation``.

May use: ``sparql``.
"""
