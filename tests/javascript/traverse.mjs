// Answers a two-hop question by following links from one thing, and by asking the endpoint.
import { QueryEngine } from "@comunica/query-sparql-link-traversal";

const [thing, endpoint] = process.argv.slice(2);
const engine = new QueryEngine();
const query = `
  PREFIX tp: <https://partnergraph.example/def#>
  PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
  SELECT DISTINCT ?name WHERE {
    <${thing}> tp:twinnedWith ?partner .
    ?partner tp:country ?country .
    ?country skos:prefLabel ?name .
    FILTER (LANG(?name) = "lv")
  }`;

async function names(source, options) {
  const stream = await engine.queryBindings(query, { sources: [source], ...options });
  const solutions = await stream.toArray();
  return solutions.map((solution) => solution.get("name").value).sort();
}

// Lenient: a link may lead to a server that cannot be reached from here.
const followed = await names(thing, { lenient: true });
const asked = await names({ type: "sparql", value: endpoint });
console.log(JSON.stringify({ followed, asked }));
