"""A compacted document of JSON-LD in the other forms that it may be asked for in."""

from __future__ import annotations

from pyld import jsonld

from partnergraph.things.json_ld_context import Json


def in_form(document: dict[str, Json], form: str, thing: str) -> Json:
    """The document in a form of https://www.w3.org/TR/json-ld11-api/ and json-ld11-framing/.

    Args:
        document: compacted, with its context.
        form: ``expanded``, ``flattened`` or ``framed``; any other leaves it as it is.
        thing: the IRI of what it is about.
    """
    match form:
        case "expanded":
            changed: Json = jsonld.expand(document)
        case "flattened":
            changed = jsonld.flatten(document, document["@context"])
        case "framed":
            changed = jsonld.frame(document, {"@context": document["@context"], "@id": thing})
        case _:
            changed = document
    return changed
