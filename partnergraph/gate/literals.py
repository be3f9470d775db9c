"""What the gate finds of literals by itself: as they are written, before any library reads them.

SHACL calls a literal that is not in the lexical space of its datatype ill-typed, and a violation of
``sh:datatype`` (https://www.w3.org/TR/shacl/#DatatypeConstraintComponent); processors decide that
by how their programming language reads numbers and times.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, parse

from partnergraph.dataset.canonical import Dataset
from partnergraph.namespaces import XSD, compact
from partnergraph.syntaxes.lexical_forms import example_of, is_well_formed
from partnergraph.texts.literals import unescaped

_DATATYPE = b'"^^<' + XSD.encode()

DISGUISE = "urn:x-ill-typed:"
"""What the datatype of an ill-typed literal begins with, where a processor sees it."""

LONGEST_SHOWN = 100
"""Characters of a value that a message repeats."""

_WORDS = {
    "en": "“{text}” is no value of {datatype}; one is written like “{example}”.",
    "lv": "“{text}” nav {datatype} vērtība; to raksta, piemēram, šādi: “{example}”.",
}


_REWRITTEN = {
    "en": ("The file has {written}, and what is served is {served}", ", {more} more likewise"),
    "lv": ("Datnē ir {written}, bet publicēts tiek {served}", ", tāpat vēl {more}"),
}


def ill_typed(dataset: Dataset) -> Iterator[Quad]:
    """The statements whose value is a literal outside the lexical space of its datatype."""
    for line in dataset.n_quads.splitlines(keepends=True):
        # Before a literal there is no quotation mark, and after it no other one.
        begin, end = line.find(b'"'), line.rfind(_DATATYPE)
        if end < begin or begin < 0 or b"<<(" in line[:begin]:
            continue
        datatype = line[end + len(b'"^^<') :].partition(b">")[0].decode()
        if not is_well_formed(unescaped(line[begin + 1 : end].decode()), datatype):
            yield from parse(line, format=RdfFormat.N_QUADS)


def disguised(dataset: Dataset, quads: Iterable[Quad]) -> Store:
    """The dataset for a processor of SHACL, which is not to read ill-typed literals as it likes.

    Args:
        dataset: all of it.
        quads: the statements that have them: there, each has a datatype that nobody knows.
    """
    wrong = set(quads)
    store = Store()
    store.extend(quad for quad in dataset if quad not in wrong)
    for quad in wrong:
        assert isinstance(quad.object, Literal)
        datatype = NamedNode(DISGUISE + quad.object.datatype.value)
        literal = Literal(quad.object.value, datatype=datatype)
        store.add(Quad(quad.subject, quad.predicate, literal, quad.graph_name))
    return store


def messages_of(literal: Literal) -> dict[str, str]:
    """What is wrong with an ill-typed literal and what would be right, by language."""
    text = literal.value
    if len(text) > LONGEST_SHOWN:
        text = f"{text[:LONGEST_SHOWN]}…"
    datatype = literal.datatype.value
    details = {"text": text, "datatype": compact(datatype), "example": example_of(datatype)}
    return {language: words.format(**details) for language, words in _WORDS.items()}


def messages_of_rewritten(written: str, served: str, more: int) -> dict[str, str]:
    """What is said of a value that a file writes in another form, by language.

    Args:
        written: as the file has it, as a term of N-Triples.
        served: as it is served.
        more: how many more values of the property are.
    """
    details = {"written": _short(written), "served": _short(served), "more": more}
    return {
        language: (words + (others if more else "")).format(**details) + "."
        for language, (words, others) in _REWRITTEN.items()
    }


def _short(term: str) -> str:
    text, mark, datatype = term.rpartition('"^^<')
    return f'{text}"^^{compact(datatype.removesuffix(">"))}' if mark else term
