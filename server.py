"""``python server.py [OPTIONS]`` is ``partnergraph serve``.

The flow, from files to answers, is in :mod:`partnergraph.application`.
"""

from __future__ import annotations

from partnergraph.application import create_app
from partnergraph.commands.serve import serve

__all__ = ["create_app", "serve"]

if __name__ == "__main__":
    serve()
