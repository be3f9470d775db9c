"""The facts as tables for spreadsheets, with metadata that lead back to the RDF they came from.

https://www.w3.org/TR/tabular-metadata/ (CSVW), https://www.rfc-editor.org/rfc/rfc4180 (CSV)

``tables.toml`` says what the tables hold; from it come both the rows and the metadata. What a
converter of https://www.w3.org/TR/csv2rdf/ reads from them are triples of the dataset.
"""

from __future__ import annotations

import csv
import io
import json
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from pyoxigraph import Literal, NamedNode

from partnergraph.dataset.canonical import Dataset
from partnergraph.namespaces import XSD, expand

CSV = "text/csv; charset=utf-8; header=present"
METADATA = "csv-metadata.json"
"""Where https://www.w3.org/TR/tabular-data-model/#default-locations has the metadata looked for."""

_TYPE = expand("rdf:type")
_LICENSE = "https://creativecommons.org/publicdomain/zero/1.0/"
_DATE = {"base": "string", "format": "[0-9]{4}(-(0[1-9]|1[0-2])(-[0-9]{2})?)?"}

Row = dict[str, Any]
"""The triple that a row starts from: its ``subject`` and, in some tables, ``property``, ``object``.
"""


@dataclass(frozen=True)
class Column:
    """A column; ``tables.toml`` says what each of these means."""

    name: str
    path: str
    lv: str
    en: str
    says: str = ""
    language: str = ""
    datatype: str = "string"
    starts: str = ""
    cut: str = ""
    many: bool = False
    date: bool = False
    required: bool = False

    @cached_property
    def place(self) -> str:
        """The place in the row's triple where the path starts."""
        return self.path.partition("/")[0]

    @cached_property
    def steps(self) -> list[str]:
        """The IRIs of the properties that the path follows."""
        return [expand(name) for name in self.path.split("/")[1:]]

    @cached_property
    def _type(self) -> str:
        return f"{XSD}{self.datatype}"

    @cached_property
    def _start(self) -> str:
        return expand(self.cut) if self.cut else self.starts

    def text(self, term: Any) -> str | None:
        """What is written of a term; ``None`` where it is not of this column."""
        if isinstance(term, NamedNode):
            fits = (self.cut or self.datatype == "anyURI") and term.value.startswith(self._start)
            return term.value.removeprefix(self._start if self.cut else "") if fits else None
        if not isinstance(term, Literal):
            return None
        if self.language:
            return term.value if (term.language or "").lower() == self.language else None
        return term.value if self.date or term.datatype.value == self._type else None

    def described(self, separator: str) -> dict[str, Any]:
        """The column in CSVW."""
        described: dict[str, Any] = {
            "name": self.name,
            "titles": {"lv": self.lv, "en": [self.en, self.name]},
            "datatype": _DATE if self.date else self.datatype,
        }
        if self.required:
            described["required"] = True
        if self.language:
            described["lang"] = self.language
        if self.many:
            described["separator"] = separator
        if not self.says or self.date:
            return described | {"suppressOutput": True}
        described["propertyUrl"] = _expanded(self.says)
        if self.cut:
            described["valueUrl"] = f"{expand(self.cut)}{{{self.name}}}"
        elif self.datatype == "anyURI":
            described["valueUrl"] = f"{{+{self.name}}}"
        return described


@dataclass(frozen=True)
class Table:
    """A table; ``tables.toml`` says what each of these means."""

    file: str
    title: dict[str, str]
    key: list[str]
    columns: list[Column]
    class_: str = ""
    objects_of: list[str] = field(default_factory=list)
    subjects_of: list[str] = field(default_factory=list)
    triples: list[str] = field(default_factory=list)
    references: dict[str, list[str]] = field(default_factory=dict)

    def described(self, separator: str) -> dict[str, Any]:
        """The table in CSVW."""
        columns = [column.described(separator) for column in self.columns]
        if self.class_:
            virtual = {"virtual": True, "propertyUrl": _TYPE, "valueUrl": expand(self.class_)}
            columns.append({"name": "class", **virtual})
        schema: dict[str, Any] = {
            "aboutUrl": f"{{+{self.key[0]}}}",
            "primaryKey": self.key[0] if len(self.key) == 1 else self.key,
            "columns": columns,
        }
        if self.references:
            schema["foreignKeys"] = [
                {"columnReference": own, "reference": {"resource": file, "columnReference": other}}
                for own, (file, other) in self.references.items()
            ]
        return {"url": self.file, "dc:title": _texts(self.title), "tableSchema": schema}


class Facts:
    """What the graphs of a dataset say together, property by property."""

    def __init__(self, dataset: Dataset) -> None:
        self._dataset = dataset
        self._read: dict[str, dict[Any, list[Any]]] = {}

    def of(self, iri: str) -> dict[Any, list[Any]]:
        """The objects of a property, sorted, by their subjects."""
        if iri not in self._read:
            found: dict[Any, set[Any]] = defaultdict(set)
            for quad in self._dataset.quads.quads_for_predicate(NamedNode(iri)):
                found[quad.subject].add(quad.object)
            self._read[iri] = {subject: sorted(found[subject], key=str) for subject in found}
        return self._read[iri]

    def rows(self, table: Table) -> Iterator[Row]:
        """Where the rows of a table start. A blank node has no name to be a row under."""
        for name in table.triples:
            pairs = self.of(expand(name)).items()
            for subject, value in ((one, value) for one, values in pairs for value in values):
                if isinstance(subject, NamedNode) and isinstance(value, NamedNode):
                    start = NamedNode(expand(name))
                    yield {"subject": subject, "property": start, "object": value}
        if not table.triples:
            for thing in self._things(table):
                if isinstance(thing, NamedNode):
                    yield {"subject": thing}

    def _things(self, table: Table) -> set[Any]:
        if not (table.subjects_of or table.objects_of):
            kind = NamedNode(expand(table.class_))
            return {thing for thing, kinds in self.of(_TYPE).items() if kind in kinds}
        subjects = {thing for name in table.subjects_of for thing in self.of(expand(name))}
        values = (value for name in table.objects_of for value in self.of(expand(name)).values())
        return subjects.union(*values)

    def texts(self, start: Any, column: Column) -> list[str]:
        """The values of a column in a row; names in the order of the IRIs of what they name."""
        terms = [start]
        for step in column.steps:
            objects = self.of(step)
            # The same thing is met once; of two things of one name, each is.
            terms = [value for term in dict.fromkeys(terms) for value in objects.get(term, ())]
        if column.datatype == "anyURI":
            terms = list(dict.fromkeys(terms))
        return [text for term in terms if (text := column.text(term)) is not None]

    def cells(self, rows: list[Row], column: Column, separator: str) -> list[str]:
        """What is written of a column in each row."""
        starts = [row[column.place] for row in rows]
        texts = {start: self.texts(start, column) for start in dict.fromkeys(starts)}
        return [
            separator.join(texts[start] if column.many else texts[start][:1]) for start in starts
        ]


def table_files(dataset: Dataset) -> Iterator[tuple[str, str, bytes]]:
    """The tables and their metadata: the name, media type and content of each file."""
    described = _description()
    facts = Facts(dataset)
    separator = _separator(facts)
    about = {
        tag: text.format(separator=separator) for tag, text in described["description"].items()
    }
    for table in _tables():
        yield table.file, CSV, _csv(table, facts, separator)
    metadata = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "@type": "TableGroup",
        "dc:title": _texts(described["title"]),
        "dc:description": _texts(about),
        "dc:license": {"@id": _LICENSE},
        "dialect": {
            "encoding": "utf-8",
            "header": True,
            "lineTerminators": ["\r\n"],
            "trim": False,
        },
        "tables": [table.described(separator) for table in _tables()],
    }
    content = json.dumps(metadata, ensure_ascii=False, indent=1).encode() + b"\n"
    yield METADATA, "application/csvm+json", content


def _separator(facts: Facts) -> str:
    """What stands between the values of a cell: what is in none of them."""
    texts = {
        text
        for table in _tables()
        for column in table.columns
        if column.many
        for row in facts.rows(table)
        for text in facts.texts(row[column.place], column)
    }
    separators: list[str] = _description()["separators"]
    return next(
        (one for one in separators if not any(one in text for text in texts)), separators[-1]
    )


def _csv(table: Table, facts: Facts, separator: str) -> bytes:
    rows = list(facts.rows(table))
    columns = [facts.cells(rows, column, separator) for column in table.columns]
    written = io.StringIO(newline="")
    writer = csv.writer(written)
    writer.writerow([column.name for column in table.columns])
    writer.writerows(sorted(zip(*columns, strict=True)))
    return written.getvalue().encode()


@cache
def _description() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))


@cache
def _tables() -> list[Table]:
    return [
        Table(class_=table.pop("class", ""), columns=list(_columns(table.pop("columns"))), **table)
        for table in (dict(one) for one in _description()["tables"])
    ]


def _columns(described: Iterable[dict[str, Any]]) -> Iterator[Column]:
    columns = [Column(**one) for one in described]
    yield from columns
    for column in (one for one in columns if one.date):
        for datatype, words in _description()["dates"].items():
            name, lv, en = (words[key].format(getattr(column, key)) for key in ("name", "lv", "en"))
            yield Column(name, column.path, lv, en, says=column.says, datatype=datatype)


def _expanded(template: str) -> str:
    return template if template.startswith("{") else expand(template)


def _texts(by_language: dict[str, str]) -> list[dict[str, str]]:
    return [{"@value": text, "@language": tag} for tag, text in by_language.items()]
