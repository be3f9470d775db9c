// The SPARQL editor: CodeMirror with the words of this graph, and the answer below it.

import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { bracketMatching, HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { lintGutter, setDiagnostics } from "@codemirror/lint";
import { EditorState, Prec } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  hoverTooltip,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { sparql } from "codemirror-lang-sparql";
import "./editor.css";
import { Result } from "./result.js";
import { Tabs } from "./tabs.js";
import { Terms } from "./terms.js";
import { choose, element, problemOf, say } from "./words.js";

const NAME = /<[^<>\s]*>|[\p{L}_]?[\p{L}\p{N}_.-]*:[\p{L}\p{N}_.-]+/gu;
const ACCEPT = "application/sparql-results+json, text/turtle;q=0.9";

const colours = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--link)", fontWeight: "600" },
  { tag: [tags.string, tags.literal], color: "var(--derived)" },
  { tag: tags.number, color: "var(--derived)" },
  { tag: tags.comment, color: "var(--quiet)", fontStyle: "italic" },
  { tag: tags.variableName, color: "var(--ink)", fontWeight: "600" },
]);

const look = EditorView.theme({
  "&": { color: "var(--ink)", background: "var(--panel)", fontSize: "0.875rem" },
  "&.cm-focused": { outline: "3px solid var(--link)", outlineOffset: "2px" },
  ".cm-scroller": { fontFamily: "ui-monospace, monospace", minHeight: "12rem", maxHeight: "60vh" },
  ".cm-content": { caretColor: "var(--ink)" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  ".cm-gutters": { background: "var(--panel)", color: "var(--quiet)", border: "0" },
  ".cm-activeLine": { background: "transparent" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground":
    { background: "color-mix(in srgb, var(--link) 30%, transparent)" },
  ".cm-matchingBracket": { background: "var(--line)" },
  ".cm-tooltip": {
    background: "var(--ground)",
    color: "var(--ink)",
    border: "1px solid var(--quiet)",
    maxWidth: "min(30rem, 90vw)",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": {
    background: "var(--link)",
    color: "var(--ground)",
  },
  ".cm-tooltip .cm-completionDetail": { fontStyle: "normal", opacity: "1" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { maxHeight: "16em" },
  ".cm-tooltip-hover p": { margin: "0.25rem 0.5rem" },
  // Where there is no room beside the list, it would cover what can be chosen.
  "@media (max-width: 40rem)": { ".cm-tooltip.cm-completionInfo": { display: "none" } },
  ".cm-diagnostic": { borderLeft: "3px solid var(--fault)" },
});

/** What the vocabulary says of the name under the pointer. */
function explain(terms) {
  return hoverTooltip((view, position) => {
    const line = view.state.doc.lineAt(position);
    for (const match of line.text.matchAll(NAME)) {
      const start = line.from + match.index;
      const end = start + match[0].length;
      if (position < start || position > end) continue;
      const term = terms.read(match[0], view.state.doc.toString());
      if (!term) return null;
      return {
        pos: start,
        end,
        above: true,
        create: () => ({
          dom: element(
            "div",
            {},
            element("p", {}, element("strong", {}, choose(term.labels)), ` ${match[0]}`),
            ...(choose(term.comment) ? [element("p", {}, choose(term.comment))] : []),
          ),
        }),
      };
    }
    return null;
  });
}

class Editor {
  constructor(form, terms) {
    this.form = form;
    const area = form.querySelector("textarea");
    this.terms = terms;
    this.tabs = new Tabs(element("div", { class: "tabs-row" }), area.value, (text) => this.fill(text));
    this.status = element("div", { role: "status" });
    this.answer = element("div", { id: "answer" });
    this.result = new Result(this.answer, terms);
    this.host = element("div", { class: "editor", id: "query-panel", role: "tabpanel", "aria-label": say("query") });
    form.replaceWith(this.tabs.host, this.host, this.actions(), this.status, this.answer);
    // In a tree of its own: there CodeMirror's style sheets are objects, which the page's
    // Content-Security-Policy allows, and no elements, which it does not.
    const root = this.host.attachShadow({ mode: "open" });
    this.view = new EditorView({ parent: root, root, state: this.state(this.tabs.text) });
    this.tabs.draw();
    this.read();
    window.addEventListener("hashchange", () => this.read());
  }

  state(text) {
    return EditorState.create({
      doc: text,
      extensions: [
        Prec.highest(keymap.of([{ key: "Mod-Enter", run: () => (this.run(), true) }])),
        lineNumbers(),
        lintGutter(),
        history(),
        drawSelection(),
        highlightActiveLine(),
        bracketMatching(),
        closeBrackets(),
        autocompletion({ override: [this.terms.complete], icons: false }),
        // Without Tab among its keys, so that it leads on to the next control.
        keymap.of([...closeBracketsKeymap, ...completionKeymap, ...defaultKeymap, ...historyKeymap]),
        sparql(),
        syntaxHighlighting(colours),
        explain(this.terms),
        look,
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ "aria-label": say("editor") }),
        EditorState.phrases.of({ Completions: say("completions") }),
        EditorView.updateListener.of((update) => {
          if (!update.docChanged) return;
          this.tabs.write(update.state.doc.toString());
          // Another query than the link's: loading the page again shall not bring that back.
          if (location.hash) replaceAddress(location.pathname + location.search);
        }),
      ],
    });
  }

  get text() {
    return this.view.state.doc.toString();
  }

  /** Shows another query; what was done to the one before cannot be undone in it. */
  fill(text) {
    this.view?.setState(this.state(text));
    this.asked?.abort();
    this.answer?.replaceChildren(); // It belongs to the query that was shown before.
    if (this.status) this.status.textContent = "";
  }

  /** The query that a link brings. */
  read() {
    const query = new URLSearchParams(location.hash.slice(1)).get("query");
    if (query !== null) this.tabs.openLinked(query);
  }

  actions() {
    const examples = this.terms.queries.map(({ summary, sparql: text }) => [choose(summary), text]);
    this.earlier = this.menu("history", () => this.tabs.history.map((text) => [gist(text), text]));
    return element(
      "div",
      { class: "actions" },
      element(
        "button",
        { type: "button", class: "main", click: () => this.run(), title: "Ctrl+Enter" },
        say("run"),
      ),
      element("button", { type: "button", click: () => this.share() }, say("share")),
      this.menu("example", () => examples),
      this.earlier,
    );
  }

  menu(name, entries) {
    const list = element("select", { "aria-label": say(name), id: `choose-${name}` });
    const fill = () => {
      this[name] = entries();
      const options = this[name].map(([title], number) => element("option", { value: number }, title));
      list.replaceChildren(element("option", { value: "" }, `${say(name)}…`), ...options);
    };
    list.addEventListener("focus", fill);
    list.addEventListener("change", () => {
      const chosen = this[name][list.value];
      list.value = "";
      if (chosen) this.tabs.open(chosen[1]);
    });
    fill();
    return list;
  }

  async share() {
    replaceAddress(`#${new URLSearchParams({ query: this.text })}`);
    try {
      await navigator.clipboard.writeText(location.href);
      this.status.textContent = say("copied");
    } catch {
      this.status.textContent = location.href; // Where copying is not allowed, it can be seen.
    }
  }

  async run() {
    const query = this.text;
    this.asked?.abort();
    this.asked = new AbortController();
    this.status.textContent = say("asking");
    this.view.dispatch(setDiagnostics(this.view.state, []));
    try {
      const response = await fetch("sparql", {
        method: "POST",
        headers: { accept: ACCEPT },
        body: new URLSearchParams({ query }),
        signal: this.asked.signal,
      });
      if (!response.ok) {
        const problem = await problemOf(response);
        this.status.textContent = "";
        return this.fail(problem);
      }
      const text = await response.text();
      this.status.textContent = "";
      this.tabs.remember(query);
      this.result.show(query, text, response.headers.get("content-type").includes("json"));
    } catch (error) {
      if (error.name === "AbortError") return;
      this.status.textContent = `${say("notAnswered")} (${error.message})`;
    }
  }

  /** Says what is wrong, at its line where the server names one. */
  fail(problem) {
    const said = [problem.detail ?? problem.title, problem.hint].filter(Boolean).join(" ");
    // The server says in English what is wrong; only what the editor says itself is translated.
    const lang = problem.detail ? "en" : undefined;
    const alert = element("p", { class: "unfit", role: "alert", lang }, said);
    if (problem.line) {
      const document = this.view.state.doc;
      const line = document.line(Math.min(problem.line, document.lines));
      const from = Math.min(line.from + Math.max((problem.column ?? 1) - 1, 0), line.to);
      const to = Math.max(Math.min(from + 1, line.to), from);
      const mark = { from: from === to ? line.from : from, to, severity: "error", message: said };
      this.view.dispatch(setDiagnostics(this.view.state, [mark]));
      alert.prepend(`${problem.line}:${problem.column ?? 1} `);
    }
    this.result.clear(alert);
  }
}

const replaceAddress = (address) => window.history.replaceState(null, "", address);

/** What tells a query from others in a list: not its prefixes and comments. */
function gist(text) {
  const prologue = /^[ \t]*(?:#.*|(?:PREFIX[ \t]+[^<\n]*|BASE[ \t]*)<[^>]*>)[ \t]*$/gimu;
  const words = (some) => some.replace(/\s+/gu, " ").trim().slice(0, 80);
  return words(text.replace(prologue, "")) || words(text);
}

/** The words of the graph; without them, too, queries can be written and asked. */
async function load(address) {
  try {
    return await (await fetch(address)).json();
  } catch {
    return { base: new URL(".", location.href).href, prefixes: {}, terms: [], queries: [] };
  }
}

const form = document.querySelector("form#editor");
if (form) {
  new Editor(form, new Terms(await load(form.dataset.completions)));
}
