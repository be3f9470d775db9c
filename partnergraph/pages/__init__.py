"""What all pages are made of: resources and their representations, templates, rows of a
description, styles and scripts, errors as pages.

Doors: ``problem_pages``, ``rendering``, ``resources``, ``rows``, ``static_files``.

May use: ``protocol``, ``things``.
"""
