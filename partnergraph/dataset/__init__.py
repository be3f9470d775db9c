"""From files to the one dataset: parsed, in named graphs, with what the rules derive, canonical,
with a version; sources and changes.

Doors: ``canonical``, ``changes``, ``facts``, ``loading``, ``one_form``, ``parsing``,
``rdflib_switches``, ``republishing``, ``sources``, ``turtle``.

May use: ``sparql``, ``syntaxes``.
"""
