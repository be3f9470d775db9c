"""The stored queries as a web API, described for programs: OpenAPI 3.1.

https://spec.openapis.org/oas/v3.1.0
"""

from __future__ import annotations

import json
from typing import Any

from pyoxigraph import QueryBoolean, QueryResultsFormat, QuerySolutions, Store

from partnergraph import __version__
from partnergraph.answers.enriched_tables import BOOLEAN
from partnergraph.errors import UnfitParameter
from partnergraph.formats import XLSX
from partnergraph.mends.answering import answered
from partnergraph.question_pages.openapi_schemas import OPTIONS, PROBLEM, PROBLEMS, SCHEMAS, TERM
from partnergraph.question_pages.presentation import data_formats
from partnergraph.questions.asked import Asked, read_asked
from partnergraph.questions.choices import MOST_LISTED, Choices
from partnergraph.questions.files import FOLDER, StoredQueries
from partnergraph.questions.parameters import (
    IRI,
    LONGEST_VALUE,
    Parameter,
)
from partnergraph.questions.stored import StoredQuery

OPENAPI = "application/vnd.oai.openapi+json;version=3.1"

_EXAMPLE_ROWS = 2


def describe_api(queries: StoredQueries, choices: Choices, address: str) -> bytes:
    """The description, in JSON.

    Args:
        queries: the stored queries.
        choices: which things their parameters may stand for.
        address: of the server.
    """
    paths: dict[str, Any] = {}
    for query in queries.values():
        operation = _Operation(query, queries, choices)
        paths[f"/{FOLDER}{query.name}"] = {"get": operation.negotiated()}
        paths[f"/{FOLDER}{query.name}.{{format}}"] = {"get": operation.by_ending()}
    document = {
        "openapi": "3.1.0",
        "info": {
            "title": "Partnergraph",
            "summary": "Stored queries over the graph of a city's international partnerships.",
            "description": "Every query is a page with a form as well, at the same address.",
            "version": __version__,
            "license": {"name": "CC0 1.0 (data)", "identifier": "CC0-1.0"},
        },
        "servers": [{"url": address.rstrip("/")}],
        "tags": [{"name": tag} for tag in sorted({one.tag for one in queries.values()})],
        "paths": paths,
        "components": {
            "parameters": {name: _option(name) for name in OPTIONS},
            "responses": {f"problem{status}": _problem(text) for status, text in PROBLEMS.items()},
            "schemas": {"Term": TERM, "Problem": PROBLEM},
        },
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


class _Operation:
    def __init__(self, query: StoredQuery, queries: StoredQueries, choices: Choices) -> None:
        self._query = query
        self._queries = queries
        self._choices = choices

    def negotiated(self) -> dict[str, Any]:
        """The operation whose representation Accept chooses."""
        own: list[dict[str, Any]] = [
            {
                "name": "format",
                "in": "query",
                "description": "Chooses the representation, where Accept cannot be set.",
                "allowEmptyValue": True,
                "schema": {"enum": self._names()},
            },
            {
                "name": "lang",
                "in": "query",
                "description": "The language of the page.",
                "allowEmptyValue": True,
                "schema": {"type": "string"},
            },
        ]
        content = {**self._content(), "text/html": {"schema": {"type": "string"}}}
        return self._operation(self._query.name, own, content)

    def by_ending(self) -> dict[str, Any]:
        """The operation whose representation the address names."""
        names = self._names()
        own = {"name": "format", "in": "path", "required": True, "schema": {"enum": names}}
        described = self._operation(f"{self._query.name}-data", [own], self._content())
        described["responses"]["404"] = _reference("responses", "problem404")
        return described

    def _operation(
        self, name: str, own: list[dict[str, Any]], content: dict[str, Any]
    ) -> dict[str, Any]:
        query = self._query
        options = [one for one in OPTIONS if query.is_ordered or one not in ("limit", "offset")]
        answers = {"200": {"description": "The answer, complete.", "content": content}}
        problems = {
            status: _reference("responses", f"problem{status}")
            for status in PROBLEMS
            if status != "404"
        }
        return {
            "operationId": name,
            "summary": query.summary["en"],
            "description": query.description.get("en", ""),
            "tags": [query.tag],
            "parameters": [
                *own,
                *map(self._parameter, query.parameters),
                *(_reference("parameters", option) for option in options),
            ],
            "responses": {**answers, **problems},
        }

    def _names(self) -> list[str]:
        return [one.name for one in data_formats(self._query)]

    def _parameter(self, parameter: Parameter) -> dict[str, Any]:
        default = {"default": _typed(parameter)} if parameter.default else {}
        return {
            "name": parameter.name,
            "in": "query",
            "description": self._queries.called("parameters", parameter.name, "en"),
            "required": parameter.required and not parameter.default,
            "allowEmptyValue": not (parameter.required and parameter.is_text),
            "schema": {**self._schema(parameter), **default},
        }

    def _schema(self, parameter: Parameter) -> dict[str, Any]:
        if parameter.language:
            return SCHEMAS["literal"]
        if not parameter.is_thing:
            return SCHEMAS[parameter.kind]
        iri = {"type": "string", "pattern": f"^{IRI}$", "maxLength": LONGEST_VALUE}
        things = self._choices.of(self._query, parameter)
        if not 0 < len(things) <= MOST_LISTED:
            return iri
        names = self._choices.short_names(self._query, parameter)
        return {"anyOf": [{"type": "string", "enum": names}, iri]}

    def _content(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for one in data_formats(self._query):
            media_type = one.media_type.partition(";")[0]
            schema: dict[str, Any] = {"type": "string"}
            if one.name == "json":
                schema = self._results_schema()
            elif one.name == "jsonld":
                schema = {"type": ["object", "array"]}
            # Of what is no text, OpenAPI 3.1 has no schema.
            found[media_type] = {} if one is XLSX else {"schema": schema}
            if one.name == "json":
                example = self._example()
                found[media_type] |= {"example": example} if example else {}
        return found

    def _results_schema(self) -> dict[str, Any]:
        """https://www.w3.org/TR/sparql11-results-json/."""
        columns = self._query.columns if self._query.form == "SELECT" else (BOOLEAN,)
        term = _reference("schemas", "Term")
        binding = {
            "type": "object",
            "properties": dict.fromkeys(columns, term),
            "additionalProperties": term,
        }
        head = {"type": "object", "properties": {"vars": _list({"type": "string"})}}
        results = {
            "type": "object",
            "properties": {"bindings": _list(binding)},
            "required": ["bindings"],
        }
        solutions = {
            "type": "object",
            "properties": {"head": head, "results": results},
            "required": ["head", "results"],
        }
        if self._query.form == "SELECT":
            return solutions
        boolean = {"type": "object", "properties": {"boolean": {"type": "boolean"}}}
        return {"anyOf": [{**boolean, "required": ["head", "boolean"]}, solutions]}

    def _example(self) -> Any:
        """The beginning of the answer for the default values, where these are all it takes."""
        try:
            asked = read_asked(self._query, (), self._choices)
        except UnfitParameter:
            return None
        return None if asked.missing else _beginning(asked, self._choices.store)


def _beginning(asked: Asked, store: Store) -> Any:
    result = answered(asked.text, lambda text, **more: _union(store, text, more))
    if isinstance(result, QueryBoolean):
        return json.loads(result.serialize(format=QueryResultsFormat.JSON) or b"null")
    assert isinstance(result, QuerySolutions)
    document = json.loads(result.serialize(format=QueryResultsFormat.JSON) or b"null")
    document["results"]["bindings"] = document["results"]["bindings"][:_EXAMPLE_ROWS]
    return document


def _union(store: Store, text: str, more: dict[str, Any]) -> Any:
    return store.query(text, use_default_graph_as_union=True, **more)


def _reference(kind: str, name: str) -> dict[str, str]:
    return {"$ref": f"#/components/{kind}/{name}"}


def _list(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


def _option(name: str) -> dict[str, Any]:
    description, schema = OPTIONS[name]
    return {
        "name": name,
        "in": "query",
        "description": description,
        "allowEmptyValue": True,
        "schema": schema,
    }


def _problem(text: str) -> dict[str, Any]:
    content = {
        "application/problem+json": {"schema": _reference("schemas", "Problem")},
        "text/html": {"schema": {"type": "string"}},
    }
    return {"description": text, "content": content}


def _typed(parameter: Parameter) -> str | int | float:
    text = parameter.default
    if SCHEMAS.get(parameter.kind, {}).get("type") not in ("integer", "number"):
        return text
    return int(text) if text.isdecimal() else float(text)
