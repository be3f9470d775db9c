"""What a process gives up, it gives up for good; the tests give it up in processes of their own."""

from __future__ import annotations

from tests.command_line import run


def said(program: str) -> list[str]:
    """What a program prints that has all of the module at hand."""
    head = "import os, resource; from partnergraph.isolation.confinement import *;"
    done = run(program=("-c", f"{head}\n{program}"))
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_a_cap_is_soft_and_hard() -> None:
    assert said("cap(resource.RLIMIT_NOFILE, 50); print(*resource.getrlimit(7))") == ["50", "50"]


def test_a_lower_cap_stays() -> None:
    program = "cap(resource.RLIMIT_NOFILE, 50); cap(resource.RLIMIT_NOFILE, 60)"
    assert said(f"{program}; print(*resource.getrlimit(resource.RLIMIT_NOFILE))") == ["50", "50"]


def test_memory_above_the_cap_is_not_to_be_had() -> None:
    program = """
cap_memory(64 * 1024**2)
kept = bytes(16 * 1024**2)
try:
    bytes(128 * 1024**2)
except MemoryError:
    print("refused")
"""
    assert said(program) == ["refused"]


def test_a_process_whose_parent_has_gone_ends() -> None:
    assert said("end_with_parent(os.getppid()); print('here', flush=True)") == ["here"]
    assert said("end_with_parent(0); print('here')") == []


def test_nothing_is_said_any_more() -> None:
    assert said("discard_output(); print('here'); os.write(2, b'here')") == []
