"""JSON-LD with our context says what the graph says, by the reference implementation."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyld import jsonld
from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    parse,
)
from pyoxigraph import Dataset as QuadSet

from partnergraph.namespaces import GRAPH, RDF, TP, XSD, expand
from partnergraph.settings import ROOT
from partnergraph.things.json_ld import compact_dataset, compact_graph
from partnergraph.things.json_ld_context import Context
from tests.graphs import page

CONTEXT = Context.read(ROOT / "ontology" / "context.jsonld")


def canonical(quads: Any) -> set[str]:
    """The statements with canonical blank nodes."""
    dataset = QuadSet(quads)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return {str(quad) for quad in dataset}


def read_back(document: Any) -> set[str]:
    """What PyLD takes a document to say."""
    n_quads = jsonld.to_rdf(json.loads(json.dumps(document)), {"format": "application/n-quads"})
    return canonical(parse(n_quads.encode(), RdfFormat.N_QUADS))


def test_the_whole_dataset_comes_back() -> None:
    quads = list(page().quads)
    assert read_back(compact_dataset(quads, CONTEXT)) == canonical(quads)


@pytest.mark.parametrize("name", page().graph_names)
def test_each_graph_comes_back_with_no_more_context_than_it_needs(name: str) -> None:
    triples = page().graph(NamedNode(name))
    document = compact_graph(triples, CONTEXT)
    assert read_back(document) == canonical(Quad(*triple) for triple in triples)
    text = json.dumps(document["@graph"])
    terms = [term for term, iri in document["@context"].items() if isinstance(iri, dict)]
    assert [term for term in terms if f'"{term}"' not in text] == []


THINGS = st.sampled_from([NamedNode("http://e/a"), BlankNode("x"), BlankNode("y"), BlankNode("z")])
PROPERTIES = st.sampled_from(
    [
        NamedNode(expand(name))
        for name in (
            "rdf:type",
            "rdf:first",
            "rdf:rest",
            "tp:party",
            "tp:began",
            "tp:position",
            "tp:fieldList",
            "tp:fieldsOpen",
            "tp:aim",
            "skos:prefLabel",
            "wgs:lat",
        )
    ]
    + [NamedNode("http://e/p"), NamedNode(f"{TP}unknown")]
)
LITERALS = st.one_of(
    st.builds(Literal, st.text(max_size=3)),
    st.builds(
        lambda text, tag: Literal(text, language=tag),
        st.text(max_size=3),
        st.sampled_from(["lv", "en", "en-GB"]),
    ),
    st.builds(
        lambda text, name: Literal(text, datatype=NamedNode(f"{XSD}{name}")),
        st.sampled_from(["1", "01", "-1", "0", "1.0", "true", "1992", "99999999999999999999", "x"]),
        # Not double: PyLD writes these anew even where they come as strings.
        st.sampled_from(["integer", "decimal", "boolean", "gYear", "string", "date"]),
    ),
)
CLASSES = st.sampled_from([NamedNode(f"{TP}Agreement"), NamedNode("http://e/C"), BlankNode("x")])
OBJECTS = st.one_of(THINGS, LITERALS, CLASSES, st.just(NamedNode(f"{RDF}nil")))
GRAPHS = st.sampled_from([DefaultGraph(), NamedNode(f"{GRAPH}a"), NamedNode("http://e/g")])


@given(st.lists(st.builds(Quad, THINGS, PROPERTIES, OBJECTS, GRAPHS), max_size=12))
@settings(max_examples=400, deadline=None)
def test_any_dataset_comes_back(quads: list[Quad]) -> None:
    """Lists and what only looks like one, circles of blank nodes, ill-typed literals, tags."""
    assert read_back(compact_dataset(quads, CONTEXT)) == canonical(quads)


@pytest.mark.parametrize(
    ("iri", "as_property"),
    [("geo:57.54,25.42", False), ("wd:Q1", False), ("schema:name", True), ("tp:party", True)],
)
def test_an_iri_that_begins_like_a_name_with_a_prefix_stays_itself(
    iri: str, as_property: bool
) -> None:
    """Beside names that do have the prefix."""
    thing = NamedNode("http://e/a")
    quads = [
        Quad(thing, NamedNode(f"{TP}party"), NamedNode(iri)),
        Quad(thing, NamedNode(expand("geo:asWKT")), Literal("POINT(1 2)")),
        Quad(thing, NamedNode(expand("schema:telephone")), Literal("1")),
        Quad(thing, NamedNode(iri if as_property else "http://e/p"), NamedNode(expand("wd:Q2"))),
    ]
    assert read_back(compact_dataset(quads, CONTEXT)) == canonical(quads)
    assert read_back(compact_graph((one.triple for one in quads), CONTEXT)) == canonical(quads)


def test_a_chain_of_blank_nodes_is_written_once() -> None:
    """Each level one time, not two: a hundred levels would never end."""
    chain = [BlankNode(f"b{number}") for number in range(100)]
    step = NamedNode("http://e/p")
    quads = [Quad(one, step, other) for one, other in pairwise(chain)]
    quads.append(Quad(NamedNode("http://e/a"), step, chain[0]))
    assert read_back(compact_dataset(quads, CONTEXT)) == canonical(quads)
