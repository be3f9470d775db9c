"""Writes ``TRUE`` and ``False`` as the engine takes them: in small letters.

https://www.w3.org/TR/sparql11-query/#sparqlGrammar: keywords are matched whatever the case of their
letters, and these two are keywords (rule 134).
"""

from __future__ import annotations

import re

from partnergraph.sparql.tokens import tokens

_CAPITAL = re.compile(r"\b(?!true\b|false\b)(?i:true|false)\b")


def with_small_truths(text: str) -> str:
    """``FILTER (TRUE)`` → ``FILTER (true)``: as long, so that every place stays what it was."""
    if not _CAPITAL.search(text):
        return text
    for word in tokens(text):
        if word.kind == "word" and word.text.lower() in ("true", "false"):
            end = word.start + len(word.text)
            text = f"{text[: word.start]}{word.text.lower()}{text[end:]}"
    return text
