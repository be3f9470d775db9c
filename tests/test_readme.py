"""What the README shows is what happens."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
import textwrap
from pathlib import Path

from partnergraph.settings import settings_table
from tests.serving import ROOT, Server

README = (ROOT / "README.md").read_text("utf-8")
BLOCK = re.compile(r"^( *)```([\w]+)(?: ([\w.]+))?\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)


def blocks(language: str) -> list[tuple[str, str]]:
    """The name and the text of each code block in a language."""
    return [
        (name, textwrap.dedent(text))
        for _, found, name, text in BLOCK.findall(README)
        if found == language
    ]


def test_commands_print_what_the_readme_says(tmp_path: Path) -> None:
    """Every command of a console block, run in order, gives the output under it."""
    for name, text in (*blocks("text"), *blocks("turtle")):
        (tmp_path / name).write_text(text, "utf-8", newline="")
    commands = 0
    for _, session in blocks("console"):
        for part in session.split("$ ")[1:]:
            line, _, expected = part.partition("\n")
            program, *arguments = shlex.split(line)
            assert program == "partnergraph"
            done = subprocess.run(
                [sys.executable, "-m", "partnergraph", *arguments],
                cwd=tmp_path,
                capture_output=True,
                text=True,
                check=False,
            )
            fails = expected.startswith("Error: ")
            assert done.returncode == (2 if fails else 0), done.stderr
            shown = done.stdout + done.stderr
            assert shown.splitlines() == expected.splitlines(), line
            commands += 1
    assert commands >= 10


def test_the_curl_examples_are_answered(server: Server) -> None:
    """Each that asks a stored query."""
    paths = re.findall(r"curl (?:--get )?'?http://127.0.0.1:8000(/queries/[^' ]+)", README)
    assert len(paths) == 2
    for path in paths:
        assert len(server.client.get(path).text.splitlines()) > 5


def test_the_settings_are_those_of_the_code() -> None:
    """The table of settings is made from the code."""
    shown = README.partition("<!-- settings -->\n")[2].partition("<!-- /settings -->")[0]
    assert shown == settings_table()


def test_links_lead_somewhere() -> None:
    """Every relative link of the README and of the decision records names a file."""
    for document in (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))):
        for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", document.read_text("utf-8")):
            assert (document.parent / target).exists(), f"{document.name}: {target}"
