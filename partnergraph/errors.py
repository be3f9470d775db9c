"""Every error this software raises on purpose, in one tree.

::

    PartnergraphError            a message for a person: what is wrong, where, what would be right
    ├── UsageError               a wrong option or argument                          exit status 2
    ├── UnreadableInput          a file that is missing, unreadable or malformed     exit status 2
    ├── DoesNotConform           the graph has violations, with the SHACL report     exit status 1
    ├── QueryError               a query that gets no answer
    │   ├── MalformedQuery       it is not SPARQL 1.1
    │   ├── OutboundQuery        it asks other servers
    │   ├── QueryTooComplex      there is too much of it, or it ended the process that ran it
    │   ├── QueryTimeout         it did not finish before its deadline
    │   ├── ResultTooLarge       its result is over the cap
    │   ├── NotAcceptable        its result has none of the representations asked for
    │   └── EngineUnavailable    no process is free, or none can be started
    ├── GraphError               a posted graph that gets no report
    │   ├── MalformedGraph       it is not of the syntax that it says it is
    │   ├── GraphNotValidated    its values are such that no shape can be tried on them
    │   ├── GraphTooComplex      it ended the process that validated it
    │   └── ValidationTimeout    its validation did not finish before its deadline
    └── RequestError             a request that is not one of those that are answered
        └── UnfitParameter       a parameter of a stored query that is unknown, missing or unfit
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from partnergraph.results import Report


class PartnergraphError(Exception):
    """A message for a person, and nothing of the machine's inside."""


class UsageError(PartnergraphError):
    """A wrong option, argument or environment variable."""


class UnreadableInput(PartnergraphError):
    """A file that is missing, cannot be read or is malformed.

    Attributes:
        path: the file.
        line: the line of the fault, from 1; ``None`` where there is none to name.
        column: the column of the fault, from 1; ``None`` likewise.
    """

    def __init__(
        self, path: Path, reason: str, *, line: int | None = None, column: int | None = None
    ) -> None:
        self.path = path
        self.reason = reason
        self.line = line
        self.column = column
        place = ":".join(str(part) for part in (path, line, column) if part is not None)
        super().__init__(f"{place}: {reason}")


class DoesNotConform(PartnergraphError):
    """The graph has violations, so nothing of it is served.

    Attributes:
        report: what the shapes found.
    """

    def __init__(self, report: Report) -> None:
        self.report = report
        super().__init__("The graph does not conform to its shapes.")


class QueryError(PartnergraphError):
    """A query that gets no answer."""


class MalformedQuery(QueryError):
    """The text is not a SPARQL 1.1 query.

    Attributes:
        line: the line of the fault, from 1, where the parser names one.
        column: the column of the fault, from 1, likewise.
        hint: what to do about it, where that can be told.
        excerpt: the line of the fault, and below it a mark under the place.
    """

    def __init__(
        self,
        reason: str,
        *,
        line: int | None = None,
        column: int | None = None,
        hint: str | None = None,
        excerpt: str | None = None,
    ) -> None:
        self.line = line
        self.column = column
        self.hint = hint
        self.excerpt = excerpt
        super().__init__(reason)


class OutboundQuery(QueryError):
    """The query would reach other servers.

    Attributes:
        line: the line of the keyword that does so, from 1.
        column: its column, from 1.
        excerpt: that line, and below it a mark under the keyword.
    """

    def __init__(self, reason: str, *, line: int, column: int, excerpt: str) -> None:
        self.line = line
        self.column = column
        self.excerpt = excerpt
        super().__init__(reason)


class QueryTooComplex(QueryError):
    """There is more of the query than there may be, or it ended the process that ran it.

    Attributes:
        line: where it becomes too much, from 1; ``None`` where it ended its process.
        column: likewise.
        excerpt: that line, and below it a mark under the place.
    """

    def __init__(
        self,
        reason: str,
        *,
        line: int | None = None,
        column: int | None = None,
        excerpt: str | None = None,
    ) -> None:
        self.line = line
        self.column = column
        self.excerpt = excerpt
        super().__init__(reason)


class QueryTimeout(QueryError):
    """The query did not finish before its deadline."""


class ResultTooLarge(QueryError):
    """The result, serialised, is over the cap."""


class NotAcceptable(QueryError):
    """The result exists, but in none of the representations that were asked for."""


class EngineUnavailable(QueryError):
    """No process is free to run the query in time, or none can be started."""


class GraphError(PartnergraphError):
    """A posted graph that gets no validation report."""


class MalformedGraph(GraphError):
    """The content is not RDF of the syntax that its media type says.

    Attributes:
        line: the line of the fault, from 1, where the parser names one.
        column: the column of the fault, from 1, likewise.
    """

    def __init__(self, reason: str, *, line: int | None = None, column: int | None = None) -> None:
        self.line = line
        self.column = column
        super().__init__(reason)


class GraphNotValidated(GraphError):
    """The graph is RDF, but the validator cannot try the shapes on its values."""


class GraphTooComplex(GraphError):
    """The graph ended the process that validated it: out of stack or out of memory."""


class ValidationTimeout(GraphError):
    """The validation did not finish before its deadline."""


class RequestError(PartnergraphError):
    """A request that is not one of those that are answered.

    Attributes:
        status: the HTTP status code that says so.
        headers: further response headers, such as ``Allow``.
    """

    def __init__(self, status: int, reason: str, headers: dict[str, str] | None = None) -> None:
        self.status = status
        self.headers = headers or {}
        super().__init__(reason)


class UnfitParameter(RequestError):
    """A parameter of a stored query, or an option, that is unknown, missing or unfit.

    Attributes:
        parameter: what it is called.
        reasons: what is wrong, and what would be right, by language.
    """

    def __init__(self, parameter: str, reasons: dict[str, str]) -> None:
        self.parameter = parameter
        self.reasons = reasons
        super().__init__(400, f"The parameter {parameter!r}: {reasons['en']}.")
