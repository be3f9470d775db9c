"""The dataset given away: under another base, as files in every syntax, tables and trees, and
described for catalogues (DCAT, VoID, schema.org).

Doors: ``dcat``, ``downloads``, ``exports``, ``release``, ``schema_org``.

May use: ``dataset``, ``questions``, ``syntaxes``, ``things``.
"""
