// Asks the endpoint given as an argument, as a JavaScript program would, and prints what it gets.
import { SparqlEndpointFetcher } from "fetch-sparql-endpoint";

const [endpoint, namesQuery, askQuery, graphQuery] = process.argv.slice(2);
const fetcher = new SparqlEndpointFetcher();

const names = [];
for await (const bindings of await fetcher.fetchBindings(endpoint, namesQuery)) {
  names.push(bindings.name.value);
}
const answer = await fetcher.fetchAsk(endpoint, askQuery);
let triples = 0;
for await (const triple of await fetcher.fetchTriples(endpoint, graphQuery)) {
  triples += triple.subject ? 1 : 0;
}
console.log(JSON.stringify({ names, answer, triples }));
