"""Whether two builds serve the same bytes: every address, every command, every exported file.

``python benchmarks/same_answers.py BEFORE AFTER`` is for refactorings, which change no answer.
Each of the two is a checkout with its environment in ``.venv``. They serve one after the other on
the same port, so that all links are the same; addresses are found out from each of them, so that
one that is lost is noticed. Exit status: 0; 1 where anything differs.
"""

from __future__ import annotations

import os
import random
import socket
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from hashlib import sha256
from pathlib import Path

import click
import httpx

from benchmarks.addresses import Asked, Reply, ask_everything
from benchmarks.running import ROOT, Failed, ask, running

DATES = ("date", "last-modified")
"""Header fields that say the time of the answer and of the start of the server. No two runs have
the same ones; so it is compared only whether they are there and hold a date."""

DEADLINE = "120"
"""Seconds for a query: where the machine is busy, answers are late, and that is no difference."""

PATIENCE = 180.0
PORTS = range(20_000, 30_000)
"""Not of those that the system hands out, one of which might be taken between the two runs."""

SHOWN = 60
"""Bytes that are shown before and after the first that differs."""

INVALID = ROOT / "ontology" / "examples" / "invalid" / "partnership-status.ttl"
COMMANDS = (
    *(("--version",), ("--help",), ("queries",)),
    *((name, "--help") for name in ("serve", "validate", "query", "queries", "export", "format")),
    ("validate",),
    ("validate", "--language", "lv"),
    ("validate", "--format", "turtle"),
    ("validate", "--language", "lv", str(INVALID)),
    ("validate", "--format", "json", str(INVALID)),
    ("queries", "--language", "lv"),
    ("query", "partners", "--format", "csv"),
    ("format", "--check", "data", "ontology"),
    ("cite", "--document", str(ROOT / "LICENSE"), "MIT License"),
    ("verify-sources", "--document", str(ROOT / "LICENSE")),
    ("query", "agreements", "--format", "json", "--labels", "lv,en", "--evidence"),
    ("query", "chronology", "--format", "table", "--as-of", "2000"),
    ("query", "in-common", "--territory", "halle-westf", "--format", "csv", "--bom"),
    ("query", "neighbourhood", "--format", "ttl"),
    ("query", "signed-between", "--from", "1900", "--to", "1901", "--language", "lv"),
    ("query", "partnes"),
    ("query", "partners", "--territory", "nowhere", "--language", "lv"),
    ("query", "SELECT * WHERE { ?s tpp:party ?o }"),
    ("query", "ASK { ?s ?p ?o }", "--format", "xml"),
    ("export", "nothing", "--graph", "nothing"),
    ("export", "files"),
    ("export", "site", "--site"),
)
"""Of the command line; what is exported goes to the folder in which they are run."""


@dataclass(frozen=True)
class Answer:
    """What came of a request, or of a command.

    Attributes:
        status: of HTTP, or of the process; 0 for a file, and -1 where nothing came.
        headers: in their order.
        digest: of the body, which is kept by it.
    """

    status: int
    headers: tuple[tuple[str, str], ...]
    digest: str


class Bodies:
    """The contents of answers, in a folder; what came twice is kept once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, content: bytes) -> str:
        """Keep a content; gives the digest that it is known by."""
        digest = sha256(content).hexdigest()
        (self._folder / digest).write_bytes(content)
        return digest

    def content(self, digest: str) -> bytes:
        """The content that has a digest."""
        return (self._folder / digest).read_bytes()


Answers = dict[str, Answer]
"""By what was asked."""


def python(checkout: Path, *arguments: str) -> list[str]:
    """The command that runs Python with the package of a checkout.

    Its own one comes first, so that an environment may be lent by another checkout. Sets keep one
    order, which some answers follow: run with PYTHONHASHSEED=random, this shows which.
    """
    seed = os.environ.get("PYTHONHASHSEED", "0")
    interpreter = str(checkout / ".venv" / "bin" / "python")
    return ["env", f"PYTHONPATH={checkout}", f"PYTHONHASHSEED={seed}", interpreter, *arguments]


def require_own_package(checkout: Path) -> None:
    """Make sure that what is run is what stands in the checkout.

    Raises:
        ClickException: it is not.
    """
    command = python(checkout, "-c", "import partnergraph; print(partnergraph.__file__)")
    with tempfile.TemporaryDirectory() as elsewhere:
        done = subprocess.run(command, cwd=elsewhere, capture_output=True, text=True, check=False)
    place = Path(done.stdout.strip()).resolve()
    if done.returncode or not place.is_relative_to(checkout.resolve() / "partnergraph"):
        raise click.ClickException(f"{checkout} runs {place}: {done.stderr.strip()}")


def unused_port() -> int:
    """A port that nobody listens on, and that stays so."""
    while True:
        with suppress(OSError), socket.create_server(("127.0.0.1", random.choice(PORTS))) as free:
            port: int = free.getsockname()[1]
            return port


@contextmanager
def serving(checkout: Path, port: int) -> Iterator[str]:
    """The server of a checkout, ended with the block; what its addresses begin with.

    Raises:
        Failed: it did not start.
    """
    base = f"http://127.0.0.1:{port}"
    options = ("--port", str(port), "--base-iri", f"{base}/", "--timeout", DEADLINE)
    command = python(checkout, str(checkout / "server.py"), *options)
    endpoint = f"{base}/sparql?query="
    with running(command, endpoint, checkout, lambda url: b"true" in ask(url, "ASK { ?s ?p ?o }")):
        yield base


def served(checkout: Path, port: int, bodies: Bodies) -> Answers:
    """Everything that the server of a checkout answers."""
    answers: Answers = {}
    plain = {"accept": "*/*", "accept-encoding": "identity", "user-agent": "same_answers"}
    with (
        serving(checkout, port) as base,
        # Anything in the environment, such as a proxy, has no business here.
        httpx.Client(base_url=base, headers=plain, timeout=PATIENCE, trust_env=False) as client,
    ):

        def answer(asked: Asked) -> Reply | None:
            if str(asked) in answers:
                return None
            try:
                reply = _sent(client, asked)
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                answers[str(asked)] = Answer(-1, (), bodies.keep(repr(error).encode()))
                return None
            answers[str(asked)] = Answer(reply.status, reply.headers, bodies.keep(reply.body))
            return reply

        ask_everything(answer, base)
    return answers


def _sent(client: httpx.Client, asked: Asked) -> Reply:
    content = asked.body or None
    headers = dict(asked.headers)
    with client.stream(asked.method, asked.path, headers=headers, content=content) as response:
        fields = tuple((name.lower(), value) for name, value in response.headers.multi_items())
        # Not decoded: the codings are part of what is served.
        return Reply(response.status_code, fields, b"".join(response.iter_raw()))


def commanded(checkout: Path, bodies: Bodies) -> Answers:
    """What the commands of a checkout say and write."""
    answers: Answers = {}
    own, ours = str(checkout).encode(), str(ROOT).encode()  # Where these stand is no difference.
    with tempfile.TemporaryDirectory() as name:
        for arguments in COMMANDS:
            command = python(checkout, str(checkout / ".venv" / "bin" / "partnergraph"), *arguments)
            done = subprocess.run(command, cwd=name, capture_output=True, check=False)
            for stream, content in (("output", done.stdout), ("errors", done.stderr)):
                digest = bodies.keep(content.replace(own, b".").replace(ours, b"."))
                key = f"partnergraph {' '.join(arguments)} ({stream})"
                answers[key] = Answer(done.returncode, (), digest)
        for file in Path(name).rglob("*"):
            if file.is_file():
                key = f"exported {file.relative_to(name)}"
                answers[key] = Answer(0, (), bodies.keep(file.read_bytes()))
    return answers


def differences(before: Answer, after: Answer, bodies: Bodies) -> Iterator[tuple[str, str]]:
    """What differs between two answers, and how."""
    if before.status != after.status:
        yield "status", f"{before.status} → {after.status}"
    if before.digest != after.digest:
        yield "body", first_difference(bodies.content(before.digest), bodies.content(after.digest))
    names = [[name for name, _ in one.headers] for one in (before, after)]
    for name in dict.fromkeys((*names[0], *names[1])):
        one, other = (_values(answer, name) for answer in (before, after))
        if one != other:
            pairs = zip((*one, *[""] * len(other)), (*other, *[""] * len(one)), strict=True)
            first, second = next(pair for pair in pairs if pair[0] != pair[1])
            yield f"header {name}", f"{first or 'none'} → {second or 'none'}"
    if names[0] != names[1] and sorted(names[0]) == sorted(names[1]):
        yield "order of headers", f"{', '.join(names[0])} → {', '.join(names[1])}"


def _values(answer: Answer, name: str) -> list[str]:
    values = [value for field, value in answer.headers if field == name]
    return [_as_date(value) for value in values] if name in DATES else values


def _as_date(text: str) -> str:
    try:
        parsedate_to_datetime(text)
    except ValueError:
        return text
    return "a date"


def first_difference(one: bytes, other: bytes) -> str:
    """Where two contents begin to differ, with what stands there in each."""
    shorter = min(len(one), len(other))
    place = next((n for n in range(shorter) if one[n] != other[n]), shorter)
    line = one.count(b"\n", 0, place) + 1
    start = max(one.rfind(b"\n", 0, place) + 1, place - SHOWN)
    first, second = (
        content[start : place + SHOWN].partition(b"\n")[0].decode("utf-8", "replace")
        for content in (one, other)
    )
    return f"line {line}, byte {place}: {first!r} → {second!r}"


def report(before: Answers, after: Answers, bodies: Bodies) -> int:
    """Print what differs; gives the number of addresses where anything does."""
    differing, kinds = 0, Counter[str]()
    for key in dict.fromkeys((*before, *after)):
        if key in before and key in after:
            found = list(differences(before[key], after[key], bodies))
        else:
            found = [("address", "only before" if key in before else "only after")]
        if found:
            differing += 1
            kinds.update(kind for kind, _ in found)
            click.echo("\n    ".join((key, *(f"{kind}: {how}" for kind, how in found))))
    click.echo("".join(f"{times} times: {kind}\n" for kind, times in kinds.most_common()), nl=False)
    return differing


@click.command()
@click.argument("before", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.argument("after", type=click.Path(path_type=Path, exists=True, file_okay=False))
def main(before: Path, after: Path) -> None:
    """Compare all that two checkouts, BEFORE and AFTER, answer and write."""
    port = unused_port()
    both: list[Answers] = []
    with tempfile.TemporaryDirectory(prefix="same-answers-") as folder:
        bodies = Bodies(Path(folder))
        for checkout in (before.absolute(), after.absolute()):
            begin = time.perf_counter()
            require_own_package(checkout)
            try:
                answers = served(checkout, port, bodies)
            except Failed as error:
                raise click.ClickException(f"{checkout}: {error}") from None
            # Two builds that fail alike are the same, too; so it is said how they have answered.
            statuses = sorted(Counter(one.status for one in answers.values()).items())
            told = ", ".join(f"{times} with {status}" for status, times in statuses)
            both.append(answers | commanded(checkout, bodies))
            more, seconds = len(both[-1]) - len(answers), time.perf_counter() - begin
            click.echo(f"{checkout}: {len(answers)} addresses ({told}),", err=True)
            click.echo(f"    {more} outputs and files, {seconds:.0f} s", err=True)
        differing = report(both[0], both[1], bodies)
    click.echo(f"{len(both[0].keys() & both[1].keys())} compared, {differing} differ")
    if differing:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
