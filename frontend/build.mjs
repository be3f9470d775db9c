// Makes what the package serves but the repository does not hold: the editor, and the land of maps.
// Called by hatch_build.py with the folder of the package.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { feature } from "topojson-client";
import { presimplify, simplify } from "topojson-simplify";

const [folder] = process.argv.slice(2);

await build({
  entryPoints: [{ in: join(import.meta.dirname, "src/editor.js"), out: "editor" }],
  outdir: join(folder, "pages/static"),
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  legalComments: "inline",
  logLevel: "warning",
});

// Natural Earth without borders, which not everyone draws alike: https://www.naturalearthdata.com/
const WORLD = 100_000; // Units of the world's width, as partnergraph/pictures/projection.py has them.
const [SOUTH, NORTH] = [-60, 80];
const LEAST_AREA = 0.004; // Of a bend, in square degrees; smaller ones are straightened.
const LEAST_SIZE = 30; // Of an island, in units.

function project([longitude, degrees]) {
  const latitude = (Math.min(Math.max(degrees, SOUTH), NORTH) * Math.PI) / 180;
  const y = 0.5 - Math.log(Math.tan(Math.PI / 4 + latitude / 2)) / (2 * Math.PI);
  return [Math.round(((longitude + 180) / 360) * WORLD), Math.round(y * WORLD)];
}

function outline(ring) {
  const points = [];
  for (const point of ring.map(project)) {
    const last = points.at(-1);
    if (!last || last[0] !== point[0] || last[1] !== point[1]) points.push(point);
  }
  return points;
}

function size(points) {
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  return Math.max(...xs) - Math.min(...xs) + Math.max(...ys) - Math.min(...ys);
}

const source = join(import.meta.dirname, "node_modules/world-atlas/land-50m.json");
const topology = simplify(presimplify(JSON.parse(readFileSync(source, "utf-8"))), LEAST_AREA);
const land = feature(topology, topology.objects.land);
const geometries = land.features ? land.features.map((one) => one.geometry) : [land.geometry];
const polygons = geometries.flatMap((one) =>
  one.type === "Polygon" ? [one.coordinates] : one.coordinates,
);
const rings = polygons
  .flat()
  .map(outline)
  .filter((points) => points.length > 3 && size(points) > LEAST_SIZE)
  .map((points) => points.flat());
writeFileSync(join(folder, "pictures/world.json"), JSON.stringify({ rings }));
