"""Each value has its form, and together they cannot be true, or merely are not."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import BlankNode, Literal

from tests.gate.mutations.damages import Damage, beside, label, name, on, replaced, to
from tests.gate.mutations.material import DATES, about, find, instances, text, year
from tests.gate.mutations.terms import g_year, integer, iri


def date_in_future() -> Iterator[Damage]:
    for quad in find(*DATES, most=2):
        yield replaced(quad, g_year(2999))


def year_shifted() -> Iterator[Damage]:
    for quad in find(*DATES, most=1):
        yield replaced(quad, g_year(year(quad) - 1))
        yield replaced(quad, g_year(year(quad) + 1))


def signed_before_partnership_began() -> Iterator[Damage]:
    for quad in find("tp:signed", most=3):
        (link,) = about(quad.subject, "tp:partnership")
        later = on(link.object, "tp:began", g_year(year(quad) + 1))
        yield label(quad.subject), about(link.object, "tp:began"), [later]


def agreement_ended_before_signing() -> Iterator[Damage]:
    for quad in find("tp:signed", most=3):
        ended = beside(quad, "tp:ended", g_year(year(quad) - 1))
        yield label(quad.subject), [], [ended, beside(quad, "tp:status", iri("tp:Ended"))]


def partnership_ended_before_it_began() -> Iterator[Damage]:
    for quad in find("tp:status", of="tp:Partnership", most=4):
        dates = [beside(quad, "tp:began", g_year(1992)), beside(quad, "tp:ended", g_year(1991))]
        gone = [quad, *about(quad.subject, "tp:began")]
        yield label(quad.subject), gone, [to(quad, iri("tp:Ended")), *dates]


def end_date_of_what_has_not_ended() -> Iterator[Damage]:
    for quad in find("tp:status", of="tp:Partnership", most=4):
        yield label(quad.subject), [], [beside(quad, "tp:ended", g_year(2020))]


def ended_without_end_date() -> Iterator[Damage]:
    for quad in find("tp:status", of="tp:Partnership", most=4):
        yield replaced(quad, iri("tp:Ended"))


def end_date_of_agreement_without_status() -> Iterator[Damage]:
    for quad in find("tp:signed", most=2):
        yield label(quad.subject), [], [beside(quad, "tp:ended", g_year(2023))]


def two_statuses_of_agreement() -> Iterator[Damage]:
    for quad in find("tp:signed", most=1):
        statuses = [
            beside(quad, "tp:status", iri(name)) for name in ("tp:Listed", "tp:StatusUnknown")
        ]
        yield label(quad.subject), [], statuses


def other_status() -> Iterator[Damage]:
    for quad in find("tp:status", of="tp:Partnership", most=2):
        yield replaced(quad, iri("tp:Suspended"))
        yield replaced(quad, iri("tp:StatusUnknown"))


def period() -> Iterator[Damage]:
    """Two periods that overlap, one that ends before it begins, one without beginning."""
    earlier, later = BlankNode("earlier"), BlankNode("later")
    for quad in find("tp:status", of="tp:Partnership", most=2):
        yield (
            f"{label(quad.subject)} overlapping",
            [],
            [
                beside(quad, "tp:period", earlier),
                beside(quad, "tp:period", later),
                on(earlier, "tp:began", g_year(1992)),
                on(earlier, "tp:ended", g_year(2000)),
                on(later, "tp:began", g_year(1999)),
            ],
        )
        ended = [beside(quad, "tp:period", later), on(later, "tp:ended", g_year(1992))]
        began = on(later, "tp:began", g_year(2000))
        yield f"{label(quad.subject)} ended before it began", [], [*ended, began]
        yield f"{label(quad.subject)} without beginning", [], ended


def member_before_founding() -> Iterator[Damage]:
    for quad in instances("org:Membership"):
        (network,) = about(quad.subject, "org:organization")
        dates = [
            beside(quad, "tp:began", g_year(1979)),
            on(network.object, "tp:founded", g_year(1980)),
        ]
        yield label(quad.subject), about(quad.subject, "tp:began"), dates


def anniversary_against_beginning() -> Iterator[Damage]:
    for quad in find("tp:anniversary"):
        for began in (1991, 1993):
            yield str(began), [], [beside(quad, "tp:began", g_year(began))]


def anniversary_of_no_years() -> Iterator[Damage]:
    for quad in find("tp:years"):
        yield replaced(quad, integer(0))
        yield replaced(quad, integer(-29))


def anniversary_of_other_years() -> Iterator[Damage]:
    for quad in find("tp:years"):
        yield replaced(quad, integer(30))


def passage_bounds() -> Iterator[Damage]:
    for start in find("oa:start", most=3):
        (end,) = about(start.subject, "oa:end")
        where = label(start.subject)
        yield f"{where} swapped", [start, end], [to(start, end.object), to(end, start.object)]
        yield f"{where} past the document", [end], [to(end, integer(4650))]
        yield f"{where} empty", [end], [to(end, start.object)]
        yield f"{where} negative", [start], [to(start, integer(-1))]


def passage_moved() -> Iterator[Damage]:
    for start in find("oa:start", most=2):
        yield replaced(start, integer(int(text(start)) + 1))


def document_too_short() -> Iterator[Damage]:
    for quad in find("tp:codePoints"):
        yield replaced(quad, integer(int(text(quad)) - 1))
        yield replaced(quad, integer(0))


def quotation() -> Iterator[Damage]:
    exact = Literal("Valmiera", language="lv")
    for quad in find("oa:hasSelector", most=2):
        yield f"{name(quad)} of the selector", [], [on(quad.object, "oa:exact", exact)]
        yield f"{name(quad)} of the passage", [], [beside(quad, "oa:exact", exact)]


FAMILIES = (
    date_in_future,
    year_shifted,
    signed_before_partnership_began,
    agreement_ended_before_signing,
    partnership_ended_before_it_began,
    end_date_of_what_has_not_ended,
    ended_without_end_date,
    end_date_of_agreement_without_status,
    two_statuses_of_agreement,
    other_status,
    period,
    member_before_founding,
    anniversary_against_beginning,
    anniversary_of_no_years,
    anniversary_of_other_years,
    passage_bounds,
    passage_moved,
    document_too_short,
    quotation,
)
