"""The site put together, and its pages of things: front page, documents, cooperation, network,
vocabulary, data, checks, sitemap, static copy.

Doors: ``assembly``, ``checks``, ``static_copy``.

May use: ``dataset``, ``gate``, ``pages``, ``pictures``, ``protocol``, ``publication``,
``question_pages``, ``questions``, ``syntaxes``, ``texts``, ``things``.
"""
