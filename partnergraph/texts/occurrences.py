"""An index of the words of a text: where an IRI or a literal occurs, and where a thing has it."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence

from partnergraph.texts.words import Words


class Occurrences:
    """Finds words by what they stand for; it gives their numbers, in the order of the text."""

    def __init__(self, words: Words) -> None:
        by_key: dict[str, list[int]] = defaultdict(list)
        of_thing: dict[tuple[str, str], list[int]] = defaultdict(list)
        things = words.things()
        for number, (frame, keys) in enumerate(zip(words.frames, words.keys, strict=True)):
            thing = things[frame]
            for key in dict.fromkeys(keys):
                by_key[key].append(number)
                if thing:
                    of_thing[thing, key].append(number)
        self._by_key, self._of_thing = by_key, of_thing

    def first(self, key: str) -> int | None:
        """Where something occurs first."""
        found = self._by_key.get(key)
        return found[0] if found else None

    def said_of(self, thing: str, path: str, value: str) -> int | None:
        """Where a thing has the value of a property; else the property, else the thing."""
        paths = self._of_thing.get((thing, path), []) if path else []
        values = self._of_thing.get((thing, value), []) if value else []
        if paths and values:
            return min(_after(paths, values), default=(0, paths[0]))[1]
        first = paths or ([] if path else values) or self._of_thing.get((thing, thing))
        return first[0] if first else self.first(thing)

    def closeness(self, thing: str, path: str, value: str) -> int:
        """How much of it :meth:`said_of` would find: the more, the better a text fits."""
        has_path, has_value = ((thing, key) in self._of_thing for key in (path, value))
        return 2 * has_path + has_value

    def said(self, path: str, value: str) -> list[int]:
        """Where anything has the value of a property; of a value that is nowhere, the property."""
        paths, values = self._by_key.get(path, []), self._by_key.get(value, [])
        if not values:
            return paths
        return [number for gap, number in _after(paths, values) if gap == 1]


def _after(paths: Sequence[int], values: Sequence[int]) -> Iterator[tuple[int, int]]:
    """How far each value is from the property before it, in words; and which word it is."""
    for value in values:
        place = bisect_left(paths, value)
        if place:
            yield value - paths[place - 1], value
