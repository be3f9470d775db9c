// An answer: as a table that can be filtered and paged, as a picture, as text, as downloads.

import { element, language, plain, say } from "./words.js";

const PAGE = 200; // Rows that are drawn at once; all of them are filtered, sorted and paged.
const VIEWS = ["Table", "Map", "Timeline", "BarChart", "Graph", "Raw"];
const NAMES = { Table: "table", Map: "map", Timeline: "timeline", BarChart: "bars" };
const SOLUTIONS = ["csv", "tsv", "json", "xml"];
const GRAPHS = ["ttl", "nt", "jsonld", "rdf"];

/** What is in a cell, as text: what the row is filtered and sorted by. */
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
    this.order = this.rows.map((_, number) => number);
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
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    const { views } = this;
    this.choose(views[(views.indexOf(view) + step + views.length) % views.length]);
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
    this.body.append(element("pre", { tabindex: "0" }, shown.slice(0, 200_000)));
  }

  async fillPicture(view) {
    const { body } = this;
    const response = await fetch(`sparql/picture?${new URLSearchParams({ view, lang: language })}`, {
      method: "POST",
      body: new URLSearchParams({ query: this.query }),
    });
    if (!response.ok) {
      const problem = await response.json();
      body.append(element("p", { class: "unfit", role: "alert" }, problem.detail ?? problem.title));
      return;
    }
    const template = document.createElement("template");
    template.innerHTML = await response.text(); // Our own server has escaped what is data.
    body.append(template.content);
  }

  fillTable() {
    const filter = element("input", {
      type: "search",
      id: "answer-filter",
      input: () => {
        const words = plain(filter.value).split(/\s+/u).filter(Boolean);
        this.order = this.rows
          .map((_, number) => number)
          .filter((number) => words.every((word) => this.words[number].includes(word)));
        this.start = 0;
        this.fillRows();
      },
    });
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
      this.order.sort((one, other) => {
        const [a, b] = [one, other].map((number) => textOf(this.rows[number][name]));
        const compared = a.localeCompare(b, language, { numeric: true });
        return falling ? -compared : compared;
      });
      this.start = 0;
      this.fillRows();
    };
    head.append(element("button", { type: "button", class: "plain", click: sort }, name));
    return head;
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
      element("h3", {}, say("downloads")),
      element("ul", { class: "formats" }, ...links),
    );
  }
}
