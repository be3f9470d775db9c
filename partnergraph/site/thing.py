"""What the page of a thing shows: all that is said of it, and of a territory its cooperation."""

from __future__ import annotations

from partnergraph.publication.schema_org import about_thing
from partnergraph.site.cooperation import cooperation_of
from partnergraph.site.published import Published
from partnergraph.things.statements import Description


def thing_model(description: Description, published: Published, language: str) -> dict[str, object]:
    """What the template of the page shows.

    Args:
        description: what is said of the thing.
        published: what it is said in.
        language: of the page.
    """
    reader = published.reader(language)
    thing = description.thing
    return {
        "iri": thing.value,
        "name": published.labels.of(thing, language),
        "kinds": [reader.reference(one) for one in published.things.types(thing.value)],
        "statements": reader.rows(description),
        "fragments": reader.fragments(description),
        "incoming": reader.incoming(description),
        "cooperation": cooperation_of(thing, published, language),
        "withdrawn": published.things.is_withdrawn(thing.value),
        "schema_org": about_thing(published.dataset.store, published.labels, thing, language),
    }
