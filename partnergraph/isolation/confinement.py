"""What a process that runs strangers' input gives up: its output, its life of its own, its memory.

Linux only: https://man7.org/linux/man-pages/man2/prctl.2.html and getrlimit.2.html.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
from pathlib import Path

_PR_SET_PDEATHSIG = 1


def end_with_parent(parent: int) -> None:
    """Let this process, newly forked, be killed when its parent ends."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # It has ended already.
        os._exit(0)


def discard_output() -> None:
    """An engine that runs out of stack or memory prints as much; the server says it better."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nothing, descriptor)
    os.close(nothing)


def pages() -> tuple[int, int]:
    """The pages of memory that this process may address, and those of them that it has."""
    size, resident, *_ = Path("/proc/self/statm").read_text("ascii").split()
    return int(size), int(resident)


def cap_memory(more: int) -> None:
    """Let the address space grow by so many bytes, and never write it to a file."""
    cap(resource.RLIMIT_AS, pages()[0] * os.sysconf("SC_PAGE_SIZE") + more)
    cap(resource.RLIMIT_CORE, 0)


def cap(kind: int, most: int) -> None:
    """Lower a limit of the system for good; one that is lower already stays."""
    _, hard = resource.getrlimit(kind)
    least = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(kind, (least, least))
