"""What is built from npm: once for the same inputs, and in every distribution."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import hatch_build
from tests.serving import ROOT

BUILT = {f"partnergraph/{name}" for name in hatch_build.BUILT}


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """The inputs, without what npm has installed."""
    without = shutil.ignore_patterns("node_modules")
    return Path(shutil.copytree(ROOT / "frontend", tmp_path / "frontend", ignore=without))


def test_the_lock_file_names_no_addresses() -> None:
    lock = (ROOT / "frontend" / "package-lock.json").read_text("utf-8")
    assert "http" not in lock
    assert all("integrity" in one for name, one in json.loads(lock)["packages"].items() if name)


def test_what_is_built_is_not_built_again(source: Path, tmp_path: Path) -> None:
    package = tmp_path / "package"
    (package / "pages" / "static").mkdir(parents=True)
    assert hatch_build.build(source, package)
    assert not hatch_build.build(source, package)
    first = {name: (package / name).read_bytes() for name in hatch_build.BUILT}
    (source / "src" / "words.js").write_text("export const changed = 1;", "utf-8")
    assert hatch_build.digest(source) != hatch_build.digest(ROOT / "frontend")
    shutil.copy(ROOT / "frontend" / "src" / "words.js", source / "src" / "words.js")
    (package / "pictures" / "world.json").unlink()
    assert hatch_build.build(source, package)
    assert {name: (package / name).read_bytes() for name in hatch_build.BUILT} == first


def test_what_npm_says_is_told(source: Path, tmp_path: Path) -> None:
    (source / "package-lock.json").write_text("{}", "utf-8")
    with pytest.raises(RuntimeError, match="npm"):
        hatch_build.build(source, tmp_path)


def test_a_wheel_from_a_source_distribution_has_it_all(tmp_path: Path) -> None:
    """As from a package index: neither git nor Node.js is needed there."""
    build = [sys.executable, "-m", "hatchling", "build"]
    subprocess.run([*build, "-t", "sdist", "-d", tmp_path], cwd=ROOT, check=True, timeout=120)
    (archive,) = tmp_path.glob("*.tar.gz")
    shutil.unpack_archive(archive, tmp_path)
    (unpacked,) = (path for path in tmp_path.iterdir() if path.is_dir())
    subprocess.run([*build, "-t", "wheel", "-d", tmp_path], cwd=unpacked, check=True, timeout=120)
    (wheel,) = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert set(names) >= BUILT
    assert not any("node_modules" in name for name in names)
