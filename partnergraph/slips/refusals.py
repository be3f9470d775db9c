"""Why a query is no query: from the engine's words to those for a person, and between processes."""

from __future__ import annotations

import json
import re
from dataclasses import asdict

from partnergraph.errors import MalformedQuery
from partnergraph.slips.diagnosis import diagnose, diagnose_scope

_POSITION = re.compile(r"^error at (\d+):(\d+): ")


def explain(text: str, reason: str) -> bytes:
    """What is wrong with a query; for :func:`read_explanation`, which may be in another process.

    Args:
        text: the query; empty where the reason is not its syntax.
        reason: what the engine says of it.
    """
    diagnosis = (diagnose(text) or diagnose_scope(text)) if text else None
    if diagnosis:
        return json.dumps(asdict(diagnosis)).encode()
    match = _POSITION.match(reason)
    message = reason[match.end() :] if match else reason
    if text and message.startswith("expected "):
        # The engine's own words: a list of characters, where a rule beside the grammar is broken.
        message = "The query cannot be read beyond this place."
    fields: dict[str, object] = {"message": message}
    if match:
        fields.update(line=int(match[1]), column=int(match[2]))
    return json.dumps(fields).encode()


def read_explanation(explanation: bytes) -> MalformedQuery:
    """The error that the query gets."""
    fields = json.loads(explanation)
    return MalformedQuery(
        fields["message"],
        line=fields.get("line"),
        column=fields.get("column"),
        hint=fields.get("hint"),
        excerpt=fields.get("excerpt"),
    )
