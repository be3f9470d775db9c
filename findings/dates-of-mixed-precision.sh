#!/bin/sh
# ORDER BY, MIN and YEAR over dates of mixed precision: pyoxigraph 0.5.13 and rdflib 7.6.0 differ.
#
# SPARQL 1.1 orders no two of xsd:gYear, xsd:gYearMonth and xsd:date, and has YEAR for xsd:dateTime
# only. A good guess is that engines keep them apart or refuse. Seen, pyoxigraph first: it sorts
# them as texts, which is the order that people mean; rdflib sorts days before years before months,
# and its MIN is a day of 1992 beside a year 1989. YEAR works on all of them in pyoxigraph, on days
# alone in rdflib. Who compares dates of mixed precision needs whole numbers beside them.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check rdflib==7.6.0 pyoxigraph==0.5.13
cat >"$folder/try.py" <<'END'
import logging
import warnings

import rdflib
from pyoxigraph import Store

warnings.simplefilter("ignore")
logging.disable()
PREFIX = "PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> "
VALUES = 'VALUES ?d { "1992-05-01"^^xsd:date "1991"^^xsd:gYear "1990-02"^^xsd:gYearMonth "1989"^^xsd:gYear }'
for query in (
    f"SELECT ?d {{ {VALUES} }} ORDER BY ?d",
    f"SELECT (MIN(?d) AS ?x) {{ {VALUES} }}",
    f"SELECT (YEAR(?d) AS ?x) {{ {VALUES} }}",
):
    print([one[0].value if one[0] else None for one in Store().query(PREFIX + query)])
    bindings = rdflib.Graph().query(PREFIX + query).bindings
    print([str(value) for one in bindings for value in one.values()])
END
"$folder/venv/bin/python" "$folder/try.py" >"$folder/seen" 2>"$folder/errors" || cat "$folder/errors"
cat >"$folder/expected" <<'END'
['1989', '1990-02', '1991', '1992-05-01']
['1992-05-01', '1989', '1991', '1990-02']
['1989']
['1992-05-01']
['1992', '1991', '1990', '1989']
['1992']
END
cat "$folder/seen"
diff "$folder/expected" "$folder/seen"
