# make serve — set up and serve the graph at http://127.0.0.1:8000/
# make test  — set up, then format, lint, type-check and test everything
# make conformance SUITE=FOLDER OLDER=FOLDER — run the W3C's tests of SPARQL 1.1, and of 1.0; writes docs/conformance.md
# make bench — compare with other servers (20 minutes); writes docs/benchmarks.md
# make storm — ten thousand attacks in random order
# make soak  — ten minutes of everything at once

PYTHON ?= python3
BIN := .venv/bin

.PHONY: serve test check browser format conformance bench storm soak clean

serve: .venv/ready
	@exec $(BIN)/python server.py

# Two processes, each takes file by file (pytest 9.2 hides the marks of groups from pytest-xdist:
# https://github.com/pytest-dev/pytest-xdist/issues/1386); then, one by one, what measures time or
# needs all processors itself.
test: check browser
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder \
		--durations 20 -m "not alone"
	$(BIN)/python -m pytest --durations 10 -m alone

# Where it cannot be had, the tests in a browser say so and are skipped.
browser:
	@command -v chromium >/dev/null || { test "$$(id -u)" = 0 && command -v apt-get >/dev/null \
		&& apt-get update --quiet=2 && apt-get install --quiet=2 --yes --no-install-recommends chromium; } \
		|| echo "Chromium is not installed: the tests in a browser are skipped"

check: .venv/ready
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/partnergraph format --check data ontology

format: .venv/ready
	$(BIN)/ruff format
	$(BIN)/ruff check --fix
	$(BIN)/partnergraph format data ontology

conformance: .venv/ready
	@test -n "$(SUITE)" || { echo "Say where the tests are: make conformance SUITE=FOLDER"; exit 2; }
	$(BIN)/python benchmarks/conformance.py "$(SUITE)" $(if $(OLDER),"$(OLDER)")

bench: .venv/ready .venv-bench/ready
	$(BIN)/python benchmarks/side_by_side.py --write

storm: .venv/ready
	$(BIN)/python benchmarks/storm.py

soak: .venv/ready
	$(BIN)/python -m benchmarks.soak

.venv-bench/ready: benchmarks/requirements.txt
	$(PYTHON) -m venv .venv-bench
	.venv-bench/bin/python -m pip install --quiet --disable-pip-version-check --requirement $<
	@touch $@

.venv/ready: pyproject.toml requirements.txt hatch_build.py $(wildcard frontend/*.* frontend/.npmrc frontend/src/*)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Partnergraph needs Python 3.11 or newer: make PYTHON=python3.11 $(MAKECMDGOALS)"; exit 2; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

clean:
	rm -rf .venv .venv-bench
