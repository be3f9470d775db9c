"""HTTPS without a proxy."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest
import trustme

from tests.bounded import QUICK
from tests.command_line import complaint
from tests.serving import ROOT, eventually, free_port, start


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def options(authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, ...]:
    """The options with a certificate of the authority."""
    folder = tmp_path_factory.mktemp("tls")
    issued = authority.issue_cert("127.0.0.1", "localhost")
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    for blob in issued.cert_chain_pems:
        blob.write_to_path(certificate, append=True)
    issued.private_key_pem.write_to_path(key)
    return ("--tls-certificate", str(certificate), "--tls-key", str(key))


@pytest.fixture(scope="module")
def client(authority: trustme.CA, options: tuple[str, ...]) -> Iterator[httpx.Client]:
    """A client that knows the authority, of a server that has the certificate."""
    context = ssl.create_default_context()
    authority.configure_trust(context)
    port = free_port()
    with (
        start(*options, port=port) as process,
        httpx.Client(base_url=f"https://localhost:{port}", verify=context, timeout=30) as client,
    ):
        assert eventually(lambda: _answers(client), seconds=30)
        yield client
        process.terminate()


def _answers(client: httpx.Client) -> bool:
    try:
        return client.get("/health").status_code == 200
    except httpx.TransportError:
        return False


def test_queries_pages_and_downloads_come_over_tls(client: httpx.Client) -> None:
    for _ in range(3):  # The third is answered by the look at its bytes.
        answer = client.get("/sparql", params={"query": QUICK, "format": "csv"})
        assert answer.text.split() == ["n", "2"]
    assert "<html" in client.get("/", headers={"accept": "text/html"}).text
    assert len(client.get("/data/dataset.nt").content) > 100_000
    assert client.post("/sparql", content=b"x" * 300_000).status_code == 413
    assert client.get("/health").status_code == 200


def test_the_address_is_that_of_https(client: httpx.Client) -> None:
    """Programs are shown where to ask."""
    page = client.get("/queries/partners", headers={"accept": "text/html"}).text
    assert f"https://127.0.0.1:{client.base_url.port}/" in page


def test_what_is_no_tls_is_cut_off(client: httpx.Client) -> None:
    with pytest.raises(httpx.TransportError):
        httpx.get(f"http://localhost:{client.base_url.port}/health")
    assert client.get("/health").status_code == 200


def test_a_certificate_needs_its_key(options: tuple[str, ...], tmp_path: Path) -> None:
    """What is missing or wrong is said before anything is loaded."""
    serve = ("serve",)
    assert "--tls-key" in complaint(*serve, *options[:2])
    assert "--tls-certificate" in complaint(*serve, *options[2:])
    text = tmp_path / "text.pem"
    text.write_text("no certificate", "utf-8")
    assert "PEM" in complaint(*serve, *options[:3], str(text))
    assert "PEM" in complaint(*serve, "--tls-certificate", str(text), *options[2:])
    assert "does not exist" in complaint(*serve, *options[:3], str(ROOT / "no.pem"))
    other = tmp_path / "other.pem"
    trustme.CA().issue_cert("localhost").private_key_pem.write_to_path(other)
    assert "no certificate with its key" in complaint(*serve, *options[:3], str(other))


def test_clients_that_shake_no_hands_keep_nobody_out(
    authority: trustme.CA, options: tuple[str, ...]
) -> None:
    """No client has more than its share, and a handshake has an end."""
    context = ssl.create_default_context()
    authority.configure_trust(context)
    port = free_port()
    base = f"https://localhost:{port}"
    with (
        start("--budget-on-loopback", *options, port=port) as process,
        httpx.Client(base_url=base, verify=context, timeout=30) as client,
        ExitStack() as stack,
    ):
        assert eventually(lambda: _answers(client), seconds=30)
        silent = [
            stack.enter_context(
                socket.create_connection(("127.0.0.1", port), 5, source_address=("127.0.0.3", 0))
            )
            for _ in range(300)
        ]
        assert eventually(lambda: _count_of_open(process.pid) < 200)
        assert httpx.get(f"{base}/health", verify=context, timeout=5).status_code == 200
        silent[0].settimeout(15)
        assert silent[0].recv(100) == b""
        process.terminate()
        _, errors = process.communicate(timeout=10)
    assert len(errors.splitlines()) < 20


def _count_of_open(pid: int) -> int:
    """How many connections to clients a process has."""
    inodes = {
        str(entry.readlink())[8:-1]
        for entry in Path(f"/proc/{pid}/fd").iterdir()
        if entry.is_symlink() and str(entry.readlink()).startswith("socket:")
    }
    return len(inodes)
