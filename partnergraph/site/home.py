"""What the front page shows: whom most is said of, the things of each kind, a first query."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pyoxigraph import NamedNode

from partnergraph.namespaces import TP, expand
from partnergraph.pages.rows import Reference
from partnergraph.publication.dcat import ABOUT, TITLE
from partnergraph.publication.schema_org import about_dataset
from partnergraph.site.cooperation import cooperation_of
from partnergraph.site.published import Published
from partnergraph.things.cooperation import main_territory

FIRST_QUERY = f"""\
PREFIX tp: <{TP}>

SELECT ?territory ?partner
WHERE {{ ?territory tp:twinnedWith ?partner }}
ORDER BY ?territory ?partner
"""

_LISTED = 50
"""Things of a class that are listed."""

_KINDS = {
    f"{TP}Territory": {"lv": "Teritorijas", "en": "Territories"},
    f"{TP}Partnership": {"lv": "Sadarbības saites", "en": "Partnerships"},
    f"{TP}Agreement": {"lv": "Vienošanās", "en": "Agreements"},
    f"{TP}Network": {"lv": "Tīkli", "en": "Networks"},
    f"{TP}Country": {"lv": "Valstis", "en": "Countries"},
}
"""The classes whose things are listed, and what they are called together."""

_TYPE = NamedNode(expand("rdf:type"))


@dataclass(frozen=True)
class Kind:
    """Things of a class: the first of them, and how many there are."""

    title: str
    kind: Reference
    count: int
    things: tuple[Reference, ...]


def home_model(published: Published, language: str, *, static: bool) -> dict[str, object]:
    """What the template of the page shows.

    Args:
        published: what it is made from.
        language: of the page.
        static: whether nobody answers queries here.
    """
    dataset = published.dataset
    territory = main_territory(dataset.store)
    return {
        "titles": TITLE,
        "about": ABOUT,
        "query": FIRST_QUERY,
        "static": static,
        "groups": list(_kinds(published, language)),
        "cooperation": cooperation_of(territory, published, language) if territory else None,
        "changes": published.changes(language),
        **published.citation(language),
        "schema_org": about_dataset(dataset, list(published.publication.downloads), language),
    }


def _kinds(published: Published, language: str) -> Iterator[Kind]:
    reader = published.reader(language)
    for kind, names in _KINDS.items():
        quads = published.dataset.store.quads_for_pattern(None, _TYPE, NamedNode(kind), None)
        things = {quad.subject for quad in quads if isinstance(quad.subject, NamedNode)}
        if things:
            some = sorted(things, key=str)[:_LISTED]
            named = sorted(map(reader.reference, some), key=lambda one: one.name.place)
            named_kind = reader.reference(NamedNode(kind))
            yield Kind(names[language], named_kind, len(things), tuple(named))
