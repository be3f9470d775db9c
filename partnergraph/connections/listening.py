"""Where the server listens: addresses, certificates, and how many connections there may be."""

from __future__ import annotations

import errno
import os
import resource
import socket
import ssl
from typing import Any

from partnergraph.connections.admission import Admission
from partnergraph.errors import UnreadableInput, UsageError
from partnergraph.settings import Settings

LEAST_FILES = 128
"""Descriptors that a server needs: for its processes, its files, and some dozens of clients."""

MOST = 1024
"""Connections that may be open at once, where the system allows as many."""


class Door(socket.socket):
    """A listening socket that lets in as many as there is room for; others are cut off at once."""

    def __init__(self, listener: socket.socket, admission: Admission) -> None:
        """Args:
        listener: is used up.
        admission: who has a connection.
        """
        super().__init__(listener.family, listener.type, listener.proto, listener.detach())
        self._admission = admission

    def accept(self) -> tuple[socket.socket, Any]:
        """One connection more.

        Raises:
            ConnectionAbortedError: there is no room; asyncio then waits for the next.
        """
        accepted, address = super().accept()
        guest = _Guest(accepted, self._admission)
        if not self._admission.admit(guest, address[0]):
            guest.close()
            raise ConnectionAbortedError(errno.ECONNABORTED, "there is no room")
        return guest, address


class _Guest(socket.socket):
    """A connection that makes room when it ends, however it does."""

    def __init__(self, accepted: socket.socket, admission: Admission) -> None:
        super().__init__(accepted.family, accepted.type, accepted.proto, accepted.detach())
        self._admission = admission

    def close(self) -> None:
        """End, and make room."""
        self._admission.forget(self)
        super().close()


def bind(settings: Settings) -> list[socket.socket]:
    """A socket for each address of the host; nobody can connect yet.

    Raises:
        UsageError: the address cannot be listened on.
    """
    host, port = settings.host, settings.port
    listeners: list[socket.socket] = []
    failure: OSError | None = None
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        for family, kind, protocol, _, address in dict.fromkeys(found):
            try:
                listeners.append(_bound(socket.socket(family, kind, protocol), address))
            except OSError as error:
                if error.errno != errno.EADDRNOTAVAIL:  # localhost has two; a machine may have one.
                    raise
                failure = error
        if failure and not listeners:
            raise failure
    except OSError as error:
        for listener in listeners:
            listener.close()
        raise UsageError(
            f"cannot listen on {host}:{port} ({_reason(error)}); choose another --port or --host"
        ) from None
    return listeners


def require_certificate(settings: Settings) -> None:
    """See that the server can prove who it is, where it shall.

    Raises:
        UsageError: one of certificate and key is missing.
        UnreadableInput: they cannot be read, or do not belong together.
    """
    certificate, key = settings.tls_certificate, settings.tls_key
    if certificate is None and key is None:
        return
    if certificate is None or key is None:
        raise UsageError("TLS needs both, --tls-certificate and --tls-key")
    for path in (certificate, key):
        try:
            path.read_bytes()
        except OSError as error:
            raise UnreadableInput(path, error.strerror or "it cannot be read") from None
    try:
        ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(certificate, key, "")
    except (ssl.SSLError, ValueError):
        raise UnreadableInput(
            certificate,
            f"with {key} it is no certificate with its key: both are PEM, the key has no password, "
            "and the server's own certificate comes first",
        ) from None


def most_connections() -> int:
    """As many as files may be open, with one more for each at hand.

    Raises:
        UsageError: too few may be open for a server.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * MOST
    if soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    if soft < LEAST_FILES:
        raise UsageError(
            f"only {soft} files may be open here, and a server needs {LEAST_FILES}: ulimit -n"
        )
    return min(MOST, soft // 2)


def _bound(listener: socket.socket, address: object) -> socket.socket:
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if listener.family == socket.AF_INET6:
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        listener.bind(address)  # type: ignore[arg-type]
    except OSError:
        listener.close()
        raise
    return listener


def _reason(error: OSError) -> str:
    # socket lengthens strerror with what it was doing; the numbers of getaddrinfo are negative.
    if not error.errno or error.errno < 0:
        return "no such address"
    return os.strerror(error.errno).lower()
