"""Files become named graphs, derived statements and a version; MODEL.md says which."""

from __future__ import annotations

import hashlib
import random
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import DefaultGraph, NamedNode, serialize

from partnergraph.dataset.canonical import DERIVED, DESCRIPTION, ONTOLOGY, SHAPES, Dataset
from partnergraph.dataset.loading import load_dataset
from partnergraph.dataset.parsing import FORMATS
from partnergraph.errors import UnreadableInput
from partnergraph.namespaces import DCAT, DCTERMS, GRAPH, ID, TP, VOID
from partnergraph.settings import ROOT, Settings
from tests.graphs import ask, column, page

FACT = "<http://e/a> <http://e/p> <http://e/b> ."
QUAD = "<http://e/a> <http://e/p> <http://e/b> <http://e/g> ."
UNVALIDATED = Settings(no_validation=True)

DATASET = f"{ID}dataset"


def load(folder: Path, files: dict[str, str | bytes], options: Settings = UNVALIDATED) -> Dataset:
    """A dataset of files with these contents."""
    for name, text in files.items():
        (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return load_dataset(replace(options, data=(folder,)))


def partners(link: str) -> list[str]:
    """What the city of Valmiera is linked with."""
    return column(f"<place/lv/valmiera> tp:{link} ?x")


def test_file_of_triples_becomes_the_graph_of_its_stem(tmp_path: Path) -> None:
    assert load(tmp_path, {"town.nt": FACT}).graph_names == [f"{GRAPH}town"]


def test_quads_keep_their_graphs_and_triples_among_them_get_the_stem(tmp_path: Path) -> None:
    dataset = load(tmp_path, {"town.nq": f"{QUAD}\n{FACT}"})
    assert dataset.graph_names == ["http://e/g", f"{GRAPH}town"]


def test_plain_leaves_triples_in_the_default_graph(tmp_path: Path) -> None:
    dataset = load(
        tmp_path, {"town.nq": f"{QUAD}\n{FACT}"}, replace(UNVALIDATED, default_graph="plain")
    )
    assert dataset.graph_names == ["http://e/g"]
    assert len(dataset.graph(DefaultGraph())) == 1
    assert dataset.snapshot("plain").decode().splitlines() == sorted([QUAD, FACT])


def test_two_files_of_one_stem_are_refused_with_both_names(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInput, match=r"town\.ttl: the graph .*graph/town .*town\.nt"):
        load(tmp_path, {"town.nt": FACT, "town.ttl": FACT})


@pytest.mark.parametrize("stem", ["derived", "ontology", "shapes", "dataset"])
def test_reserved_stem_is_refused(stem: str, tmp_path: Path) -> None:
    """The graphs that this software writes are no file's own."""
    with pytest.raises(UnreadableInput, match=f"'{stem}' is reserved; give the file another one"):
        load(tmp_path, {f"{stem}.nt": FACT})


def test_union_is_a_set(tmp_path: Path) -> None:
    """A triple in two graphs stands in the default graph once."""
    dataset = load(tmp_path, {"a.nt": FACT, "b.nt": FACT})
    lines = dataset.snapshot("union").decode().splitlines()
    assert len(lines) == len(set(lines)) == 3
    assert lines.count(FACT) == 1


NODES = ("_:a", "_:b", "_:c", "_:d", "<http://e/a>", "<http://e/b>")
LINES = st.builds(
    "{} {} {} .".format,
    st.sampled_from(NODES),
    st.sampled_from(["<http://e/p>", "<http://e/q>"]),
    st.sampled_from([*NODES, '"x"', '"x"@lv', '"1"^^<http://www.w3.org/2001/XMLSchema#integer>']),
)
GRAPHS = st.lists(LINES, min_size=1, max_size=8, unique=True)
reuses_its_folder = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def version(folder: Path, lines: list[str]) -> str:
    """The version of a dataset of one file of N-Triples."""
    return load(folder, {"a.nt": "\n".join(lines)}).version


@given(GRAPHS, st.randoms(use_true_random=False), st.permutations("abcdwxyz"))
@reuses_its_folder
def test_version_is_independent_of_order_and_labels(
    tmp_path: Path, lines: list[str], chance: random.Random, labels: list[str]
) -> None:
    new = dict(zip("abcd", labels, strict=False))
    others = [re.sub("_:([a-d])", lambda old: f"_:{new[old[1]]}", line) for line in lines]
    chance.shuffle(others)
    assert version(tmp_path, lines) == version(tmp_path, others)


@given(GRAPHS)
@reuses_its_folder
def test_version_changes_with_one_fact(tmp_path: Path, lines: list[str]) -> None:
    fact = '<http://e/new> <http://e/p> "new" .'
    assert version(tmp_path, lines) != version(tmp_path, [*lines, fact])


@pytest.mark.parametrize("extension", sorted(FORMATS))
def test_version_is_independent_of_the_syntax(extension: str, tmp_path: Path) -> None:
    """The page's own graph, blank nodes and all, has one version in every syntax."""
    facts = page().graph(NamedNode(f"{GRAPH}partners"))
    versions = []
    for syntax in (extension, ".nt"):
        text = serialize(facts, format=FORMATS[syntax])
        assert text is not None
        folder = tmp_path / f"as{syntax}"
        folder.mkdir(exist_ok=True)
        versions.append(load(folder, {f"a{syntax}": text}).version)
    assert versions[0] == versions[1]


def test_version_is_the_sha_256_of_the_canonical_dataset(tmp_path: Path) -> None:
    """As RDFC-1.0 writes it: canonical labels, sorted lines, each with its line end."""
    dataset = load(tmp_path, {"a.nq": "_:x <http://e/p> _:x <http://e/g> .\n" + QUAD})
    lines = f"{QUAD}\n_:c14n0 <http://e/p> _:c14n0 <http://e/g> .\n"
    assert dataset.version == hashlib.sha256(lines.encode()).hexdigest()


def test_seven_territories_are_twinned_with_the_city() -> None:
    assert partners("twinnedWith") == [
        "place/de/halle-westf",
        "place/dk/hoeje-taastrup",
        "place/ee/viljandi",
        "place/it/vallefoglia",
        "place/pl/zdunska-wola",
        "place/se/solna",
        "place/ua/cherkasy",
    ]


def test_the_regions_are_twinned_with_each_other_only() -> None:
    region, district = "place/lv/valmiera-region", "place/de/guetersloh-district"
    assert ask(f"<{region}> tp:twinnedWith ?x") == [[district]]
    assert ask(f"<{district}> tp:twinnedWith ?x") == [[region]]


def test_vodnjan_dignano_is_a_co_signatory_only() -> None:
    vodnjan = "<place/hr/vodnjan-dignano>"
    assert "place/hr/vodnjan-dignano" in partners("coSignatoryWith")
    assert not ask(f"{vodnjan} tp:twinnedWith ?x")
    assert not ask(f"?partnership a tp:Partnership ; tp:party {vodnjan}")


def test_derived_links_run_in_both_directions() -> None:
    assert not ask("?a tp:twinnedWith ?b . FILTER NOT EXISTS { ?b tp:twinnedWith ?a }")
    assert not ask("?a tp:coSignatoryWith ?b . FILTER NOT EXISTS { ?b tp:coSignatoryWith ?a }")


def test_the_regions_began_in_1992_by_their_anniversary() -> None:
    regions = "<partnership/partners/valmiera-region-guetersloh-district>"
    assert ask(f"GRAPH <{DERIVED.value}> {{ {regions} tp:began ?b ; tp:beganYear ?y }}") == [
        ["1992", "1992"]
    ]
    assert not ask(f"GRAPH <{GRAPH}partners> {{ {regions} tp:began ?b }}")


def test_agreed_fields_are_the_union_of_the_groups() -> None:
    rows = ask("?agreement tp:agreedField ?field")
    counts = Counter(agreement.rpartition("/valmiera-")[2] for agreement, _ in rows)
    assert counts == {"viljandi": 14, "solna": 11, "cherkasy": 4, "zdunska-wola": 4}


def test_rules_are_not_run_where_the_only_file_brings_the_derived_graph(tmp_path: Path) -> None:
    """What it brings stands, right or wrong: the gate judges it."""
    brought = f"<http://e/a> <{TP}twinnedWith> <http://e/b> <{DERIVED.value}> ."
    dataset = load(tmp_path, {"a.nq": brought}, Settings())
    assert [str(triple.subject) for triple in dataset.graph(DERIVED)] == ["<http://e/a>"]


def test_beside_other_files_what_is_derived_is_derived_anew(tmp_path: Path) -> None:
    """No file knows what follows from all of them together."""
    brought = f"<http://e/a> <{TP}twinnedWith> <http://e/b> <{DERIVED.value}> ."
    partnership = f"<http://e/x> a <{TP}Partnership> ; <{TP}party> <http://e/c>, <http://e/d> ."
    dataset = load(tmp_path, {"a.nq": brought, "b.ttl": partnership}, Settings())
    assert {str(triple.subject) for triple in dataset.graph(DERIVED)} == {
        "<http://e/c>",
        "<http://e/d>",
    }


@pytest.mark.parametrize("stem", ["shapes", "ontology", "dataset"])
def test_data_cannot_bring_what_it_is_judged_by(stem: str, tmp_path: Path) -> None:
    """Else one statement in a file of quads could switch a shape off."""
    quad = f"<http://e/a> <http://e/p> <http://e/b> <{GRAPH}{stem}> ."
    brought = load(tmp_path, {"a.nq": quad}, Settings())
    (tmp_path / "a.nq").write_text("")
    assert brought.version == load(tmp_path, {}, Settings()).version
    assert "<http://e/a>" not in brought.snapshot("union").decode()


@pytest.mark.parametrize(
    ("rule", "reason"),
    [("SELECT * {}", "a rule is a CONSTRUCT query"), ("CONSTRUCT {", "not SPARQL")],
)
def test_wrong_rule_is_named(rule: str, reason: str, tmp_path: Path) -> None:
    for path in (ROOT / "ontology").glob("*.ttl"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "10-wrong.rq").write_text(rule)
    with pytest.raises(UnreadableInput, match=f"10-wrong.rq: {reason}"):
        load_dataset(Settings(ontology=tmp_path))


def test_missing_part_of_the_ontology_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInput, match=r"partnerships\.ttl: the ontology folder lacks"):
        load_dataset(Settings(ontology=tmp_path))


def test_the_whole_has_the_graphs_of_the_model() -> None:
    stems = ["contact", "dataset", "derived", "linkset", "ontology", "partners", "shapes"]
    assert page().graph_names == [f"{GRAPH}{stem}" for stem in stems]


def test_without_validation_the_data_stands_alone() -> None:
    dataset = load_dataset(Settings(no_validation=True))
    assert dataset.graph_names == [f"{GRAPH}{stem}" for stem in ("contact", "linkset", "partners")]


def test_description_counts_what_is_there() -> None:
    """The number of triples of each graph, and of their merge, all but the description itself."""
    found = ask("?x void:triples ?count")
    stated = {name: int(count) for name, count in found if "#" not in name}
    described = [n for n in page().graph_names if n != DESCRIPTION.value]
    triples = {name: set(page().graph(NamedNode(name))) for name in described}
    assert stated == {
        DATASET.removeprefix(ID): len(set().union(*triples.values())),
        **{name: len(found) for name, found in triples.items()},
    }
    assert {ONTOLOGY.value, SHAPES.value, DERIVED.value} < set(stated)


def test_description_gives_licence_version_and_source() -> None:
    told = ask(f"<{DATASET}> <{DCTERMS}license> ?l ; <{DCAT}version> ?v")
    assert told == [["https://creativecommons.org/publicdomain/zero/1.0/", page().version]]
    assert ask(f"<{DATASET}> prov:wasDerivedFrom ?s . ?s a tp:SourceDocument")
    subsets = ask(f"<{DATASET}> <{VOID}subset> ?g")
    assert [[name] for name in page().graph_names] == subsets
