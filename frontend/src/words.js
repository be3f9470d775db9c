// What the editor says, in the language of the page.

const WORDS = {
  asking: ["Gaida atbildi…", "Asking…"],
  bars: ["Stabiņi", "Bars"],
  closeTab: ["Aizvērt cilni", "Close the tab"],
  completions: ["Ieteikumi", "Completions"],
  copied: ["Saite nokopēta", "Link copied"],
  cut: [
    "Parādīts tikai sākums; viss teksts ir lejupielādējams.",
    "Only the beginning is shown; the whole text can be downloaded.",
  ],
  drawing: ["Zīmē…", "Drawing…"],
  editor: ["SPARQL vaicājums", "SPARQL query"],
  example: ["Ielikt piemēru", "Insert an example"],
  filter: ["Rādīt rindas, kurās ir", "Show rows that contain"],
  graph: ["Tīkls", "Network"],
  history: ["Agrāki vaicājumi", "Earlier queries"],
  map: ["Karte", "Map"],
  newTab: ["Jauna cilne", "New tab"],
  next: ["nākamās", "next"],
  notAnswered: ["Galapunkts neatbild", "The endpoint does not answer"],
  of: ["no", "of"],
  previous: ["iepriekšējās", "previous"],
  raw: ["Teksts", "Raw"],
  rows: ["Rindas", "Rows"],
  run: ["Izpildīt", "Run"],
  share: ["Kopēt saiti", "Copy a link"],
  table: ["Tabula", "Table"],
  timeline: ["Laika līnija", "Timeline"],
  query: ["Vaicājums", "Query"],
  views: ["Kā rādīt atbildi", "How to show the answer"],
  downloads: ["Lejupielādēt visu", "Download everything"],
  yes: ["Jā", "Yes"],
  no: ["Nē", "No"],
};

export const language = document.documentElement.lang === "lv" ? "lv" : "en";

export const say = (key) => WORDS[key][language === "lv" ? 0 : 1];

/** A text in the language of the page, else in the other one. */
export const choose = (texts) => texts?.[language] ?? texts?.en ?? texts?.lv ?? "";

/** For comparing: without accents and capitals. */
export const plain = (text) =>
  text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** The tab that a key leads to, from one of a number of tabs. */
export function neighbour(event, number, count) {
  const next = { ArrowRight: number + 1, ArrowLeft: number - 1, Home: 0, End: count - 1 }[event.key];
  if (next === undefined) return undefined;
  event.preventDefault(); // Home and End would scroll the page, too.
  return (next + count) % count;
}

/** What an error response says; not all are ours: a proxy's need not be JSON. */
export async function problemOf(response) {
  try {
    return JSON.parse(await response.text());
  } catch {
    return { title: `${say("notAnswered")} (${response.status})` };
  }
}

/** An element with attributes, properties (functions) and children. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(key, value);
    else if (value === true) made.setAttribute(key, "");
    else if (value !== false && value !== undefined) made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}
