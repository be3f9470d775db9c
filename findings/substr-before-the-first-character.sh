#!/bin/sh
# rdflib 7.6.0: SUBSTR from 0 or before counts from the end.
#
# SUBSTR follows fn:substring, whose first character has the position 1 and which takes those
# positions that exist: SUBSTR("Valmiera", 0, 3) is "Va" (XPath functions, 5.4.3). Seen: positions
# below 1 are taken as Python takes them, from the end of the text; pyoxigraph does as the standard
# has it.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check rdflib==7.6.0 pyoxigraph==0.5.13
cat >"$folder/try.py" <<'END'
import rdflib
from pyoxigraph import Store

for arguments in ("1, 3", "0, 3", "0", "-1, 4"):
    query = f'SELECT (SUBSTR("Valmiera", {arguments}) AS ?x) {{}}'
    (by_rdflib,) = rdflib.Graph().query(query)
    (by_oxigraph,) = Store().query(query)
    print([arguments, str(by_rdflib[0]), by_oxigraph[0].value])
END
"$folder/venv/bin/python" "$folder/try.py" >"$folder/seen" 2>"$folder/errors" || cat "$folder/errors"
cat >"$folder/expected" <<'END'
['1, 3', 'Val', 'Val']
['0, 3', '', 'Va']
['0', 'a', 'Valmiera']
['-1, 4', '', 'Va']
END
cat "$folder/seen"
diff "$folder/expected" "$folder/seen"
