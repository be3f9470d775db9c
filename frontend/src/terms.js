// The words of this graph: what can be completed, what they mean, and what things are called.

import { syntaxTree } from "@codemirror/language";
import { KEYWORDS } from "./keywords.js";
import { choose, plain } from "./words.js";

const MOST_OFFERED = 80;
const NOT_A_NAME = new Set(["Comment", "String", "IriRef"]);
const NAME = /(?:[\p{L}_][\p{L}\p{N}_.-]*)?:[\p{L}\p{N}_.-]*|[\p{L}_][\p{L}\p{N}_-]*/u;

export class Terms {
  constructor({ base, prefixes, terms, queries }) {
    this.base = base;
    this.queries = queries;
    this.prefixes = Object.entries(prefixes);
    this.byIri = new Map(terms.map((term) => [term.iri, term]));
    this.all = terms.map((term) => ({
      ...term,
      name: this.compact(term.iri),
      isOwn: term.iri.startsWith(base) || term.iri.startsWith(prefixes.tp),
      // Without what all have in common: the host's name would fit words such as GRAPH.
      words: plain([this.short(term.iri), ...Object.values(term.labels)].join(" ")),
    }));
  }

  /** `tp:party`, where a prefix leaves a local name; else `<https://…>`. */
  compact(iri) {
    for (const [prefix, namespace] of this.prefixes) {
      const local = iri.slice(namespace.length);
      if (iri.startsWith(namespace) && /^[\p{L}\p{N}_][\p{L}\p{N}_-]*$/u.test(local)) {
        return `${prefix}:${local}`;
      }
    }
    return `<${iri}>`;
  }

  label(iri) {
    const label = choose(this.byIri.get(iri)?.labels);
    return label === this.compact(iri) ? "" : label;
  }

  /** How a thing with a label is told from others of that label. */
  short(iri) {
    return iri.startsWith(`${this.base}id/`)
      ? iri.slice(this.base.length + 3)
      : this.compact(iri).replace(/^<|>$/gu, "");
  }

  /** Where this server describes a thing, as in addresses.py; the thing itself where it does not. */
  address(iri) {
    const { tp, tpc, tps } = Object.fromEntries(this.prefixes);
    const folders = [
      ["doc/concept/", tpc],
      ["doc/def/", tp],
      ["doc/shapes/", tps],
      ["doc/graph/", `${this.base}graph/`],
      ["doc/", `${this.base}id/`],
    ];
    const found = folders.find(([, namespace]) => namespace && iri.startsWith(namespace));
    return found ? found[0] + iri.slice(found[1].length) : iri;
  }

  /** What a query may mean by a name: an absolute IRI, whatever its prefixes stand for. */
  read(name, text) {
    if (name.startsWith("<")) return this.byIri.get(name.slice(1, -1));
    const [prefix, local] = name.split(":");
    const namespace = declared(prefix, text) ?? new Map(this.prefixes).get(prefix);
    return namespace === undefined ? undefined : this.byIri.get(namespace + local);
  }

  complete = (context) => {
    const found = context.matchBefore(NAME);
    if ((!found && !context.explicit) || !isNamePlace(context)) return null;
    const start = found?.from ?? context.pos;
    const typed = plain(found?.text ?? "");
    // A keyword is whole: Enter after it begins a line, and chooses nothing.
    if (!context.explicit && KEYWORDS.some((word) => plain(word) === typed)) return null;
    const before = context.state.sliceDoc(Math.max(start - 2, 0), start);
    if (/[?$<@]$/.test(before) || (typed.length < 2 && !context.explicit)) return null;
    const after = context.state.sliceDoc(Math.max(start - 30, 0), start);
    const first = /(?:\ba|rdf:type)\s+$/.test(after) ? "class" : "property";
    const begins = new RegExp(`(?:^|[^\\p{L}])${typed.replace(/[^\p{L}\p{N}]/gu, ".")}`, "u");
    // Within words is looked only for who asks.
    const fitting = this.all.filter(
      (term) =>
        plain(term.name).startsWith(typed) ||
        (context.explicit ? term.words.includes(typed) : begins.test(term.words)),
    );
    const rank = (term) =>
      (term.kind === first ? 0 : term.kind === "thing" ? 2 : 1) +
      (plain(term.name).startsWith(typed) ? 0 : begins.test(term.words) ? 0.5 : 3) +
      (term.isOwn ? 0 : 1);
    fitting.sort((one, other) => rank(one) - rank(other));
    const terms = fitting.slice(0, MOST_OFFERED).map((term) => ({
      label: term.name,
      detail: this.label(term.iri),
      info: choose(term.comment) || undefined,
      type: term.kind === "thing" ? "constant" : term.kind,
      apply: (view, _, from, to) => this.insert(view, term, from, to),
    }));
    const keywords = KEYWORDS.filter((word) => typed && plain(word).startsWith(typed)).map(
      (label) => ({ label, type: "keyword" }),
    );
    const options = first === "class" ? [...terms, ...keywords] : [...keywords, ...terms];
    return options.length ? { from: start, filter: false, options } : null;
  };

  /** Puts a name into a query, and its prefix before all else where it is not declared. */
  insert(view, { iri, name }, from, to) {
    const prefix = name.startsWith("<") ? undefined : name.slice(0, name.indexOf(":"));
    const text = view.state.doc.toString();
    const namespace = new Map(this.prefixes).get(prefix);
    const given = prefix === undefined ? undefined : declared(prefix, text);
    // The query may mean something else by the prefix.
    const isOther = given !== undefined && given !== namespace;
    const changes = [{ from, to, insert: isOther ? `<${iri}>` : name }];
    if (prefix !== undefined && given === undefined) {
      const line = `PREFIX ${prefix}: <${namespace}>\n`;
      const head = /^(?:[ \t]*(?:#.*)?\n)*/.exec(text)[0].length;
      changes.unshift({ from: head, insert: line });
    }
    const set = view.state.changes(changes);
    view.dispatch({ changes: set, selection: { anchor: set.mapPos(to, 1) } });
  }
}

/** What a query says that a prefix stands for. */
const declared = (prefix, text) =>
  new RegExp(`^[ \\t]*prefix\\s+${prefix}:\\s*<([^>]*)>`, "imu").exec(text)?.[1];

/** Whether a name can stand here: not within a comment, a text or an IRI, closed or not. */
function isNamePlace({ state, pos }) {
  const line = state.doc.lineAt(pos);
  const before = line.text.slice(0, pos - line.from);
  if (/<[^<>\s]*$/u.test(before)) return false;
  const texts = before.replace(/\\./gu, "").replace(/"[^"]*"|'[^']*'|<[^<>\s]*>/gu, "");
  return !/["'#]/u.test(texts) && !NOT_A_NAME.has(syntaxTree(state).resolveInner(pos, -1).name);
}
