"""The rooms of the package as they are: their doors, what they use, and a picture of them all.

``python -m tests.architecture`` puts the picture into docs/architecture.md, and prints of each room
what its docstring has to say.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import grimp

from tests.serving import ROOT

PACKAGE = "partnergraph"
PAGE = ROOT / "docs" / "architecture.md"
PICTURE = re.compile(r"```mermaid\n.*?```\n", re.DOTALL)
TABLE = re.compile(r"(?<=\n)\| room \|.*?\n(?=\n)", re.DOTALL)


@dataclass(frozen=True)
class Room:
    """A sub-package.

    Attributes:
        name: of its folder.
        modules: their names.
        doors: those of them that other rooms, or the flow, import.
        uses: the rooms that it imports from, the ground left out.
    """

    name: str
    modules: tuple[str, ...]
    doors: tuple[str, ...]
    uses: tuple[str, ...]

    @property
    def docstring(self) -> str:
        """What it says of itself."""
        tree = ast.parse((ROOT / PACKAGE / self.name / "__init__.py").read_text("utf-8"))
        return ast.get_docstring(tree) or ""

    @property
    def purpose(self) -> str:
        """The first sentence of it, up to its full stop."""
        return " ".join(self.docstring.partition("\n\n")[0].split())

    def says(self, word: str) -> str:
        """What the docstring says after ``word``, on as many lines as it takes."""
        found = re.search(rf"^{word}: (.*?)\.(?:\n|$)", self.docstring, re.DOTALL | re.MULTILINE)
        return " ".join(found[1].split()) if found else ""


@cache
def imports() -> grimp.ImportGraph:
    """All imports between the modules of the package."""
    return grimp.build_graph(PACKAGE, cache_dir=None)


@cache
def rooms() -> dict[str, Room]:
    """All rooms by name, sorted."""
    graph = imports()
    ground_or_room = sorted(graph.find_children(PACKAGE))
    names = [one.rpartition(".")[2] for one in ground_or_room if graph.find_children(one)]
    return {name: _room(name, set(names)) for name in names}


def _room(name: str, every: set[str]) -> Room:
    graph, own = imports(), f"{PACKAGE}.{name}"
    modules = sorted(graph.find_children(own))
    doors = (one for one in modules if any(not _within(other, own) for other in _users(one)))
    used = {
        _room_of(other) for one in modules for other in graph.find_modules_directly_imported_by(one)
    }
    return Room(
        name,
        tuple(one.rpartition(".")[2] for one in modules),
        tuple(one.rpartition(".")[2] for one in doors),
        tuple(sorted((used & every) - {name})),
    )


def _users(module: str) -> set[str]:
    return imports().find_modules_that_directly_import(module)


def _within(module: str, room: str) -> bool:
    return module.startswith(f"{room}.")


def _room_of(module: str) -> str:
    return module.split(".")[1] if module.count(".") else ""


def layers() -> list[list[str]]:
    """The rooms as the contract in pyproject.toml has them: above one another, or side by side."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    contract = settings["tool"]["importlinter"]["contracts"][0]
    rows = [[one.strip() for one in row.split("|")] for row in contract["layers"]]
    return [[one for one in row if one in rooms()] for row in rows if set(row) & set(rooms())]


def picture() -> str:
    """The rooms and what they use, in Mermaid: https://mermaid.js.org/syntax/flowchart.html.

    An arrow that others make up together is left out.
    """
    lines = ["flowchart TD"]
    lines += [f'    {name}["<b>{name}</b><br/>{_caption(room)}"]' for name, room in rooms().items()]
    lines += [f"    {name} --> {used}" for name in rooms() for used in sorted(_arrows(name))]
    return "```mermaid\n" + "\n".join(lines) + "\n```\n"


def table() -> str:
    """The rooms from top to bottom, each with its purpose and its doors, in Markdown."""
    rows = ["| room | what it is for | its doors |", "|---|---|---|"]
    for name in (one for layer in layers() for one in layer):
        room = rooms()[name]
        doors = ", ".join(f"`{door}`" for door in room.doors)
        rows.append(f"| [`{name}/`](../partnergraph/{name}/) | {room.purpose} | {doors} |")
    return "\n".join(rows) + "\n"


def _caption(room: Room) -> str:
    return room.purpose.partition(":")[0].rstrip(".").replace('"', "'")


def _arrows(name: str) -> Iterator[str]:
    """The rooms that one uses, but for those that it reaches through another one."""
    direct = rooms()[name].uses
    for used in direct:
        if not any(used in _below(other) for other in direct if other != used):
            yield used


@cache
def _below(name: str) -> frozenset[str]:
    """All rooms that one reaches."""
    direct = rooms()[name].uses
    return frozenset(direct).union(*(_below(one) for one in direct))


def page() -> str:
    """The page with the picture and the table as they have to be."""
    text = PAGE.read_text("utf-8")
    for place, made in ((PICTURE, picture()), (TABLE, table())):
        before, _, after = _parted(text, place)
        text = f"{before}{made}{after}"
    return text


def _parted(text: str, place: re.Pattern[str]) -> tuple[str, str, str]:
    (found,) = place.finditer(text)
    return text[: found.start()], found[0], text[found.end() :]


def listed(names: tuple[str, ...]) -> str:
    """Names as a docstring lists them."""
    return ", ".join(f"``{name}``" for name in names)


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
    for name, room in rooms().items():
        print(f"{name}\n  Doors: {listed(room.doors)}.\n  May use: {listed(room.uses)}.")
