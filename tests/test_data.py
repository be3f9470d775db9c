"""The facts are those of the page: none padded, none guessed, each where the page has it."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from partnergraph.dataset.parsing import read_quads
from partnergraph.namespaces import GRAPH, PREFIXES, RDF, TP, TPC, WD
from tests.graphs import NO_SEED, SEED, ask, column, page, repository_files

DATA = repository_files("data/*.ttl")
EXAMPLES = repository_files("ontology/examples/*/*.t*", "ontology/examples/valid/publishers/*.ttl")
A = NamedNode(f"{RDF}type")
REUSED = {
    PREFIXES[name]
    for name in ("dcterms", "oa", "org", "owl", "prov", "rdf", "rdfs", "schema", "skos", "wgs")
} | {"http://www.wikidata.org/prop/direct/"}
"""The vocabularies whose properties and classes the model reuses."""

VODNJAN = "<place/hr/vodnjan-dignano>"
REGIONS = "<partnership/partners/valmiera-region-guetersloh-district>"
HALLE = "<partnership/partners/valmiera-halle-westf>"

needs_seed = pytest.mark.skipif(not SEED.is_file(), reason=NO_SEED)


def declared(quads: list[Quad]) -> set[str]:
    """The terms of the model that some quads declare."""
    subjects = {str(quad.subject).strip("<>") for quad in quads if quad.predicate == A}
    return {subject for subject in subjects if subject.startswith((TP, TPC))}


VOCABULARY = declared(
    [
        quad
        for path in repository_files("ontology/partnerships.ttl", "ontology/concepts.ttl")
        for quad in read_quads(path)
    ]
)


def undeclared(path: Path) -> set[str]:
    """The properties, classes and other terms of the model in a file that nothing declares."""
    quads = list(read_quads(path))
    terms = {term for q in quads for term in (q.subject, q.predicate, q.object)}
    of_model = {t.value for t in terms if isinstance(t, NamedNode) if t.value.startswith((TP, TPC))}
    used = {q.predicate.value for q in quads} | {
        q.object.value for q in quads if q.predicate == A and isinstance(q.object, NamedNode)
    }
    foreign = {iri for iri in used if not iri.startswith(TP) and namespace(iri) not in REUSED}
    return (of_model - VOCABULARY - declared(quads)) | foreign


def namespace(iri: str) -> str:
    return re.sub(r"[^/#]*$", "", iri)


def literals(graph: str) -> list[tuple[str, Literal]]:
    """Each literal of a named graph with its property."""
    triples = page().graph(NamedNode(f"{GRAPH}{graph}"))
    return [(t.predicate.value, t.object) for t in triples if isinstance(t.object, Literal)]


@pytest.mark.parametrize("path", DATA, ids=lambda path: path.name)
def test_data_uses_no_undeclared_term(path: Path) -> None:
    assert undeclared(path) == set()


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_examples_use_an_undeclared_term_only_where_this_is_the_fault(path: Path) -> None:
    """A closed shape is broken by an unknown property, a shape of concepts by an unknown one."""
    head = path.read_text("utf-8").partition("\n")[0]
    is_the_fault = head.startswith("#") and ("-closed" in head or "-concept" in head)
    assert is_the_fault or undeclared(path) == set()


@needs_seed
def test_passages_agree_with_the_page() -> None:
    """Length and digest of the document, and position and digest of every passage."""
    text = SEED.read_bytes().decode("utf-8")
    digest = hashlib.sha256(SEED.read_bytes()).hexdigest()
    document = "?document a tp:SourceDocument ; tp:codePoints ?length ; tp:sha256 ?digest"
    assert ask(document) == [["source/partners", str(len(text)), digest]]
    passages = ask(
        "?p a tp:Passage ; tp:digest ?d ; oa:hasSelector ?s . ?s oa:start ?b ; oa:end ?e"
    )
    assert len(passages) == 24
    for passage, digest, _, start, end in passages:
        stretch = text[int(start) : int(end)]
        assert hashlib.sha256(stretch.encode()).hexdigest() == digest, passage
        assert stretch.strip() == stretch != ""


@needs_seed
def test_headings_source_forms_and_telephones_are_the_words_of_the_page() -> None:
    text = SEED.read_text("utf-8")
    words = column("[] tp:heading|tp:sourceForm|schema:telephone ?text")
    assert len(words) > 40
    assert [word for word in words if word not in text] == []


@needs_seed
@pytest.mark.parametrize("path", DATA, ids=lambda path: path.name)
def test_no_sentence_of_the_page_is_in_the_data(path: Path) -> None:
    """No literal of over 120 characters stands in the page, and no run of nine of its words."""
    page_words = " ".join(re.findall(r"\w+", SEED.read_text("utf-8").lower()))
    for quad in read_quads(path):
        if isinstance(quad.object, Literal):
            value = quad.object.value
            assert len(value) <= 120 or value not in SEED.read_text("utf-8")
            words = re.findall(r"\w+", value.lower())
            runs = {" ".join(words[n : n + 9]) for n in range(len(words) - 8)}
            assert not [run for run in runs if run in page_words]


def test_english_of_the_pages_graph_is_labels_aims_and_descriptions() -> None:
    properties = {iri for iri, literal in literals("partners") if literal.language == "en"}
    allowed = {f"{PREFIXES['skos']}prefLabel", f"{TP}aim", f"{PREFIXES['dcterms']}description"}
    assert properties <= allowed


def test_dates_keep_the_precision_of_the_page() -> None:
    """T3, T25: a day for Cherkasy, a month for the Baltic cities, a year for the others."""
    dates = {
        (iri.removeprefix(TP), literal.value, literal.datatype.value.partition("#")[2])
        for iri, literal in literals("partners")
        if "#g" in literal.datatype.value or literal.datatype.value.endswith("#date")
    }
    assert dates == {
        ("signed", "2022-07-22", "date"),
        *(("signed", year, "gYear") for year in ("1992", "1995", "2001", "2011", "2016")),
        *(("began", year, "gYear") for year in ("1991", "1992")),
        ("began", "2021-01", "gYearMonth"),
        ("asOf", "2021", "gYear"),
        ("founded", "1980", "gYear"),
    }


def test_solnas_agreement_has_no_date_and_says_so() -> None:
    """T2: 1991 is when the cooperation began."""
    solna = "<agreement/partners/valmiera-solna>"
    assert column(f"{solna} tp:signedUnknown ?unknown") == ["true"]
    assert not column(f"{solna} tp:signed|tp:signedYear ?date")
    assert column("<partnership/partners/valmiera-solna> tp:began ?began") == ["1991"]
    assert len(ask("?agreement tp:signedUnknown ?unknown")) == 1


@pytest.mark.parametrize(
    ("place", "same", "different"),
    [
        ("de/guetersloh-district", "Q6218", {"Q3771"}),
        ("de/halle-westf", "Q225774", {"Q2814"}),
        ("dk/hoeje-taastrup", "Q499400", {"Q20999"}),
        ("lv/valmiera", "Q108037", {"Q97233086"}),
    ],
)
def test_homonyms_are_told_apart(place: str, same: str, different: set[str]) -> None:
    """T4, T10: the linkset says which item a place is, and which it is not."""
    found = {iri for iri in column(f"<place/{place}> owl:sameAs ?x") if iri.startswith(WD)}
    assert found == {WD + same}
    others = {iri for iri in column(f"<place/{place}> owl:differentFrom ?x") if WD in iri}
    assert others == {WD + item for item in different}
    assert not others & set(column("[] owl:sameAs|skos:closeMatch ?y"))


def test_the_city_is_no_party_of_the_regions_cooperation() -> None:
    """T5, T6: the regions cooperate; the city and Halle do so within their framework."""
    assert column(f"{REGIONS} tp:party ?x") == [
        "place/de/guetersloh-district",
        "place/lv/valmiera-region",
    ]
    assert column(f"{HALLE} tp:inFrameworkOf ?x") == [REGIONS.strip("<>")]
    assert ask(f"{REGIONS} tp:anniversary ?a . ?a tp:years ?years ; tp:asOf ?year")[0][1:] == [
        "29",
        "2021",
    ]
    assert not column("<place/de/guetersloh-district> ^tp:party ?x . ?x a tp:Agreement")


def test_halles_agreement_has_no_fields_and_its_practice_is_uncertain() -> None:
    """T7: past practice, with an open end, of one or the other partnership."""
    assert not column("<agreement/partners/valmiera-halle-westf> tp:fieldGroup|tp:agreedField ?x")
    for partnership in (HALLE, REGIONS):
        assert len(column(f"{partnership} tp:practisedField ?x")) == 5
        assert column(f"{partnership} tp:practisedAttributionUncertain ?x") == ["true"]
        assert column(f"{partnership} tp:fieldsOpen ?x") == ["true"]


def test_the_act_of_three_continues_between_two() -> None:
    """T8, T9: three co-signatories, one partnership, without a date of its own."""
    act = "<agreement/partners/valmiera-vallefoglia-vodnjan-dignano>"
    assert len(column(f"{act} tp:party ?x")) == 3
    assert column(f"{act} tp:partnership ?x") == ["partnership/partners/valmiera-vallefoglia"]
    assert column("<partnership/partners/valmiera-vallefoglia> tp:party ?x") == [
        "place/it/vallefoglia",
        "place/lv/valmiera",
    ]
    assert not column(f"{VODNJAN} ^tp:party ?x . ?x a tp:Partnership")
    assert not column("<partnership/partners/valmiera-vallefoglia> tp:began|tp:beganYear ?x")


def test_hoeje_taastrup_is_a_municipality_in_three_spellings() -> None:
    """T10: there is no city of that name."""
    assert column("<place/dk/hoeje-taastrup> tp:kind ?x") == [f"{TPC}municipality"]
    spellings = column("<place/dk/hoeje-taastrup> tp:sourceForm ?x")
    assert spellings == ["Hoje-Taastrup pašvaldību", "Hojes-Tāstrupas", "Høje Taastrup"]


def test_instruments_keep_the_words_of_the_page() -> None:
    """T13: four līgumi, two vienošanās, one akts."""
    kinds = Counter(kind for _, kind in ask("?agreement tp:instrument ?kind"))
    assert kinds == {f"{TPC}ligums": 4, f"{TPC}vienosanas": 2, f"{TPC}akts": 1}


def test_networks_are_not_filled_from_general_knowledge() -> None:
    """T20, T21: no start in HANSE, no founding of UBC; more than 70 is a bound, not a number."""
    assert not column("<membership/partners/valmiera-hanse> tp:began|tp:beganYear ?x")
    assert not column("<network/ubc> tp:founded|tp:foundedYear ?x")
    assert column("<network/ubc> tp:memberCountAbove ?x") == ["70"]
    assert not column("<network/hanse> tp:memberCountAbove ?x")


def test_the_contact_has_no_address_and_no_country_code() -> None:
    """T22: the e-mail is redacted; the numbers are the post's, as printed."""
    post = "<post/contact/external-relations>"
    assert column(f"{post} tp:emailRedacted ?x") == ["true"]
    assert column(f"{post} schema:telephone ?x") == ["26636568", "64207861"]
    assert not column("[] schema:email ?x")
    assert not column("<person/liga-martinsone> schema:telephone ?x")
    addresses = [re.findall(r"[\w.]+@\w+\.\w+", path.read_text("utf-8")) for path in DATA]
    assert not any(addresses)


def test_personal_data_stands_in_its_own_graph() -> None:
    """Leaving out data/contact.ttl leaves no name and no number behind."""
    personal = re.compile("Martinson|26636568|64207861", re.IGNORECASE)
    files = [path.name for path in DATA if personal.search(path.read_text("utf-8"))]
    assert files == ["contact.ttl"]


def test_open_lists_are_said_to_be_open_and_closed_ones_not() -> None:
    """T17: the absence of a field means nothing where the list is open."""
    open_lists = {name.rpartition("/")[2] for name in column("?x tp:fieldsOpen true")}
    assert open_lists == {
        "introduction",
        "valmiera-halle-westf",
        "valmiera-region-guetersloh-district",
        "valmiera-hoeje-taastrup",
        "ubc",
    }
    assert not column("?agreement a tp:Agreement ; tp:fieldsOpen true")


def test_modalities_tell_planned_from_agreed_practised_and_done() -> None:
    """T18: one plan, seven agreed, one report of what was done; the others go on."""
    modalities = Counter(m.removeprefix(TP) for _, m in ask("?activity tp:modality ?m"))
    assert modalities == {"Planned": 1, "Agreed": 7, "Practised": 9, "Realised": 1}
