"""How processes that run strangers' input are started, ended and confined.

Doors: ``confinement``, ``fork_server``.

May use: the ground alone.
"""
