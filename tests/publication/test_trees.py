"""The trees are plain JSON of a steady shape, and JSON-LD that says what the dataset says."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from pyld import jsonld
from pyoxigraph import RdfFormat, Triple, parse

from partnergraph.dataset.canonical import Dataset
from partnergraph.namespaces import PUBLICATION, TP, expand
from partnergraph.publication.trees import SCHEMA, TREES, tree_files
from partnergraph.settings import ROOT
from partnergraph.things.json_ld_context import Context
from tests.publication.datasets import dataset, digests, digests_in_another_process, every, small

CONTEXT = Context.read(ROOT / "ontology" / "context.jsonld")


@cache
def document(name: str) -> Any:
    """The document of a dataset."""
    return read(dataset(name))


def read(of: Dataset) -> Any:
    """The document of a dataset."""
    contents = {file: content for file, _, content in tree_files(of, CONTEXT)}
    return json.loads(contents["partners.jsonld"])


def partner(name: str, slug: str) -> Any:
    """The tree of a partner."""
    (tree,) = (one for one in document(name)["@graph"] if one["id"].endswith(f"/place/{slug}"))
    return tree


def schema(*, closed: bool = False) -> Any:
    """The schema, as it is or without room for keys that it does not describe."""
    found = json.loads(SCHEMA.read_text("utf-8"))
    for definition in found["$defs"].values():
        if closed and "properties" in definition:
            definition["additionalProperties"] = False
    return found


@cache
def said(name: str) -> set[Triple]:
    """What PyLD reads from the document; blank nodes are those of the dataset."""
    text = json.dumps(document(name)).replace('"_:', '"urn:blank:')
    n_triples = jsonld.to_rdf(json.loads(text), {"format": "application/n-quads"})
    return {quad.triple for quad in parse(n_triples.encode(), format=RdfFormat.N_QUADS)}


@cache
def stated(name: str) -> set[Triple]:
    """What the graphs of the dataset say together."""
    lines = dataset(name).n_quads.splitlines()
    # A blank node in angle brackets is an IRI.
    named_lines = (
        " ".join(
            f"<urn:blank:{word[2:]}>" if word.startswith("_:") else word
            for word in line.decode().split(" ")
        )
        for line in lines
    )
    return {quad.triple for quad in parse("\n".join(named_lines), format=RdfFormat.N_QUADS)}


@every
def test_the_trees_say_nothing_that_the_dataset_does_not(name: str) -> None:
    assert len(said(name)) > 500
    assert said(name) <= stated(name)


@every
@pytest.mark.parametrize(
    "term",
    [
        *("tp:partnership", "tp:signed", "tp:signedUnknown", "tp:instrument", "tp:agreedField"),
        *("tp:practisedField", "tp:began", "tp:ended", "tp:suspended", "tp:period", "tp:aim"),
        *("tp:listedAsPartnerOf", "tp:twinnedWith", "tp:coSignatoryWith", "tp:inFrameworkOf"),
    ],
)
def test_the_trees_say_all_of_a_partnership(name: str, term: str) -> None:
    """Of partnerships, of their agreements and of the partners themselves."""
    types = {one.subject for one in said(name) if one.predicate.value == expand("rdf:type")} | {
        one.object for one in said(name) if one.predicate.value == f"{TP}period"
    }
    wanted = {
        one for one in stated(name) if one.predicate.value == expand(term) and one.subject in types
    }
    assert wanted <= said(name)
    assert wanted or name != "examples"


@every
def test_each_partner_has_a_tree(name: str) -> None:
    """Every party of a partnership, and whoever is listed as a partner; nobody else."""
    solutions: Any = dataset(name).store.query(
        f"PREFIX tp: <{TP}> SELECT DISTINCT ?partner"
        " { { ?any a tp:Partnership ; tp:party ?partner } UNION"
        " { ?partner tp:listedAsPartnerOf ?other } }",
        use_default_graph_as_union=True,
    )
    asked = {solution["partner"].value for solution in solutions}
    found = [tree["id"] for tree in document(name)["@graph"]]
    assert found == sorted(asked)


@every
def test_the_document_keeps_to_its_schema(name: str) -> None:
    """And the schema describes every key of it."""
    Draft202012Validator.check_schema(schema())
    for closed in (False, True):
        assert list(Draft202012Validator(schema(closed=closed)).iter_errors(document(name))) == []


DAMAGES: dict[str, Callable[[Any], object]] = {
    "a key is missing": lambda tree: tree.pop("memberships"),
    "null for an array": lambda tree: tree.update(sameAs=None),
    "one object for an array": lambda tree: tree.update(kinds=tree["kinds"][0]),
    "a number for text": lambda tree: tree.update(lat=57.5),
    "an unknown status": lambda tree: tree["partnerships"][0].update(status="Loose"),
    "a padded date": lambda tree: began(tree).update(began=dated("1992-01-01", "xsd:gYear")),
    "a date without precision": lambda tree: began(tree).update(began="1992"),
    "a text without language": lambda tree: tree.update(prefLabel="Valmiera"),
    "another class": lambda tree: tree["partnerships"][0].update(type="Agreement"),
    "no other party": lambda tree: tree["partnerships"][0].pop("with"),
}


def began(tree: Any) -> Any:
    """A partnership whose beginning is known."""
    return next(one for one in tree["partnerships"] if one["began"])


def dated(value: str, precision: str) -> dict[str, str]:
    """A date as the trees write it."""
    return {"value": value, "type": precision}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_document_does_not(damage: str) -> None:
    damaged = copy.deepcopy(document("page"))
    (tree,) = (one for one in damaged["@graph"] if one["id"].endswith("/place/lv/valmiera"))
    DAMAGES[damage](tree)
    assert not Draft202012Validator(schema()).is_valid(damaged)


def test_everything_in_the_schema_is_described() -> None:
    """Each kind of object and each key, in a sentence."""
    described = schema()
    for definition in (described, *described["$defs"].values()):
        assert definition["title"]
        for key in (definition, *definition.get("properties", {}).values()):
            assert "const" in key or key["description"].endswith(".")


def test_a_developer_finds_what_the_page_says() -> None:
    """Without knowing any RDF."""
    solna = partner("page", "se/solna")
    (partnership,) = solna["partnerships"]
    (agreement,) = partnership["agreements"]
    assert solna["prefLabel"] == {"en": "Solna", "lv": "Solna", "sv": "Solna"}
    assert solna["country"]["alpha2"] == "SE"
    assert partnership["status"] == "Listed"
    assert partnership["began"] == {"value": "1991", "type": "xsd:gYear"}
    assert partnership["beganYear"] == 1991
    assert [one["prefLabel"]["lv"] for one in partnership["with"]] == ["Valmiera"]
    assert (agreement["signed"], agreement["signedUnknown"]) == (None, True)
    assert [group["position"] for group in agreement["fieldGroups"]] == [1, 2, 3, 4, 5]
    assert partnership["passages"][0]["selector"]["start"] == 81
    networks = [
        one["network"]["prefLabel"]["en"] for one in partner("page", "lv/valmiera")["memberships"]
    ]
    assert networks[-1] == "Baltic Sea cities' union"


def test_an_agreement_outside_of_all_partnerships_is_not_lost() -> None:
    parties = small(
        "<id/a> a tp:Territory ; tp:listedAsPartnerOf <id/b> ."
        "<id/agreement> a tp:Agreement ; tp:party <id/a>, <id/b> ."
    )
    tree = read(parties)["@graph"][0]
    assert [one["id"] for one in tree["otherAgreements"]] == [f"{PUBLICATION}id/agreement"]
    assert tree["partnerships"] == []


def test_groups_stand_in_their_order() -> None:
    """The tenth after the ninth."""
    groups = " ".join(f"<id/g{n}> tp:position {n} ." for n in range(1, 12))
    agreed = small(
        "<id/a> a tp:Territory . <id/p> a tp:Partnership ; tp:party <id/a> ."
        f"<id/x> a tp:Agreement ; tp:partnership <id/p> . {groups}"
        f"<id/x> tp:fieldGroup {', '.join(f'<id/g{n}>' for n in range(1, 12))} ."
    )
    tree = read(agreed)["@graph"][0]
    (agreement,) = tree["partnerships"][0]["agreements"]
    assert [one["position"] for one in agreement["fieldGroups"]] == list(range(1, 12))


def test_a_name_of_no_language_is_kept() -> None:
    """As JSON-LD says: https://www.w3.org/TR/json-ld11/#language-indexing."""
    named = small(
        '<id/a> a tp:Territory ; tp:listedAsPartnerOf <id/b> ; skos:altLabel "A", "B"@en .'
    )
    found = read(named)
    assert found["@graph"][0]["altLabel"] == {"@none": ["A"], "en": ["B"]}
    n_triples = jsonld.to_rdf(found, {"format": "application/n-quads"})
    assert 'altLabel> "A" .' in n_triples
    assert 'altLabel> "B"@en .' in n_triples


def test_a_document_of_nothing_is_valid() -> None:
    found = read(small(""))
    assert found["@graph"] == []
    assert Draft202012Validator(schema()).is_valid(found)


def test_media_types() -> None:
    types = {file: media_type for file, media_type, _ in tree_files(dataset("page"), CONTEXT)}
    assert types == {"partners.jsonld": TREES, "partners.schema.json": "application/schema+json"}


def test_the_bytes_are_the_same_in_another_process() -> None:
    """Whatever its hash seed."""
    program = """
from partnergraph.dataset.loading import load_dataset
from partnergraph.things.json_ld_context import Context
from partnergraph.settings import Settings
from partnergraph.publication.trees import tree_files
context = Context.read(Settings().ontology / "context.jsonld")
files = tree_files(load_dataset(Settings()), context)
"""
    expected = digests(tree_files(dataset("page"), CONTEXT))
    assert digests_in_another_process(program) == expected
