"""The machine that a benchmark ran on, without its name or its paths."""

from __future__ import annotations

import os
import platform
import subprocess
from pathlib import Path


def describe_machine() -> dict[str, str]:
    """What the figures depend on: processor, memory, kernel, Python, load generator."""
    processor = _line(Path("/proc/cpuinfo"), "model name")
    kibibytes = int(_line(Path("/proc/meminfo"), "MemTotal").split()[0])
    return {
        "processor": f"{processor}, {os.cpu_count()} cores",
        "memory": f"{kibibytes / 1024**2:.1f} GiB",
        "kernel": f"{platform.system()} {platform.release()}",
        "Python": f"{platform.python_implementation()} {platform.python_version()}",
        "load generator": _wrk_version(),
    }


def available_memory() -> int:
    """The bytes that new processes may take."""
    return 1024 * int(_line(Path("/proc/meminfo"), "MemAvailable").split()[0])


def _line(path: Path, name: str) -> str:
    for line in path.read_text("utf-8").splitlines():
        if line.startswith(name):
            return line.partition(":")[2].strip()
    return "0 (unknown)"


def _wrk_version() -> str:
    done = subprocess.run(["wrk", "--version"], capture_output=True, text=True, check=False)
    return " ".join((done.stdout + done.stderr).split()[:2])
