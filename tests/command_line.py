"""The real command in a process of its own, for tests."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from tests.serving import ROOT

PARTNERGRAPH = ("-m", "partnergraph")
NO_VARIABLES: Mapping[str, str] = MappingProxyType({})
SERVER = (str(ROOT / "server.py"),)


def environment(variables: Mapping[str, str] = NO_VARIABLES) -> dict[str, str]:
    """The variables of this process without those that the command reads, and with these."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PARTNERGRAPH_", "LANG", "LC_", "COLUMNS"))
    }
    return {**kept, "PYTHONPATH": str(ROOT), **variables}


def run(
    *arguments: str | Path,
    program: tuple[str, ...] = PARTNERGRAPH,
    stdin: str | bytes = "",
    cwd: Path = ROOT,
    variables: Mapping[str, str] = NO_VARIABLES,
) -> subprocess.CompletedProcess[str]:
    """What the command prints and how it ends; it may never show a traceback."""
    done = subprocess.run(
        [sys.executable, *program, *map(str, arguments)],
        input=stdin if isinstance(stdin, bytes) else stdin.encode(),
        capture_output=True,
        cwd=cwd,
        env=environment(variables),
        check=False,
        timeout=60,
    )
    out, err = done.stdout.decode(), done.stderr.decode()
    assert "Traceback" not in out + err, err
    return subprocess.CompletedProcess(done.args, done.returncode, out, err)


def complaint(
    *arguments: str | Path,
    program: tuple[str, ...] = PARTNERGRAPH,
    stdin: str | bytes = "",
    cwd: Path = ROOT,
    variables: Mapping[str, str] = NO_VARIABLES,
) -> str:
    """What the command says on stderr where it cannot be used so; it prints nothing else."""
    done = run(*arguments, program=program, stdin=stdin, cwd=cwd, variables=variables)
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    assert done.stderr.strip()
    return done.stderr
