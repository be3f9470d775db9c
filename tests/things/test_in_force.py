"""What was in force on a day: dates of every precision, ends, periods, and what is unknown."""

from __future__ import annotations

import pytest
from pyoxigraph import QueryBoolean, RdfFormat, Store

from partnergraph.dataset.canonical import Graphs
from partnergraph.things.in_force import Days, views

BASE = "http://e/"
HEAD = """
PREFIX : <http://e/id/>
PREFIX org: <http://www.w3.org/ns/org#>
PREFIX tp: <https://partnergraph.example/def#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""


def answers(claim: str, day: str, question: str = ":claim ?p ?o") -> tuple[bool, bool]:
    """Whether something holds for certain, and whether it does perhaps."""
    store = Store()
    store.load(f"{HEAD} GRAPH <http://e/graph/x> {{ {claim} }}".encode(), RdfFormat.TRIG)
    days = Days.read(day)
    assert days is not None
    found = [
        view.query(f"{HEAD} ASK {{ {question} }}", use_default_graph_as_union=True)
        for view in views(Graphs(store, BASE), days)
    ]
    assert all(isinstance(one, QueryBoolean) for one in found)
    return bool(found[0]), bool(found[1])


YES, PERHAPS, NO = (True, True), (False, True), (False, False)


def partnership(said: str) -> str:
    return f":claim a tp:Partnership ; tp:party :a, :b {said} ."


@pytest.mark.parametrize(
    ("said", "day", "expected"),
    [
        ("", "2000", PERHAPS),
        ('; tp:began "1991"^^xsd:gYear', "1990-12-31", NO),
        ('; tp:began "1991"^^xsd:gYear', "1991-06-01", PERHAPS),
        ('; tp:began "1991"^^xsd:gYear', "1991-12-31", YES),
        ('; tp:began "1991"^^xsd:gYear', "1991", PERHAPS),
        ('; tp:began "1991-05"^^xsd:gYearMonth', "1991-05-31", YES),
        ('; tp:began "1991-05-03"^^xsd:date', "1991-05-03", YES),
        ('; tp:began "1991-05-03"^^xsd:date', "1991-05-02", NO),
        ('; tp:began "1991"^^xsd:gYear ; tp:ended "2000"^^xsd:gYear', "1999", YES),
        ('; tp:began "1991"^^xsd:gYear ; tp:ended "2000"^^xsd:gYear', "2000-05-01", PERHAPS),
        ('; tp:began "1991"^^xsd:gYear ; tp:ended "2000"^^xsd:gYear', "2001", NO),
        ('; tp:began "1991"^^xsd:gYear ; tp:ended "2000-05-01"^^xsd:date', "2000-05-01", YES),
        ('; tp:began "1991"^^xsd:gYear ; tp:status tp:Ended', "2000", PERHAPS),
        ('; tp:began "1991"^^xsd:gYear ; tp:status tp:Listed', "2000", YES),
        ('; tp:began "1991"^^xsd:gYear ; tp:status tp:StatusUnknown', "2000", PERHAPS),
        ('; tp:ended "2000"^^xsd:gYear', "2001", NO),
        ('; tp:ended "2000"^^xsd:gYear', "1999", PERHAPS),
    ],
)
def test_a_claim_is_in_force_or_not_or_perhaps(
    said: str, day: str, expected: tuple[bool, bool]
) -> None:
    assert answers(partnership(said), day) == expected


PERIODS = """; tp:period
  [ tp:began "1991"^^xsd:gYear ; tp:ended "1995"^^xsd:gYear ],
  [ tp:began "2005"^^xsd:gYear ]"""


@pytest.mark.parametrize(
    ("day", "expected"),
    [("1990", NO), ("1993", YES), ("1995-03-01", PERHAPS), ("2000", NO), ("2006", YES)],
)
def test_periods_count_one_by_one(day: str, expected: tuple[bool, bool]) -> None:
    assert answers(partnership(PERIODS), day) == expected


def test_a_partnership_is_in_force_where_its_agreement_is() -> None:
    """Though nothing is said of its own beginning; but not before, nor after its own end."""
    agreement = ':deed a tp:Agreement ; tp:partnership :claim ; tp:signed "1995"^^xsd:gYear .'
    assert answers(f"{partnership('')} {agreement}", "2000") == YES
    assert answers(f"{partnership('')} {agreement}", "1990") == PERHAPS
    ended = partnership('; tp:ended "1999"^^xsd:gYear')
    assert answers(f"{ended} {agreement}", "2000") == NO


def test_memberships_are_in_force_as_well() -> None:
    said = ':claim a org:Membership ; tp:began "2021-01"^^xsd:gYearMonth .'
    assert answers(said, "2020-12") == NO
    assert answers(said, "2021-02") == YES


def test_links_follow_from_what_was_in_force() -> None:
    """Those of today are left out where they did not hold; ended ones held once."""
    twinned = ":a tp:twinnedWith :b ."
    later = partnership('; tp:began "1991"^^xsd:gYear')
    assert answers(f"{later} {twinned}", "1980", ":a tp:twinnedWith :b") == NO
    assert answers(f"{later} {twinned}", "1993", ":b tp:twinnedWith :a") == YES
    over = partnership('; tp:began "1991"^^xsd:gYear ; tp:ended "2000"^^xsd:gYear')
    assert answers(over, "1995", ":a tp:twinnedWith :b") == YES
    assert answers(over, "2005", ":a tp:twinnedWith :b") == NO


def test_what_refers_to_a_claim_is_left_out_with_it() -> None:
    deed = ":deed tp:partnership :claim ; tp:aim 'x' ."
    claim = partnership('; tp:began "1991"^^xsd:gYear')
    assert answers(f"{claim} {deed}", "1980", ":deed tp:partnership ?x") == NO
    assert answers(f"{claim} {deed}", "1980", ":deed tp:aim ?x") == YES


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2022", 20220101, 20221231),
        ("2022-02", 20220201, 20220231),
        ("2022-07-22", 20220722, 20220722),
    ],
)
def test_a_date_means_days(text: str, first: int, last: int) -> None:
    assert Days.read(text) == Days(first, last)


@pytest.mark.parametrize("text", ["", "22", "2022-13", "2022-1", "2022-07-32", "-0044", "2022Z"])
def test_what_is_no_date_is_none(text: str) -> None:
    assert Days.read(text) is None


@pytest.mark.parametrize(
    ("said", "day", "expected"),
    [
        ("tp:status tp:Ended ; tp:endedUnknown true", "2020", PERHAPS),
        ("tp:status tp:StatusUnknown", "2020", PERHAPS),
        ('tp:status tp:Suspended ; tp:suspended "2016"^^xsd:gYear', "2020", NO),
        ('tp:status tp:Suspended ; tp:suspended "2016"^^xsd:gYear', "2016", PERHAPS),
        ('tp:status tp:Suspended ; tp:suspended "2016"^^xsd:gYear', "2010", YES),
        ("tp:status tp:Listed", "2020", YES),
    ],
)
def test_an_agreement_does_not_say_that_a_partnership_goes_on(
    said: str, day: str, expected: tuple[bool, bool]
) -> None:
    agreement = ':deed a tp:Agreement ; tp:partnership :claim ; tp:signed "1991"^^xsd:gYear .'
    assert answers(f"{partnership(f'; {said}')} {agreement}", day) == expected


def test_nobody_is_a_member_before_there_is_a_network() -> None:
    said = (
        ':claim a org:Membership ; org:organization :hanse . :hanse tp:founded "1980"^^xsd:gYear .'
    )
    assert answers(said, "1900") == NO
    assert answers(said, "1990") == PERHAPS


def test_parts_go_with_what_they_are_parts_of() -> None:
    deed = ':deed a tp:Agreement ; tp:signed "2001"^^xsd:gYear ; tp:activity :fair .'
    fair = ":fair a tp:Activity ; tp:modality tp:Agreed ."
    assert answers(f"{deed} {fair}", "1990", ":fair ?p ?o") == NO
    other = ":hanse a tp:Network ; tp:activity :fair ."
    assert answers(f"{deed} {fair} {other}", "1990", ":fair ?p ?o") == YES
