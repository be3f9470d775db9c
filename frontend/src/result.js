// An answer: as a table that can be filtered and paged, as a picture, as text, as downloads.

import { element, language, neighbour, plain, problemOf, say } from "./words.js";

const PAGE = 200; // Rows that are drawn at once; all of them are filtered, sorted and paged.
const VIEWS = ["Table", "Map", "Timeline", "BarChart", "Graph", "Raw"];
const NAMES = { Table: "table", Map: "map", Timeline: "timeline", BarChart: "bars" };
const SOLUTIONS = ["csv", "tsv", "json", "xml"];
const GRAPHS = ["ttl", "jsonld", "nt", "rdf", "trig", "nq"];
const MOST_TEXT = 200_000; // Characters that are shown as they are; a browser is slow with more.
const NUMBER =
  /#(?:decimal|integer|double|float|(?:unsigned)?(?:long|int|short|byte)|(?:non)?(?:posi|nega)tiveInteger)$/iu;
const inOrder = new Intl.Collator(language, { numeric: true });

/** What is in a cell, as text. */
const textOf = (term) => term?.value ?? "";

export class Result {
  constructor(host, terms) {
    this.host = host;
    this.terms = terms;
  }

  show(query, text, isTable) {
    this.query = query;
    this.text = text;
    this.document = isTable ? JSON.parse(text) : undefined;
    const asked = /^#defaultView:(\w+)/mu.exec(query)?.[1];
    const hasRows = Boolean(this.document?.results);
    this.views = VIEWS.filter((view) => hasRows || view === "Raw" || view === "Graph");
    if (this.document && !hasRows) this.views = ["Raw"];
    this.view = this.views.includes(asked) ? asked : this.views[0];
    if (hasRows) this.prepare();
    this.draw();
  }

  clear(...children) {
    this.host.replaceChildren(...children);
  }

  prepare() {
    this.columns = this.document.head.vars;
    this.rows = this.document.results.bindings;
    // One text a row, made once: filtering 10,000 rows looks at nothing else.
    this.words = this.rows.map((row) =>
      plain(
        this.columns
          .map((name) => `${textOf(row[name])} ${this.terms.label(textOf(row[name]))}`)
          .join(" "),
      ),
    );
    this.sorted = this.rows.map((_, number) => number);
    this.order = this.sorted;
    this.start = 0;
  }

  draw() {
    this.body = element("div", { role: "tabpanel", id: "answer-panel", tabindex: "0" });
    const tabs = this.views.map((view) =>
      element(
        "button",
        {
          type: "button",
          role: "tab",
          "aria-selected": String(view === this.view),
          "aria-controls": "answer-panel",
          tabindex: view === this.view ? "0" : "-1",
          click: () => this.choose(view),
          keydown: (event) => this.move(event, view),
        },
        say(NAMES[view] ?? view.toLowerCase()),
      ),
    );
    this.list = element("div", { role: "tablist", "aria-label": say("views"), class: "tabs" }, ...tabs);
    this.clear(this.list, this.body, this.downloads());
    this.fill();
  }

  choose(view) {
    this.view = view;
    this.draw();
    this.list.querySelector('[aria-selected="true"]').focus();
  }

  move(event, view) {
    const next = neighbour(event, this.views.indexOf(view), this.views.length);
    if (next !== undefined) this.choose(this.views[next]);
  }

  async fill() {
    if (this.view === "Table") this.fillTable();
    else if (this.view === "Raw") this.fillText();
    else await this.fillPicture(this.view);
  }

  fillText() {
    const { document } = this;
    if (document && document.boolean !== undefined) {
      this.body.append(element("p", { class: "truth" }, say(document.boolean ? "yes" : "no")));
    }
    const shown = document ? JSON.stringify(document, null, 1) : this.text;
    if (shown.length > MOST_TEXT) this.body.append(element("p", { role: "status" }, say("cut")));
    this.body.append(element("pre", { tabindex: "0" }, shown.slice(0, MOST_TEXT)));
  }

  async fillPicture(view) {
    const { body } = this;
    body.append(element("p", { role: "status" }, say("drawing")));
    try {
      const response = await fetch(`sparql/picture?${new URLSearchParams({ view, lang: language })}`, {
        method: "POST",
        body: new URLSearchParams({ query: this.query }),
      });
      if (!response.ok) {
        const { title, detail } = await problemOf(response);
        throw new Error(detail ?? title);
      }
      const template = document.createElement("template");
      template.innerHTML = await response.text(); // Our own server has escaped what is data.
      body.replaceChildren(template.content);
    } catch (error) {
      const said = element("p", { class: "unfit", role: "alert" }, error.message);
      body.replaceChildren(said);
    }
  }

  fillTable() {
    const filter = element("input", {
      type: "search",
      id: "answer-filter",
      input: () => this.selectRows(),
    });
    this.filter = filter;
    this.count = element("p", { role: "status" });
    this.table = element("tbody");
    const heads = this.columns.map((name) => this.head(name));
    const table = element(
      "table",
      { class: "answer" },
      element("thead", {}, element("tr", {}, ...heads)),
      this.table,
    );
    const label = element("label", { for: "answer-filter" }, say("filter"));
    this.body.append(
      element("div", { class: "control" }, label, filter),
      this.count,
      element("section", { class: "scroll", tabindex: "0", "aria-label": say("table") }, table),
      (this.pager = element("p", { class: "parts" })),
    );
    this.fillRows();
  }

  head(name) {
    const head = element("th", { scope: "col" });
    const sort = () => {
      const falling = head.getAttribute("aria-sort") === "ascending";
      for (const other of head.parentNode.children) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", falling ? "descending" : "ascending");
      const keys = this.rows.map((row) => this.key(row[name]));
      const sign = falling ? -1 : 1;
      this.sorted.sort((one, other) => sign * compare(keys[one], keys[other]));
      this.selectRows();
    };
    head.append(element("button", { type: "button", class: "plain", click: sort }, name));
    return head;
  }

  /** What a cell is sorted by: a number, else what is read in it. */
  key(term) {
    if (term && NUMBER.test(term.datatype ?? "")) return Number(term.value);
    return (term?.type === "uri" && this.terms.label(term.value)) || textOf(term);
  }

  /** Keeps the rows that have all words of the filter, in the order that was chosen. */
  selectRows() {
    const words = plain(this.filter.value).split(/\s+/u).filter(Boolean);
    this.order = this.sorted.filter((number) =>
      words.every((word) => this.words[number].includes(word)),
    );
    this.start = 0;
    this.fillRows();
  }

  fillRows() {
    const end = Math.min(this.start + PAGE, this.order.length);
    const shown = this.order.slice(this.start, end);
    this.table.replaceChildren(
      ...shown.map((number) =>
        element("tr", {}, ...this.columns.map((name) => this.cell(this.rows[number][name]))),
      ),
    );
    const range = this.order.length > PAGE ? `${this.start + 1}–${end} ${say("of")} ` : "";
    const all = this.order.length < this.rows.length ? ` / ${this.rows.length}` : "";
    this.count.textContent = `${say("rows")}: ${range}${this.order.length}${all}`;
    const turn = (start, text) =>
      element(
        "button",
        {
          type: "button",
          click: () => {
            this.start = start;
            this.fillRows();
          },
        },
        text,
      );
    const turns = [];
    if (this.start > 0) turns.push(turn(Math.max(this.start - PAGE, 0), `← ${say("previous")}`));
    if (end < this.order.length) turns.push(turn(end, `${say("next")} →`));
    this.pager.replaceChildren(...turns);
  }

  cell(term) {
    if (!term) return element("td");
    if (term.type !== "uri") {
      const tag = term["xml:lang"] ?? "";
      const text = term.type === "triple" ? JSON.stringify(term.value) : term.value;
      const shown = element("span", tag ? { lang: tag } : {}, text);
      return element("td", {}, shown, ...(tag ? [" ", element("span", { class: "tag" }, tag)] : []));
    }
    const name = this.terms.short(term.value);
    const label = this.terms.label(term.value);
    const isWeb = /^https?:/u.test(term.value);
    const link = isWeb
      ? element("a", { href: this.terms.address(term.value) }, label || name)
      : element("code", {}, term.value);
    return element("td", {}, link, ...(label ? [" ", element("span", { class: "tag" }, name)] : []));
  }

  downloads() {
    const formats = this.document ? SOLUTIONS : GRAPHS;
    const links = formats.map((format) =>
      element(
        "li",
        {},
        element(
          "a",
          {
            href: `sparql?${new URLSearchParams({ query: this.query, format })}`,
            download: `answer.${format}`,
          },
          format,
        ),
      ),
    );
    return element(
      "div",
      {},
      element("h2", {}, say("downloads")),
      element("ul", { class: "formats" }, ...links),
    );
  }
}

/** Numbers by size and before texts, as SPARQL orders neither by the other. */
function compare(one, other) {
  if (typeof one === "number" && typeof other === "number") return one - other;
  if (typeof one !== typeof other) return typeof one === "number" ? -1 : 1;
  return inOrder.compare(one, other);
}
