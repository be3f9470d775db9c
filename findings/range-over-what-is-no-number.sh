#!/bin/sh
# pySHACL 0.40.1: sh:maxInclusive over "NaN"^^xsd:decimal ends the validation.
#
# A value that cannot be compared with the bound is a validation result (SHACL, 4.3), and "NaN" is
# no decimal. A good guess is one violation. Seen: decimal.InvalidOperation, and no report at all;
# rdflib reads the text with a Python type that knows NaN and will not compare it. Other ill-typed
# values ("x") do give a result.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check pyshacl==0.40.1 rdflib==7.6.0
cat >"$folder/try.py" <<'END'
import pyshacl
import rdflib

SHAPES = """
PREFIX sh: <http://www.w3.org/ns/shacl#>
<http://e/shape> a sh:PropertyShape ; sh:targetSubjectsOf <http://e/lat> ;
  sh:path <http://e/lat> ; sh:maxInclusive 90.0 .
"""
shapes = rdflib.Graph().parse(data=SHAPES, format="turtle")
for text in ("90.5", "x", "NaN"):
    data = f'<http://e/a> <http://e/lat> "{text}"^^<http://www.w3.org/2001/XMLSchema#decimal> .'
    graph = rdflib.Graph().parse(data=data, format="turtle")
    try:
        print(text, "conforms:", pyshacl.validate(graph, shacl_graph=shapes)[0])
    except Exception as error:
        print(text, type(error).__name__)
END
"$folder/venv/bin/python" "$folder/try.py" >"$folder/seen" 2>"$folder/errors" || cat "$folder/errors"
cat >"$folder/expected" <<'END'
90.5 conforms: False
x conforms: False
NaN InvalidOperation
END
cat "$folder/seen"
diff "$folder/expected" "$folder/seen"
