"""Citing an answer, so that whoever follows the link later learns whether it is still the same.

A citation names the question, the version of the dataset and that of the query, how many solutions
there were, a digest of them all, and of each, where they are few: so it can be said which are new
and how many have gone, though nothing is kept here.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64encode
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b

MOST_MARKED = 250
"""Solutions that are told apart; of more, only a digest of all."""

VERSION = 12
"""Hexadecimal digits of the version of a dataset that a citation has."""

_MARK = 4
"""Characters of a mark: 24 bits."""

_CITATION = re.compile(
    rf"(?P<dataset>[0-9a-f]{{{VERSION}}})\.(?P<query>[0-9a-f]{{12}})\.(?P<question>[0-9a-f]{{8}})"
    rf"\.(?P<rows>[0-9]{{1,9}})\.(?P<digest>[A-Za-z0-9_-]{{16}})(?:\.(?P<marks>(?:[A-Za-z0-9_-]{{{_MARK}}}){{0,{MOST_MARKED}}}))?"
)


@dataclass(frozen=True)
class Citation:
    """What is said of an answer.

    Attributes:
        question: a digest of what was asked: the query's name, the values, what the answer carries.
        dataset: the version of the dataset, shortened.
        query: the version of the query.
        rows: how many solutions there are.
        digest: of all of them, in order.
        marks: of each of them, where they are few; ``None`` where they are not told apart.
    """

    question: str
    dataset: str
    query: str
    rows: int
    digest: str
    marks: tuple[str, ...] | None = None

    def __str__(self) -> str:
        said = f"{self.dataset}.{self.query}.{self.question}.{self.rows}.{self.digest}"
        return f"{said}.{''.join(self.marks)}" if self.marks else said


@dataclass(frozen=True)
class Comparison:
    """An answer as it was cited and as it is now.

    Attributes:
        cited: what was said of it then.
        now: what is said of it now.
        new: the places of the solutions that it had not; ``None`` where that cannot be told.
        gone: how many it had that it has no longer; ``None`` likewise.
    """

    cited: Citation
    now: Citation
    new: frozenset[int] | None
    gone: int | None

    @property
    def is_same(self) -> bool:
        """Whether the answer is still the same."""
        return (self.cited.digest, self.cited.rows) == (self.now.digest, self.now.rows)

    @property
    def is_of_another(self) -> bool:
        """Whether another question was cited, so that the answers cannot be compared."""
        return self.cited.question != self.now.question

    @property
    def is_reordered(self) -> bool:
        """Whether the same solutions stand in another order."""
        return not self.is_same and not self.new and self.gone == 0


def digests(rows: Iterable[str]) -> tuple[str, list[str] | None]:
    """The digest of all rows, in order, and a mark of each where they are few."""
    whole = blake2b(digest_size=12)
    marks: list[str] = []
    for row in rows:
        one = blake2b(row.encode(), digest_size=12).digest()
        whole.update(one)
        if len(marks) <= MOST_MARKED:
            marks.append(urlsafe_b64encode(one[:3]).decode())
    digest = urlsafe_b64encode(whole.digest()).decode()
    return digest, marks if len(marks) <= MOST_MARKED else None


def read_citation(text: str) -> Citation | None:
    """A citation from its text; ``None`` where it is none."""
    match = _CITATION.fullmatch(text)
    if match is None:
        return None
    rows, marks = int(match["rows"]), match["marks"] or ""
    parts = tuple(re.findall(f".{{{_MARK}}}", marks)) if marks or not rows else None
    return Citation(
        match["question"], match["dataset"], match["query"], rows, match["digest"], parts
    )


def compare(cited: Citation, now: Citation) -> Comparison:
    """What has become of an answer."""
    if cited.marks is None or now.marks is None:
        return Comparison(cited, now, None, None)
    left = Counter(cited.marks)
    new: set[int] = set()
    for place, mark in enumerate(now.marks):
        if left[mark]:
            left[mark] -= 1
        else:
            new.add(place)
    return Comparison(cited, now, frozenset(new), left.total())
