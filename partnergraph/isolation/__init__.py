"""How processes that run strangers' input are started, ended and confined, and that one alone
starts them.

Doors: ``confinement``, ``fork_server``, ``lone_process``.

May use: the ground alone.
"""
