"""Timelines: what began, was signed and ended when, with what is unknown shown as unknown.

Places are in per cent of the width, so that a line is drawn at any width without its text growing
or shrinking with it.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_MOST_TICKS = 6
"""Years that are written along the axis, at most."""

_STEPS = (1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000)


@dataclass(frozen=True)
class Stretch:
    """What lasts: its dates (a year, a month or a day), empty where they are not known.

    Attributes:
        began: the first day.
        ended: the last day.
        is_over: whether it has ended; without a date of its end, it goes on otherwise.
        title: what it is, in words.
    """

    began: str
    ended: str = ""
    is_over: bool = False
    title: str = ""


@dataclass(frozen=True)
class Event:
    """What happens once: its date, empty where it is not known, and what it is, in words."""

    date: str
    title: str


@dataclass(frozen=True)
class Line:
    """A line of a timeline, before it is drawn: its name, where that leads, and what is on it."""

    name: str
    address: str
    stretches: tuple[Stretch, ...] = ()
    events: tuple[Event, ...] = ()


@dataclass(frozen=True)
class Bar:
    """A stretch as it is drawn, in per cent.

    Attributes:
        start: from the left.
        width: how long it is.
        begins: whether its beginning is known.
        ends: whether it has an end, known or not.
        title: what it is, in words.
    """

    start: float
    width: float
    begins: bool
    ends: bool
    title: str


@dataclass(frozen=True)
class Mark:
    """An event as it is drawn: in per cent from the left; ``None`` where its date is not known."""

    at: float | None
    title: str


@dataclass(frozen=True)
class Track:
    """A line as it is drawn."""

    name: str
    address: str
    bars: tuple[Bar, ...]
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class Tick:
    """A year along the axis, in per cent from the left."""

    year: int
    at: float


@dataclass(frozen=True)
class Timeline:
    """A timeline: years along its axis, and its lines."""

    ticks: tuple[Tick, ...]
    tracks: tuple[Track, ...]


def draw_timeline(lines: Sequence[Line]) -> Timeline | None:
    """A timeline of some lines; ``None`` where not a single date is known.

    Its axis ends with the latest date that is known, as nothing here tells what day it is.
    """
    dates = list(_dates(lines))
    if not dates:
        return None
    first, last = int(min(dates)), int(max(dates)) + 1
    step = next((one for one in _STEPS if (last - first) / one <= _MOST_TICKS), _STEPS[-1])
    first -= first % step
    axis = _Axis(first, last)
    years = range(first, last - step // 3, step)
    ticks = tuple(Tick(year, axis.at(str(year))) for year in (*years, last))
    return Timeline(ticks, tuple(map(axis.track, lines)))


def _dates(lines: Iterable[Line]) -> Iterable[str]:
    for line in lines:
        for one in line.stretches:
            yield from (date[:4] for date in (one.began, one.ended) if date[:4].isdecimal())
        yield from (one.date[:4] for one in line.events if one.date[:4].isdecimal())


class _Axis:
    def __init__(self, first: int, last: int) -> None:
        self._first = first
        self._last = last

    def at(self, date: str, *, is_end: bool = False) -> float:
        """Where a date is; a year or a month lasts until its last day."""
        parts = [int(part) for part in date.split("-")[:3]]
        year, month, day = (*parts, 0, 0)[:3]
        if month:
            days = calendar.monthrange(max(year, 1), month)[1]
            fraction = (month - 1 + ((day or (days if is_end else 1)) - 1) / days) / 12
        else:
            fraction = 1.0 if is_end else 0.0
        share = (year + fraction - self._first) / (self._last - self._first)
        return round(min(max(share, 0.0), 1.0) * 100, 2)

    def track(self, line: Line) -> Track:
        bars = tuple(map(self._bar, line.stretches))
        marks = tuple(
            Mark(self.at(one.date) if one.date else None, one.title) for one in line.events
        )
        ordered = sorted(marks, key=lambda one: (one.at is None, one.at or 0.0))
        return Track(line.name, line.address, bars, tuple(ordered))

    def _bar(self, stretch: Stretch) -> Bar:
        start = self.at(stretch.began) if stretch.began else 0.0
        end = self.at(stretch.ended, is_end=True) if stretch.ended else 100.0
        ends = bool(stretch.ended) or stretch.is_over
        width = round(max(end - start, 0.5), 2)
        return Bar(start, width, bool(stretch.began), ends, stretch.title)
