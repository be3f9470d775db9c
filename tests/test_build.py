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
from partnergraph import __version__
from tests.command_line import environment, run
from tests.serving import ROOT, running

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


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel from a source distribution, as from a package index: without git and Node.js."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build"]
    subprocess.run([*build, "-t", "sdist", "-d", folder], cwd=ROOT, check=True, timeout=120)
    (archive,) = folder.glob("*.tar.gz")
    shutil.unpack_archive(archive, folder)
    (unpacked,) = (path for path in folder.iterdir() if path.is_dir())
    subprocess.run([*build, "-t", "wheel", "-d", folder], cwd=unpacked, check=True, timeout=120)
    (wheel,) = folder.glob("*.whl")
    return wheel


def test_a_wheel_has_it_all(wheel: Path) -> None:
    """And nothing else: a module beside the package would be everybody's top-level module."""
    names = zipfile.ZipFile(wheel).namelist()
    assert set(names) >= BUILT
    for folder in ("ontology", "ontology/rules", "queries"):
        files = [path for path in (ROOT / folder).iterdir() if path.is_file()]
        assert files
        assert set(names) >= {f"partnergraph/{folder}/{path.name}" for path in files}
    for kind in ("*.html", "*.toml", "*.json", "*.css", "*.js", "*.svg"):
        files = list((ROOT / "partnergraph").rglob(kind))
        assert files
        assert set(names) >= {path.relative_to(ROOT).as_posix() for path in files}
    assert {name.partition("/")[0] for name in names} == {
        "partnergraph",
        f"partnergraph-{__version__}.dist-info",
    }


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command, from the wheel and what it asks for, in an environment of its own."""
    folder = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", folder], check=True, timeout=120)
    pip: list[str | Path] = [
        folder / "bin" / "python",
        "-m",
        "pip",
        "install",
        "--disable-pip-version-check",
    ]
    constraints: list[str | Path] = ["--constraint", ROOT / "requirements.txt"]
    subprocess.run([*pip, "--quiet", *constraints, wheel], check=True, timeout=300)
    return folder / "bin" / "partnergraph"


def installed_says(
    command: Path, *arguments: str, folder: Path
) -> subprocess.CompletedProcess[str]:
    """What the installed command says in an empty folder."""
    assert not list(folder.iterdir())
    return subprocess.run(
        [command, *arguments],
        cwd=folder,
        env=environment({"PYTHONPATH": ""}),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_an_installed_package_needs_nothing_but_data(installed: Path, tmp_path: Path) -> None:
    """What the repository has beside the package, the package has in it."""
    data = str(ROOT / "data")
    for arguments in (("validate", data), ("query", "partners", "--data", data), ("queries",)):
        done = installed_says(installed, *arguments, folder=tmp_path)
        assert done.returncode == 0, done.stderr
        here = run(*arguments)
        assert done.stdout.splitlines() == here.stdout.splitlines()
        assert done.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ("serve",),
        ("validate",),
        ("query", "partners"),
        ("query", "partners", "--no-validation"),
        ("export", "never-written"),
        ("verify-sources", "--document", str(ROOT / "README.md")),
    ],
)
def test_an_installed_package_asks_for_data(
    installed: Path, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    done = installed_says(installed, *arguments, folder=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "Error: there are no data: name a file or a folder with --data PATH\n"


def test_an_installed_package_serves(installed: Path, tmp_path: Path) -> None:
    """From an empty folder, with data alone; its first answer is right."""
    data = str(ROOT / "data" / "partners.ttl")
    command = (str(installed), "serve", "--no-validation", "--data", data)
    with running(program=command, cwd=tmp_path) as server:
        answer = server.select(
            "SELECT (COUNT(*) AS ?n) { ?s a <https://partnergraph.example/def#Agreement> }"
        )
        assert answer.text.split() == ["n", "7"]
        for page in ("/", "/queries/partners", "/static/editor.js", "/network"):
            assert server.client.get(page).status_code == 200
