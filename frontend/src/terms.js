// The words of this graph: what can be completed, what they mean, and what things are called.

import { choose, plain } from "./words.js";

const MOST_OFFERED = 80;
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
      words: plain([term.iri, ...Object.values(term.labels)].join(" ")),
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

  /** Where this server describes a thing; the thing itself where it does not. */
  address(iri) {
    const things = `${this.base}id/`;
    return iri.startsWith(things) ? `doc/${iri.slice(things.length)}` : iri;
  }

  /** What a query may mean by a name: an absolute IRI, whatever its prefixes stand for. */
  read(name, text) {
    if (name.startsWith("<")) return this.byIri.get(name.slice(1, -1));
    const [prefix, local] = name.split(":");
    const declared = new RegExp(`prefix\\s+${prefix}:\\s*<([^>]*)>`, "iu").exec(text);
    const namespace = declared?.[1] ?? new Map(this.prefixes).get(prefix);
    return namespace === undefined ? undefined : this.byIri.get(namespace + local);
  }

  complete = (context) => {
    const found = context.matchBefore(NAME);
    if (!found && !context.explicit) return null;
    const start = found?.from ?? context.pos;
    const typed = plain(found?.text ?? "");
    const before = context.state.sliceDoc(Math.max(start - 2, 0), start);
    if (/[?$<@]$/.test(before) || (typed.length < 2 && !context.explicit)) return null;
    const after = context.state.sliceDoc(Math.max(start - 30, 0), start);
    const first = /(?:\ba|rdf:type)\s+$/.test(after) ? "class" : "property";
    const fitting = this.all.filter(
      (term) => plain(term.name).startsWith(typed) || term.words.includes(typed),
    );
    const begins = new RegExp(`(?:^|[^\\p{L}])${typed.replace(/[^\p{L}\p{N}]/gu, ".")}`, "u");
    const rank = (term) =>
      (term.kind === first ? 0 : term.kind === "thing" ? 2 : 1) +
      (plain(term.name).startsWith(typed) ? 0 : begins.test(term.words) ? 0.5 : 3) +
      (term.isOwn ? 0 : 1);
    fitting.sort((one, other) => rank(one) - rank(other));
    return {
      from: start,
      filter: false,
      options: fitting.slice(0, MOST_OFFERED).map((term) => ({
        label: term.name,
        detail: this.label(term.iri),
        info: choose(term.comment) || undefined,
        type: term.kind === "thing" ? "constant" : term.kind,
        apply: (view, _, from, to) => this.insert(view, term.name, from, to),
      })),
    };
  };

  /** Puts a name into a query, and its prefix before all else where it is not declared. */
  insert(view, name, from, to) {
    const changes = [{ from, to, insert: name }];
    const prefix = name.startsWith("<") ? undefined : name.slice(0, name.indexOf(":"));
    const text = view.state.doc.toString();
    if (prefix !== undefined && !new RegExp(`prefix\\s+${prefix}:`, "iu").test(text)) {
      const line = `PREFIX ${prefix}: <${new Map(this.prefixes).get(prefix)}>\n`;
      const head = /^(?:[ \t]*(?:#.*)?\n)*/.exec(text)[0].length;
      changes.unshift({ from: head, insert: line });
    }
    const set = view.state.changes(changes);
    view.dispatch({ changes: set, selection: { anchor: set.mapPos(to, 1) } });
  }
}
