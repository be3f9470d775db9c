"""The page about a run of the W3C's suites, docs/conformance.md, and why tests fail."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from enum import Enum

from benchmarks.w3c_manifest import SUITE_IRI, Test

EVALUATION = {"QueryEvaluationTest", "CSVResultFormatTest"}
SYNTAX = {
    "PositiveSyntaxTest11": True,
    "NegativeSyntaxTest11": False,
    "PositiveSyntaxTest": True,
    "NegativeSyntaxTest": False,
}
"""The kinds of test about syntax, and whether the query is well formed."""


class Status(Enum):
    """How a test ended."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_RUN = "not run"


@dataclass(frozen=True)
class Outcome:
    """A test, how it ended and, where it failed, what was expected and what was answered."""

    test: Test
    status: Status
    expected: str = ""
    answered: str = ""
    by_value: bool = False


@dataclass(frozen=True)
class Reason:
    """Why a test fails: what it wants, in a sentence, and what stands in its way."""

    wants: str
    because: str


_ZERO_LENGTH = (
    "The engine lets a path of length zero match only terms that stand in the graph. SPARQL 1.1 "
    "wants that of variables, but a constant always matches itself (section 18.4, ZeroLengthPath). "
    "The tests are of 2025 (https://github.com/w3c/rdf-tests/pull/264); the engine has followed "
    "them (https://github.com/oxigraph/oxigraph/pull/1815), but not in 0.5.13."
)

_ONE_FORM = (
    "A dataset has one form for each value here, that of the engine, so that files, documents and "
    "answers say the same term: `01` is served as `1`, and `+1.0` as `1`. Where the publisher's "
    "file differs, the gate says so with both."
)
_ZONES = (
    "The engine takes a date with the time zone `+00:00` for the one with `Z`, and a date is equal "
    "to no other date where only one of the two has a zone; both are within what XML Schema says "
    "of values, and beyond what SPARQL 1.0 wants of operators it does not know."
)

REASONS = {
    "distinct/distinct-1": Reason("`1`, `01`, `1.0` and `+1.0` are four terms.", _ONE_FORM),
    "distinct/distinct-9": Reason("The same, with strings and IRIs beside them.", _ONE_FORM),
    "expr-builtin/dawg-str-1": Reason("`STR` of `01` is `01`, and not `1`.", _ONE_FORM),
    "expr-builtin/dawg-str-2": Reason("`STR` of `01` is `01`.", _ONE_FORM),
    "expr-builtin/sameTerm-simple": Reason("`01` and `1` are not the same term.", _ONE_FORM),
    "expr-builtin/sameTerm-eq": Reason("The same among terms of equal value.", _ONE_FORM),
    "expr-builtin/sameTerm-not-eq": Reason("Equal values that are not the same term.", _ONE_FORM),
    "expr-equals/eq-graph-1": Reason("The pattern `?x :p 1` does not match `01`.", _ONE_FORM),
    "expr-equals/eq-graph-2": Reason("The pattern `?x :p 1.0e0` does not match `1`.", _ONE_FORM),
    "open-world/open-eq-01": Reason("The pattern `?x :p 001` does not match `1`.", _ONE_FORM),
    "open-world/date-2": Reason("`!=` of dates with and without zones is an error.", _ZONES),
    "open-world/date-3": Reason("A date with `+00:00` comes out as it stands.", _ZONES),
    "syntax-sparql3/syn-bad-26": Reason(
        "`FILTER (?x<?a&&?b>?y)` is malformed: by the rule of the longest token, `<?a&&?b>` is an "
        "IRI.",
        "The engine tries other readings where that one fails, and takes it for two comparisons, "
        "which its author most likely meant.",
    ),
    "csv-tsv-res/tsv03": Reason(
        "Literals come out in TSV as they stand in the data, also those of unusual datatypes.",
        "The engine stores the literals of all integer types as values of `xsd:integer`, so "
        "`xsd:negativeInteger` is lost on loading, before there is any question of format.",
    ),
    "functions/bnode01": Reason(
        "`BNODE(string)` makes one blank node for a string within a solution, and another one in "
        "every other solution.",
        "The engine makes the string the label of the blank node, so all solutions share it.",
    ),
    "property-path/zero_or_more_set_end": Reason(
        "`:s :p* ?o` matches the constant `:s` itself, even in an empty graph.", _ZERO_LENGTH
    ),
    "property-path/zero_or_more_set_start": Reason(
        "`?s :p* :o` matches the constant `:o` itself, even in an empty graph.", _ZERO_LENGTH
    ),
    "property-path/zero_or_one_set_end": Reason(
        "`:s :p? ?o` matches the constant `:s` itself, even in an empty graph.", _ZERO_LENGTH
    ),
    "property-path/zero_or_one_set_start": Reason(
        "`?s :p? :o` matches the constant `:o` itself, even in an empty graph.", _ZERO_LENGTH
    ),
}
"""Why a test fails, by the key of the test."""

HEAD = """\
# Conformance to SPARQL 1.1

The W3C's tests of the query language and of the formats of results
([w3c/rdf-tests](https://github.com/w3c/rdf-tests/tree/main/sparql/sparql11)), asked of the real
server through HTTP. This page is written by

```sh
make conformance SUITE=FOLDER OLDER=FOLDER
```

For each test it starts `server.py --no-validation --default-graph plain` on the test's data, POSTs
the query, with a `BASE` line before it (the IRI of its file on the Web), asks for the media type of
the expected result, and compares the two: solutions as a multiset, or as a sequence where the query
has `ORDER BY`; blank nodes up to isomorphism; terms as terms. *Thereof by value* counts the passed
tests in which a number or a boolean is written in another lexical form (`2.0` for `2.00`), which
the suite allows. The query of a syntax test is well formed where the server answers it, and
malformed where it says `#malformed-query`. The details stand in
[`benchmarks/w3c_comparison.py`](../benchmarks/w3c_comparison.py).
"""

COMPARED = """\
Through its own server, Oxigraph 0.5.13, the engine, passes 224 of 235 tests of evaluation (queries
and formats together) and 102 of 103 tests of syntax. What is passed beyond that,
[`partnergraph/mends/`](../partnergraph/mends/) puts right before the engine sees the query.
"""

COLUMNS = "passed | thereof by value | failed | not run | total |\n|---|---:|---:|---:|---:|---:|"


OLDER = """\
# And to SPARQL 1.0

The suite of the version before ([w3c/rdf-tests](https://github.com/w3c/rdf-tests/tree/main/sparql/sparql10)),
asked in the same way: what SPARQL 1.1 has not changed holds still. Graphs that a query names after
`FROM` are served as named graphs; where equal solutions may come as often as they like (`REDUCED`),
each counts once.
"""


def page(outcomes: list[Outcome], older: list[Outcome] | None = None) -> str:
    """The page about a whole run, in Markdown.

    Args:
        outcomes: of the suite of SPARQL 1.1.
        older: of that of SPARQL 1.0, where it was run.
    """
    failures = [one for one in outcomes if one.status is Status.FAILED]
    parts = [
        HEAD,
        f"## Totals\n\n| kind | {COLUMNS}\n" + "\n".join(total_rows(outcomes)) + f"\n\n{COMPARED}",
        f"## Groups\n\n| group | {COLUMNS}\n" + "\n".join(group_rows(outcomes)) + "\n",
        *not_run_section(outcomes),
        f"## Failures\n\nThere are {len(failures)}.\n",
        *map(failure_section, failures),
        *stale_section([*outcomes, *(older or ())]),
    ]
    if older:
        failures = [one for one in older if one.status is Status.FAILED]
        parts += [
            OLDER,
            f"## Totals of 1.0\n\n| kind | {COLUMNS}\n" + "\n".join(total_rows(older)) + "\n",
            f"## Failures of 1.0\n\nThere are {len(failures)}.\n",
            *map(failure_section, failures),
        ]
    return "\n".join(parts)


def total_rows(outcomes: list[Outcome]) -> list[str]:
    """The rows of the table of totals."""
    kinds: dict[str, list[Outcome]] = {
        kind: [] for kind in ("query evaluation", "formats of results", "syntax", "other")
    }
    for one in outcomes:
        kinds[subject(one.test)].append(one)
    both = kinds["query evaluation"] + kinds["formats of results"]
    named = {**kinds, "**evaluation and formats**": both, "**syntax**": kinds["syntax"]}
    return [row(name, some) for name, some in named.items() if some]


def subject(test: Test) -> str:
    """What a test is about: a key of the table of totals."""
    if test.kind in SYNTAX:
        return "syntax"
    if test.kind not in EVALUATION:
        return "other"
    formats = test.kind == "CSVResultFormatTest" or test.group in ("csv-tsv-res", "json-res")
    return "formats of results" if formats else "query evaluation"


def group_rows(outcomes: list[Outcome]) -> list[str]:
    """The rows of the table of groups."""
    groups = sorted({one.test.group for one in outcomes})
    return [row(group, [one for one in outcomes if one.test.group == group]) for group in groups]


def row(name: str, outcomes: list[Outcome]) -> str:
    """A row of a table: how many tests ended in which way."""
    count = Counter(one.status for one in outcomes)
    by_value = sum(one.by_value for one in outcomes)
    numbers = (
        count[Status.PASSED],
        by_value,
        count[Status.FAILED],
        count[Status.NOT_RUN],
        len(outcomes),
    )
    return f"| {name} | " + " | ".join(map(str, numbers)) + " |"


def not_run_section(outcomes: list[Outcome]) -> list[str]:
    """The tests that were not run, by their type, if there are any."""
    kinds: dict[str, list[str]] = {}
    for one in outcomes:
        if one.status is Status.NOT_RUN:
            kinds.setdefault(one.test.kind, []).append(one.test.key)
    lines = [f"- `mf:{kind}`: {', '.join(keys)}" for kind, keys in sorted(kinds.items())]
    return ["## Not run\n\n" + "\n".join(lines) + "\n"] if lines else []


def failure_section(outcome: Outcome) -> str:
    """What there is to say about one failure."""
    reason = REASONS.get(outcome.test.key, Reason("Not yet explained.", "Not yet explained."))
    return (
        f"### {outcome.test.key}\n\n{reason.wants}\n\n"
        f"- expected: {_short(outcome.expected, outcome.test)}\n"
        f"- answered: {_short(outcome.answered, outcome.test)}\n\n{reason.because}\n"
    )


def _short(text: str, test: Test) -> str:
    """A description with its usual IRIs abbreviated."""
    text = text.replace(f"<{SUITE_IRI}{test.group}/", "<")
    return re.sub(r"\^\^<http://www\.w3\.org/2001/XMLSchema#(\w+)>", r"^^xsd:\1", text)


def unexplained(outcomes: list[Outcome]) -> list[str]:
    """The tests that fail for no known reason."""
    failed = [one.test.key for one in outcomes if one.status is Status.FAILED]
    return [key for key in failed if key not in REASONS]


def stale_reasons(outcomes: list[Outcome]) -> list[str]:
    """The tests with a reason to fail, which do not."""
    failed = {one.test.key for one in outcomes if one.status is Status.FAILED}
    return sorted(REASONS.keys() - failed)


def stale_section(outcomes: list[Outcome]) -> list[str]:
    """The reasons that are no longer needed, if there are any."""
    lines = [f"- {key}" for key in stale_reasons(outcomes)]
    return ["## Reasons no longer needed\n\n" + "\n".join(lines) + "\n"] if lines else []
