// Queries side by side, and those that were asked before. They stay in this browser.

import { element, neighbour, say } from "./words.js";

const KEY = "partnergraph.sparql";
const MOST_REMEMBERED = 50;

/** What was kept here, as far as the browser keeps anything. */
function restore() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    return { tabs: kept.tabs ?? [], current: kept.current ?? 0, history: kept.history ?? [] };
  } catch {
    return { tabs: [], current: 0, history: [] };
  }
}

export class Tabs {
  /** `changed` is called with the text of the tab that is shown. */
  constructor(host, first, changed) {
    this.host = host;
    this.first = first;
    this.changed = changed;
    this.kept = restore();
    if (!this.kept.tabs.length) this.kept.tabs.push(first);
    this.kept.current = Math.min(this.kept.current, this.kept.tabs.length - 1);
  }

  get text() {
    return this.kept.tabs[this.kept.current];
  }

  get history() {
    return this.kept.history;
  }

  write(text) {
    this.kept.tabs[this.kept.current] = text;
    this.save();
  }

  remember(text) {
    this.kept.history = [text, ...this.history.filter((one) => one !== text)];
    this.kept.history.length = Math.min(this.kept.history.length, MOST_REMEMBERED);
    this.save();
  }

  open(text) {
    const known = this.kept.tabs.indexOf(text);
    if (known < 0) this.kept.tabs.push(text);
    this.show(known < 0 ? this.kept.tabs.length - 1 : known);
  }

  /** A query that a link brings: instead of the one that everybody begins with. */
  openLinked(text) {
    const { tabs } = this.kept;
    if (tabs.length === 1 && tabs[0] === this.first) tabs[0] = text;
    this.open(text);
  }

  show(number) {
    this.kept.current = number;
    this.save();
    this.draw();
    this.changed(this.text);
  }

  close(number) {
    this.kept.tabs.splice(number, 1);
    if (!this.kept.tabs.length) this.kept.tabs.push("");
    this.show(Math.max(Math.min(this.kept.current, this.kept.tabs.length - 1), 0));
  }

  draw() {
    const tabs = this.kept.tabs.map((_, number) => {
      const isCurrent = number === this.kept.current;
      return element(
        "button",
        {
          type: "button",
          role: "tab",
          "aria-selected": String(isCurrent),
          "aria-controls": "query-panel",
          tabindex: isCurrent ? "0" : "-1",
          click: () => this.show(number),
          keydown: (event) => this.move(event, number),
        },
        `${say("query")} ${number + 1}`,
      );
    });
    const list = element("div", { role: "tablist", class: "tabs", "aria-label": say("editor") }, ...tabs);
    const more = element("button", { type: "button", click: () => this.open("") }, say("newTab"));
    const less = element(
      "button",
      { type: "button", click: () => this.close(this.kept.current) },
      say("closeTab"),
    );
    this.host.replaceChildren(list, more, ...(this.kept.tabs.length > 1 ? [less] : []));
  }

  move(event, number) {
    const next = neighbour(event, number, this.kept.tabs.length);
    if (next === undefined) return;
    this.show(next);
    this.host.querySelector('[aria-selected="true"]').focus();
  }

  save() {
    try {
      localStorage.setItem(KEY, JSON.stringify(this.kept));
    } catch {
      // A browser that keeps nothing still has an editor.
    }
  }
}
