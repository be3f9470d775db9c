"""Stored questions: from a ``.rq`` file to parameters, their values and choices, examples, snippets
and the words of the editor.

Doors: ``asked``, ``choices``, ``completions``, ``examples``, ``files``, ``parameters``,
``snippets``, ``stored``.

May use: ``dataset``, ``mends``, ``slips``, ``sparql``, ``things``.
"""
