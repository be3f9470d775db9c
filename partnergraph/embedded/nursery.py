"""The process that holds the data and forks query processes.

It does nothing else: no thread, no event loop, no stranger's input. So its children are born in
milliseconds with the data already loaded, share its memory (copy on write), and forking is safe.

``python -m partnergraph.embedded.nursery CONTROL MEMORY`` reads the data as N-Quads from standard
input and obeys orders from the socket with the descriptor CONTROL, each one byte and a process id:

===== =============================================================================
``F`` fork a query process; the reply is its process id, with three sockets attached
``K`` kill that process and reap it; the reply is the status it ended with
===== =============================================================================

A query process reads messages from one socket and writes replies to another. The server gets both
ends of the first, so that it can take back a message that nobody has begun to work on.

When the socket closes it kills its children and ends.
"""

from __future__ import annotations

import gc
import os
import signal
import socket
import sys
import threading
from contextlib import suppress

from pyoxigraph import RdfFormat, Store, parse

from partnergraph.embedded import worker
from partnergraph.embedded.wire import LARGEST_MESSAGE, ORDER
from partnergraph.isolation.confinement import discard_output, end_with_parent
from partnergraph.isolation.fork_server import READY

STACK = 8 * 1024**2
"""Bytes of stack of the thread that evaluates queries."""


def main() -> None:
    """Load the data, then fork and kill as told."""
    # Ctrl-C in a terminal reaches every process of the group; the server decides when to end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    control = socket.socket(fileno=int(sys.argv[1]))
    memory = int(sys.argv[2])
    store = Store()
    # Unlike Store.load, this keeps the labels of blank nodes.
    store.bulk_extend(parse(sys.stdin.buffer, RdfFormat.N_QUADS))
    gc.collect()
    gc.freeze()
    control.sendall(READY)
    children: set[int] = set()
    try:
        with suppress(ConnectionError):
            while order := control.recv(ORDER.size, socket.MSG_WAITALL):
                letter, number = ORDER.unpack(order)
                if letter == b"F":
                    try:
                        _fork(control, store, memory, children)
                    except OSError:  # No process or no descriptor is to be had at present.
                        control.sendall(ORDER.pack(b"F", 0))
                else:
                    _kill(control, number, children)
    finally:
        for child in children:
            os.kill(child, signal.SIGKILL)


def _fork(control: socket.socket, store: Store, memory: int, children: set[int]) -> None:
    # Each message of this kind of socket is read whole, by one reader: unix(7), SOCK_SEQPACKET.
    sending, messages = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    receiving, replies = socket.socketpair()
    sending.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, LARGEST_MESSAGE)
    parent, child = os.getpid(), os.fork()
    if child == 0:
        for one in (control, sending, receiving):
            one.close()
        _be_worker(parent, messages, replies, store, memory)
    children.add(child)
    descriptors = [sending.fileno(), messages.fileno(), receiving.fileno()]
    socket.send_fds(control, [ORDER.pack(b"F", child)], descriptors)
    for one in (sending, messages, receiving, replies):
        one.close()


def _be_worker(
    parent: int, messages: socket.socket, replies: socket.socket, store: Store, memory: int
) -> None:
    """Never returns: a child must not run its parent's code."""

    def work() -> None:
        try:
            with suppress(ConnectionError):
                worker.serve(messages, replies, store, memory)
        finally:
            os._exit(0)

    try:
        end_with_parent(parent)
        discard_output()
        # malloc gives a thread a heap of its own. On the first thread's, free chunks lie between
        # the data, and each one used again would make this process's own copy of a shared page.
        threading.stack_size(STACK)
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
    finally:
        os._exit(0)


def _kill(control: socket.socket, child: int, children: set[int]) -> None:
    status = 0
    if child in children:
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        children.discard(child)
    control.sendall(ORDER.pack(b"K", status))


if __name__ == "__main__":
    main()
