"""What programs are told of the stored queries is valid, whole, and how the server behaves."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from partnergraph.questions.asked import OPTIONS
from partnergraph.questions.files import StoredQueries
from partnergraph.questions.stored import StoredQuery
from tests.serving import ROOT, Server

QUERIES = StoredQueries(ROOT / "queries")
HOOKS = Path(__file__).with_name("quick_patterns.py")
CASES = 3
"""Generated requests of each operation, beside those that its limits suggest."""

every_query = pytest.mark.parametrize("query", QUERIES.values(), ids=lambda one: one.name)


@pytest.fixture(scope="module")
def described(server: Server) -> dict[str, Any]:
    """The description that is served."""
    response = server.client.get("/openapi.json")
    assert response.headers["content-type"].startswith("application/vnd.oai.openapi+json")
    assert response.headers["access-control-allow-origin"] == "*"
    document: dict[str, Any] = response.json()
    return document


def test_the_description_is_valid(described: dict[str, Any]) -> None:
    assert described["openapi"].startswith("3.1.")
    OpenAPIV31SpecValidator(described).validate()


def test_a_damaged_description_is_not(described: dict[str, Any]) -> None:
    damaged = json.loads(json.dumps(described))
    damaged["paths"]["/queries/chronology"]["get"]["parameters"][0]["in"] = "nowhere"
    assert not OpenAPIV31SpecValidator(damaged).is_valid()


def test_every_query_is_described_and_nothing_else(described: dict[str, Any]) -> None:
    paths = {f"/queries/{name}{end}" for name in QUERIES for end in ("", ".{format}")}
    assert set(described["paths"]) == paths
    names = [path["get"]["operationId"] for path in described["paths"].values()]
    assert len(set(names)) == len(names)


@every_query
def test_every_parameter_is_described(query: StoredQuery, described: dict[str, Any]) -> None:
    """Its type, whether it is required, its default; and the options that the query takes."""
    for path in (f"/queries/{query.name}", f"/queries/{query.name}.{{format}}"):
        operation = described["paths"][path]["get"]
        told = {one["name"]: one for one in operation["parameters"] if "name" in one}
        for parameter in query.parameters:
            one = told[parameter.name]
            assert one["required"] == (parameter.required and not parameter.default)
            assert one["description"]
            assert str(one["schema"].get("default", "")) == parameter.default
        options = {
            one["$ref"].rpartition("/")[2] for one in operation["parameters"] if "$ref" in one
        }
        ordered = {"limit", "offset"} if query.is_ordered else set()
        assert options == set(OPTIONS) - {"limit", "offset"} | ordered


@every_query
def test_example_answers_are_answers(
    query: StoredQuery, described: dict[str, Any], server: Server
) -> None:
    """Every example is of the schema, and the beginning of what the server answers."""
    operation = described["paths"][f"/queries/{query.name}.{{format}}"]["get"]
    content = operation["responses"]["200"]["content"]
    if query.form == "CONSTRUCT":
        assert "application/ld+json" in content
        return
    media = content["application/sparql-results+json"]
    answer = server.client.get(f"/queries/{query.name}.json").json()
    schema = {**media["schema"], "components": described["components"]}
    Draft202012Validator(schema).validate(answer)
    Draft202012Validator(schema).validate(media["example"])
    if query.form == "ASK":
        assert media["example"] == answer
        return
    example = media["example"]["results"]["bindings"]
    assert example == answer["results"]["bindings"][: len(example)]
    assert example or not answer["results"]["bindings"]


def test_the_server_does_as_described(server: Server, tmp_path: Path) -> None:
    """Schemathesis finds no request, fit or unfit, whose response is not as described."""
    options = [
        *("--max-examples", str(CASES), "--seed", "20261123", "--generation-deterministic"),
        *("--continue-on-failure", "--no-color"),
        *("--phases", "examples,coverage,fuzzing", "--request-timeout", "30"),
    ]
    url = httpx.URL(server.client.base_url).join("/openapi.json")
    done = subprocess.run(
        [Path(sys.executable).with_name("st"), "run", str(url), *options],
        cwd=tmp_path,
        env={**os.environ, "SCHEMATHESIS_HOOKS": str(HOOKS)},
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-2000:]
    assert f"Tested: {2 * len(QUERIES)}" in done.stdout
