#!/bin/sh
# A moment plus a duration: unbound in pyoxigraph 0.5.13, bound in rdflib 7.6.0.
#
# Arithmetic on xsd:dateTime is an extension that many engines have (SEP-0002 of the SPARQL
# community group). Both subtract two dates; a good guess is that both add a duration, too. Seen:
# pyoxigraph leaves it unbound without an error, so that a filter on it lets nothing through. What
# is portable: make a dateTime of text with a time zone and compare it with NOW().
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check rdflib==7.6.0 pyoxigraph==0.5.13
cat >"$folder/try.py" <<'END'
import rdflib
from pyoxigraph import Store

PREFIX = "PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> "
for expression in (
    '"2022-07-22"^^xsd:date - "2022-07-20"^^xsd:date',
    '"2022-07-22T00:00:00Z"^^xsd:dateTime + "PT14H"^^xsd:dayTimeDuration',
    '"2022-07-22T00:00:00Z"^^xsd:dateTime < "2022-07-22T00:00:00-14:00"^^xsd:dateTime',
):
    query = f"{PREFIX}SELECT ({expression} AS ?x) {{}}"
    ((by_oxigraph,),) = Store().query(query)
    ((by_rdflib,),) = rdflib.Graph().query(query)
    print([by_oxigraph and by_oxigraph.value, str(by_rdflib)])
END
"$folder/venv/bin/python" "$folder/try.py" >"$folder/seen" 2>"$folder/errors" || cat "$folder/errors"
cat >"$folder/expected" <<'END'
['P2D', 'P2D']
[None, '2022-07-22T14:00:00+00:00']
['true', 'true']
END
cat "$folder/seen"
diff "$folder/expected" "$folder/seen"
