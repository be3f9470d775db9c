#!/bin/sh
# rdflib 7.6.0: FILTER (false) lets everything through.
#
# A filter whose expression is the literal false removes every solution. A good guess is an empty
# result. Seen: the filter is left out as if it were not there, while FILTER (1 = 2) works; ASK {
# FILTER (false) } is true.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check rdflib==7.6.0
cat >"$folder/try.py" <<'END'
import rdflib

graph = rdflib.Graph().parse(data="<http://e/s> <http://e/p> <http://e/o> .", format="nt")
for condition in ("false", "1 = 2", "!true"):
    print(condition, len(list(graph.query(f"SELECT * {{ ?s ?p ?o FILTER ({condition}) }}"))))
print(graph.query("ASK { FILTER (false) }").askAnswer)
END
"$folder/venv/bin/python" "$folder/try.py" >"$folder/seen" 2>"$folder/errors" || cat "$folder/errors"
cat >"$folder/expected" <<'END'
false 1
1 = 2 0
!true 0
True
END
cat "$folder/seen"
diff "$folder/expected" "$folder/seen"
