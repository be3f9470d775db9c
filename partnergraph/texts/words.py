"""The words of a text: what each of them stands for, and which thing it is said of.

Each syntax has a reader that makes the same of its texts. It takes names for what they stand for
and puts the words into frames; what is found with them does not depend on the syntax any more.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(slots=True, eq=False)
class Frame:
    """What is said of one thing: a statement of Turtle, an object of JSON, an element of XML.

    Attributes:
        parent: the frame around it.
        thing: the key of what it describes; if empty, it describes what its parent does.
    """

    parent: Frame | None
    thing: str = ""


class Words:
    """The words of one text, as a reader collects them; a word's number is its place in each list.

    Attributes:
        offsets: where they begin, in characters.
        written: how the text has them.
        frames: which they stand in, if any.
        keys: what they may stand for.
    """

    # A list a field, as a text has many words and an object for each of them takes time.
    def __init__(self) -> None:
        self.offsets: list[int] = []
        self.written: list[str] = []
        self.frames: list[Frame | None] = []
        self.keys: list[tuple[str, ...]] = []
        self._opened: list[Frame] = []

    def frame(self, parent: Frame | None = None) -> Frame:
        """Open a frame; the thing that it describes may be told later."""
        frame = Frame(parent)
        self._opened.append(frame)
        return frame

    def add(self, offset: int, written: str, frame: Frame | None, *keys: str) -> None:
        """Add the next word: a name or a literal.

        Args:
            offset: where it begins.
            written: as the text has it; empty where the text has no name there.
            frame: that it stands in, if any.
            keys: IRIs that it may stand for; of a literal, a quotation mark and its text.
        """
        self.offsets.append(offset)
        self.written.append(written)
        self.frames.append(frame)
        self.keys.append(keys)

    def things(self) -> dict[Frame | None, str]:
        """What each frame describes; empty where that has no name."""
        things: dict[Frame | None, str] = {None: ""}
        for frame in self._opened:  # Parents come first.
            things[frame] = frame.thing or things[frame.parent]
        return things


Reader = Callable[[str], Words]
"""Reads the texts of a syntax. None is a fault: what cannot be read has no words."""
