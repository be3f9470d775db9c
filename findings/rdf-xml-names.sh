#!/bin/sh
# pyoxigraph 0.5.13 writes RDF/XML that no parser of XML with namespaces reads.
#
# RDF/XML has no way to say a predicate whose IRI does not end in an XML name (RDF 1.1 XML Syntax,
# 2.2), so that a writer can only refuse it. A good guess is an error. Seen: an element with the
# empty local name "oxprefix:", also for a class, which could be said with rdf:type; the same
# library reads it back, XML parsers do not.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check pyoxigraph==0.5.13
cat >"$folder/try.py" <<'END'
from xml.parsers import expat

from pyoxigraph import NamedNode, RdfFormat, Triple, parse, serialize

TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
thing, name = NamedNode("http://example.com/s"), NamedNode("http://example.com/123")
for triple in (Triple(thing, name, thing), Triple(thing, TYPE, name)):
    written = serialize([triple], format=RdfFormat.RDF_XML)
    print([line.strip().split(b" ")[0] for line in written.splitlines() if b"oxprefix:" in line][0])
    print("read back by itself:", [quad.triple for quad in parse(written, RdfFormat.RDF_XML)] == [triple])
    try:
        expat.ParserCreate(namespace_separator=" ").Parse(written, True)
        print("XML")
    except expat.ExpatError as error:
        print(expat.ErrorString(error.code))
END
"$folder/venv/bin/python" "$folder/try.py" >"$folder/seen" 2>"$folder/errors" || cat "$folder/errors"
cat >"$folder/expected" <<'END'
b'<oxprefix:'
read back by itself: True
not well-formed (invalid token)
b'<oxprefix:'
read back by itself: True
not well-formed (invalid token)
END
cat "$folder/seen"
diff "$folder/expected" "$folder/seen"
