"""What a query engine is: a query goes in; a complete answer or an error comes out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, Protocol

from partnergraph.formats import Format


@dataclass(frozen=True)
class Enrichment:
    """What an answer shall carry beside what the query asks for.

    Attributes:
        base: what the IRIs of the dataset begin with.
        labels: the languages of names, the most wanted first; none leaves names out.
        evidence: whether the passages that it rests on are named.
        as_of: a day, month or year; what was not in force then is left out.
        limit: how many solutions are given at most.
        offset: how many are passed over.
        counted: whether the JSON document says how many solutions there are in all, with a digest.
        spreadsheet: whether CSV is for a spreadsheet: with a byte order mark, and no formulas.
    """

    base: str
    labels: tuple[str, ...] = ()
    evidence: bool = False
    as_of: str = ""
    limit: int | None = None
    offset: int = 0
    counted: bool = False
    spreadsheet: bool = False


class Bounds(NamedTuple):
    """How much there may be of a query.

    Attributes:
        depth: groups, brackets, blank nodes and signs within one another.
        path: steps of one path.
        patterns: triple patterns, and clauses beside them, in all.
        operators: of expressions, alternatives of paths, UNION and AS, in all.
        values: in VALUES, in IN and as arguments, in all.
    """

    depth: int
    path: int
    patterns: int
    operators: int
    values: int


@dataclass(frozen=True)
class Query:
    """A SPARQL query, the dataset it is asked of, and how its answer shall be written.

    Attributes:
        text: SPARQL 1.1.
        default_graphs: IRIs whose merge is the default graph, instead of what FROM says.
        named_graphs: IRIs of the named graphs, instead of what FROM NAMED says.
        results_format: for SELECT and ASK; ``None`` where the client accepts none.
        graph_format: for CONSTRUCT and DESCRIBE; ``None`` where the client accepts none.
        coding: a content coding that the answer may be put into, if it is long enough.
        enrichment: what the answer shall carry beside what is asked for.
        why_empty: whether it is asked why there is no answer, instead.
        bounds: how much there may be of it; without, it is the publisher's own.
        notice: what the client is told of its request, which is answered all the same.
    """

    text: str
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    results_format: Format | None = None
    graph_format: Format | None = None
    coding: str | None = None
    enrichment: Enrichment | None = None
    why_empty: bool = False
    bounds: Bounds | None = None
    notice: str = ""


@dataclass(frozen=True)
class Answer:
    """A finished answer: all of it, or there is none; in a content coding, or in none."""

    format: Format
    body: bytes
    coding: str | None = None


class Engine(Protocol):
    """Answers queries, several at a time."""

    async def answer(self, query: Query, client: str = "") -> Answer:
        """Answer one query.

        Cancelling the call ends the query.

        Args:
            query: what is asked.
            client: who asks; those who ask much wait for those who ask little.

        Raises:
            QueryError: there is no answer; the subclass says why.
        """
        ...
