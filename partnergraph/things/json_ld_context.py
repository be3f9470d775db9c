"""The JSON-LD context of the ontology folder, and which of its terms fits what.

https://www.w3.org/TR/json-ld11/#the-context
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from partnergraph.errors import UnreadableInput

Json = Any
"""What :mod:`json` writes; each function says which kind of value it gives."""

PLAIN = ""
"""What values are coerced to that are not coerced to anything."""


@dataclass(frozen=True)
class Context:
    """A JSON-LD context, and where each of its terms fits.

    Attributes:
        document: the context as it is served, without the ``@context`` around it.
        terms: the term of an IRI, by the IRI and by what its values are coerced to: ``@id``, the
            IRI of a datatype, ``@language``, ``@list``, or nothing.
    """

    document: dict[str, Json]
    terms: dict[str, dict[str, str]]
    prefixes: dict[str, str]

    @classmethod
    def read(cls, path: Path) -> Context:
        """The context that stands in a file.

        Raises:
            UnreadableInput: there is no such file, or it is no JSON with an ``@context``.
        """
        try:
            document = json.loads(path.read_text("utf-8"))["@context"]
        except (OSError, ValueError, KeyError, TypeError):
            raise UnreadableInput(path, "the ontology folder lacks its JSON-LD context") from None
        prefixes = {
            name: iri
            for name, iri in document.items()
            if isinstance(iri, str) and iri.endswith(("/", "#"))
        }
        context = cls(document, defaultdict(dict), prefixes)
        for term, definition in document.items():
            if not term.startswith("@") and term not in prefixes:
                context._define(term, definition)
        return context

    def _define(self, term: str, definition: Json) -> None:
        details = {"@id": definition} if isinstance(definition, str) else definition
        iri = self._expand(details["@id"])
        datatype = details.get("@type", PLAIN)
        kind = details.get("@container") or (
            datatype if datatype.startswith("@") else self._expand(datatype)
        )
        self.terms[iri][kind] = term

    def _expand(self, name: str) -> str:
        prefix, colon, local = name.partition(":")
        return f"{self.prefixes[prefix]}{local}" if colon and prefix in self.prefixes else name

    def compact(self, iri: str) -> str:
        """The IRI as a name with one of the prefixes, or whole."""
        for prefix, namespace in self.prefixes.items():
            local = iri.removeprefix(namespace)
            if local != iri and local and not local.startswith("//"):
                return f"{prefix}:{local}"
        return iri

    def for_schemes(self, schemes: Collection[str]) -> Context:
        """The same without the prefixes that IRIs of a document begin with.

        ``geo:57.5,25.4`` would be read as a name with the prefix ``geo``:
        https://www.w3.org/TR/json-ld11/#compact-iris
        """
        mistaken = self.prefixes.keys() & set(schemes)
        if not mistaken:
            return self
        document = {
            term: self._spelt_out(definition, mistaken)
            for term, definition in self.document.items()
            if term not in mistaken
        }
        prefixes = {name: iri for name, iri in self.prefixes.items() if name not in mistaken}
        return Context(document, self.terms, prefixes)

    def _spelt_out(self, definition: Json, prefixes: Collection[str]) -> Json:
        """A definition of a term without some prefixes."""
        if isinstance(definition, dict):
            return {key: self._spelt_out(value, prefixes) for key, value in definition.items()}
        if isinstance(definition, str) and definition.partition(":")[0] in prefixes:
            return self._expand(definition)
        return definition

    def part(self, names: Iterable[str]) -> dict[str, Json]:
        """What of the context a document needs that uses these terms and compact names."""
        wanted = {name.partition(":")[0] for name in names}
        for name in list(wanted):
            definition = self.document.get(name)
            for text in definition.values() if isinstance(definition, dict) else (definition,):
                if isinstance(text, str):
                    wanted.add(text.partition(":")[0])
        return {
            name: definition
            for name, definition in self.document.items()
            if name in wanted or name in ("@version", "id", "type")
        }
