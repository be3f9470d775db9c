"""A made-up twinning network of any size, in our model, for servers to be measured on.

It has the degrees of the real one: Wikidata's sister cities in 2016 (10,055 places, 17,401
partnerships). The same size and seed give the same bytes.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from partnergraph.namespaces import ID, OA, PROV, RDF, SKOS, TP, TPC, WGS, XSD

PARTNERSHIPS = 20_000
SEED = 2016

DEGREES = {
    1: 0.425,
    2: 0.604,
    3: 0.718,
    4: 0.790,
    5: 0.843,
    7: 0.901,
    10: 0.945,
    20: 0.984,
    30: 0.995,
    98: 1.0,
}
"""Degree → share of the real network's places that have this degree or a lower one."""

COUNTRIES = [
    *("de", "fr", "us", "pl", "it", "gb", "jp", "cn", "ru", "ua", "es", "ro", "hu", "cz", "se"),
    *("fi", "no", "dk", "nl", "be", "at", "ch", "lv", "lt", "ee", "pt", "gr", "tr", "bg", "rs"),
    *("hr", "si", "sk", "br", "mx", "ca", "au", "kr", "in", "il"),
]
FIELDS = [
    "culture",
    "education",
    "sport",
    "medicine",
    "tourism",
    "health",
    "economy",
    "environment",
]
STATUSES = {"Listed": 93, "Ended": 4, "Suspended": 2, "StatusUnknown": 1}
SYLLABLES = ["al", "be", "cor", "da", "el", "fi", "gra", "ho", "il", "jo", "ka", "lu", "mar", "no"]
KNOWN_BEGINNING, WITH_AGREEMENT = 0.6, 0.3
"""Shares of the partnerships."""


@dataclass(frozen=True)
class Network:
    """Places, each with its country, and the pairs of places that are partners."""

    countries: list[str]
    pairs: list[tuple[int, int]]

    def place(self, number: int) -> str:
        """The IRI of a place."""
        return f"{ID}place/{self.countries[number]}/p{number}"

    @property
    def degrees(self) -> list[int]:
        """The number of partnerships of each place."""
        degrees = [0] * len(self.countries)
        for pair in self.pairs:
            for place in pair:
                degrees[place] += 1
        return degrees

    @property
    def busiest(self) -> list[int]:
        """All places, those with most partnerships first."""
        degrees = self.degrees
        return sorted(range(len(degrees)), key=lambda place: (-degrees[place], place))


def make_network(partnerships: int = PARTNERSHIPS, seed: int = SEED) -> Network:
    """Draw degrees until their sum is enough, and join the places at random."""
    chance = random.Random(seed)
    ends: list[int] = []
    places = 0
    while len(ends) < 2 * partnerships:
        ends += [places] * min(_degree(chance), 2 * partnerships - len(ends))
        places += 1
    weights = [1 / rank for rank in range(1, len(COUNTRIES) + 1)]
    return Network(chance.choices(COUNTRIES, weights, k=places), _join(ends, chance))


def write_network(path: Path, network: Network, seed: int = SEED) -> int:
    """Write the network in N-Triples (which is N-Quads, too), and say how many triples it has."""
    count = 0
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for line in _triples(network, random.Random(seed)):
            file.write(line)
            count += 1
    return count


def _degree(chance: random.Random) -> int:
    share = chance.random()
    for (lower, _), (upper, below) in pairwise([(0, 0.0), *DEGREES.items()]):
        if share < below:
            # Within a step of the table lower degrees are the more frequent.
            return lower + 1 + int((upper - lower) * chance.random() ** 1.3)
    return max(DEGREES)


def _join(ends: list[int], chance: random.Random) -> list[tuple[int, int]]:
    """Pair the ends so that nobody is its own partner and no pair comes twice."""
    chance.shuffle(ends)
    pairs: dict[tuple[int, int], None] = {}
    while ends:
        a, b = ends.pop(), ends.pop()
        pair = (min(a, b), max(a, b))
        if a != b and pair not in pairs:
            pairs[pair] = None
            continue
        # Two ends that do not fit go back, with those of a pair that is broken up again.
        other = chance.choice(list(pairs)) if pairs else None
        if other is None:
            raise ValueError("too few places for so many partnerships")
        del pairs[other]
        ends += [a, other[0], b, other[1]]
    return list(pairs)


def _iri(value: str) -> str:
    return f"<{value}>"


def _literal(value: object, datatype: str) -> str:
    return f'"{value}"^^<{XSD}{datatype}>'


def _describe(subject: str, **properties: str) -> Iterator[str]:
    """The triples of one subject; properties are those of the vocabulary."""
    for name, value in properties.items():
        yield f"<{subject}> <{TP}{name}> {value} .\n"


def _typed(subject: str, name: str) -> str:
    return f"<{subject}> <{RDF}type> <{TP}{name}> .\n"


def _derived_from(subject: str, passage: str) -> str:
    return f"<{subject}> <{PROV}wasDerivedFrom> <{passage}> .\n"


def _passage(number: int) -> str:
    return f"{ID}passage/network/{number}"


def _triples(network: Network, chance: random.Random) -> Iterator[str]:
    for code in COUNTRIES:
        country = f"{ID}country/{code}"
        yield _typed(country, "Country")
        yield from _describe(country, alpha2=_literal(code.upper(), "string"))
        yield f'<{country}> <{SKOS}prefLabel> "{code.upper()}"@en .\n'
    for place in range(len(network.countries)):
        yield from _place_triples(network, place, chance)
        yield from _passage_triples(place, chance)
    for number, pair in enumerate(network.pairs):
        yield from _partnership_triples(network, number, pair, chance)


def _place_triples(network: Network, number: int, chance: random.Random) -> Iterator[str]:
    place = network.place(number)
    name = "".join(chance.choices(SYLLABLES, k=3)).capitalize()
    yield _typed(place, "Territory")
    yield f'<{place}> <{SKOS}prefLabel> "{name}"@en .\n'
    yield f'<{place}> <{SKOS}prefLabel> "{name}ā"@lv .\n'
    country = f"{ID}country/{network.countries[number]}"
    yield from _describe(place, country=_iri(country), kind=_iri(f"{TPC}city"))
    for axis, lowest, highest in (("lat", 36, 69), ("long", -9, 40)):
        # The last digit is never 0, so that every server writes the number as it stands here.
        degrees = f"{chance.randrange(lowest, highest)}.{chance.randrange(100)}"
        value = _literal(f"{degrees}{chance.randrange(1, 10)}", "decimal")
        yield f"<{place}> <{WGS}{axis}> {value} .\n"


def _passage_triples(number: int, chance: random.Random) -> Iterator[str]:
    passage = _passage(number)
    # A selector has a name here, so that the answers of two servers can be compared.
    selector = f"{passage}/position"
    begin = chance.randrange(100_000)
    yield _typed(passage, "Passage")
    yield f"<{passage}> <{OA}hasSource> <{ID}source/network> .\n"
    yield f"<{passage}> <{OA}hasSelector> <{selector}> .\n"
    yield from _describe(passage, digest=_literal(f"{chance.getrandbits(256):064x}", "string"))
    yield f"<{selector}> <{RDF}type> <{OA}TextPositionSelector> .\n"
    yield f"<{selector}> <{OA}start> {_literal(begin, 'integer')} .\n"
    yield f"<{selector}> <{OA}end> {_literal(begin + chance.randrange(20, 900), 'integer')} .\n"


def _partnership_triples(
    network: Network, number: int, pair: tuple[int, int], chance: random.Random
) -> Iterator[str]:
    partnership = f"{ID}partnership/network/{number}"
    a, b = (network.place(place) for place in pair)
    (status,) = chance.choices([*STATUSES], [*STATUSES.values()])
    yield _typed(partnership, "Partnership")
    yield from _describe(partnership, status=_iri(f"{TP}{status}"))
    for place in (a, b):
        yield from _describe(partnership, party=_iri(place))
    yield _derived_from(partnership, _passage(pair[0]))
    if chance.random() < KNOWN_BEGINNING:
        yield from _year(partnership, "began", chance.randrange(1950, 2000))
    if status == "Ended":
        yield from _year(partnership, "ended", chance.randrange(2000, 2024))
    if status not in ("Ended", "Suspended"):
        yield from _describe(a, twinnedWith=_iri(b))
        yield from _describe(b, twinnedWith=_iri(a))
    if chance.random() < WITH_AGREEMENT:
        yield from _agreement_triples(number, (a, b), _passage(pair[1]), chance)


def _agreement_triples(
    number: int, parties: tuple[str, str], passage: str, chance: random.Random
) -> Iterator[str]:
    agreement, group = f"{ID}agreement/network/{number}", f"{ID}group/network/{number}/1"
    partnership = _iri(f"{ID}partnership/network/{number}")
    yield _typed(agreement, "Agreement")
    yield from _describe(agreement, partnership=partnership, instrument=_iri(f"{TPC}ligums"))
    for party, other in (parties, parties[::-1]):
        yield from _describe(agreement, party=_iri(party))
        yield from _describe(party, coSignatoryWith=_iri(other))
    yield from _year(agreement, "signed", chance.randrange(2000, 2024))
    yield _derived_from(agreement, passage)
    yield from _describe(agreement, fieldGroup=_iri(group))
    yield _typed(group, "FieldGroup")
    yield from _describe(group, position=_literal(1, "integer"))
    for field in sorted(chance.sample(FIELDS, chance.randrange(1, 4))):
        yield from _describe(group, field=_iri(f"{TPC}{field}"))
        yield from _describe(agreement, agreedField=_iri(f"{TPC}{field}"))


def _year(subject: str, name: str, year: int) -> Iterator[str]:
    properties = {name: _literal(year, "gYear"), f"{name}Year": _literal(year, "integer")}
    yield from _describe(subject, **properties)
