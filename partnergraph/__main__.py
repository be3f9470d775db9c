"""``python -m partnergraph``: the same as the command ``partnergraph``."""

from partnergraph.commands.cli import main

if __name__ == "__main__":
    main()
