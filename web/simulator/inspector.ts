/** The steps behind one phone, newest first, each with its payload. */
import type { NativeMessage, TraceEntry } from "../../src/http/simulator-contract.ts";
import { element } from "./dom.ts";
import type { Words } from "./words.ts";

export interface Inspector {
  show(trace: readonly TraceEntry[], t: Words): void;
}

export function createInspector(list: HTMLOListElement): Inspector {
  const shown = new Map<string, { readonly as: string; readonly node: HTMLElement }>();
  return {
    show(trace, t) {
      const nodes = trace.toReversed().map((entry) => {
        const as = JSON.stringify([entry, t.title]);
        const before = shown.get(entry.id);
        if (before?.as === as) return before.node;
        const node = rowOf(entry, t);
        // An open row stays open when its delivery goes on.
        if (before !== undefined) node.querySelector("details")?.toggleAttribute("open", isOpen(before.node));
        shown.set(entry.id, { as, node });
        return node;
      });
      if (nodes.length === 0) list.replaceChildren(element("li", { class: "nothing" }, t.nothing));
      else if (nodes.length !== list.childElementCount || nodes.some((node, index) => list.children[index] !== node))
        list.replaceChildren(...nodes);
    },
  };
}

const isOpen = (node: HTMLElement) => node.querySelector("details")?.open === true;

function rowOf(entry: TraceEntry, t: Words): HTMLElement {
  return element(
    "li",
    { class: `step ${entry.kind}` },
    element("details", {}, element("summary", {}, ...summaryOf(entry, t)), ...bodyOf(entry, t)),
  );
}

function summaryOf(entry: TraceEntry, t: Words): readonly (Node | string)[] {
  const kind = { webhook: t.in, call: t.out, said: t.said }[entry.kind];
  const time = element("time", {}, new Date(entry.at).toLocaleTimeString([], { hour12: false }));
  const [title, state, isBad] =
    entry.kind === "said"
      ? [
          `${entry.content.type} → ${entry.lowered.length} ${t.parts}`,
          t.delivery[entry.delivery ?? ""] ?? entry.delivery ?? "",
          entry.delivery === "failed",
        ]
      : [entry.title, String(entry.response?.status ?? t.broken), (entry.response?.status ?? 500) >= 400];
  return [
    element("span", { class: "kind" }, kind),
    element("span", { class: "what" }, title),
    element("span", { class: isBad ? "state bad" : "state" }, state),
    time,
  ];
}

function bodyOf(entry: TraceEntry, t: Words): readonly Node[] {
  if (entry.kind === "said") {
    const detail = entry.detail === undefined ? [] : [element("p", { class: "detail" }, entry.detail)];
    return [...block(t.content, entry.content), ...block(t.lowered, entry.lowered), ...detail];
  }
  const error = entry.error === undefined ? [] : [element("p", { class: "detail" }, entry.error)];
  return [
    ...native(t.request, entry.request, t),
    ...(entry.response === undefined ? [] : native(t.response, entry.response, t)),
    ...error,
  ];
}

function native(title: string, { headers, body }: NativeMessage, t: Words): readonly Node[] {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [
    ...(body === "" ? [] : block(title, body)),
    ...(lines.length === 0 ? [] : block(`${title} · ${t.headers}`, lines.join("\n"))),
  ];
}

function block(title: string, value: unknown): readonly Node[] {
  const text = typeof value === "string" ? value : JSON.stringify(value, null, 2);
  return [
    element("h3", {}, title),
    element("pre", { tabindex: "0" }, ...(typeof value === "string" ? [text] : colored(text))),
  ];
}

const TOKEN = /("(?:[^"\\]|\\.)*")(\s*:)?|\b(?:true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

function colored(json: string): readonly (Node | string)[] {
  const parts: (Node | string)[] = [];
  let at = 0;
  for (const match of json.matchAll(TOKEN)) {
    const [whole, text, colon] = match;
    parts.push(json.slice(at, match.index));
    parts.push(element("span", { class: text === undefined ? "value" : colon === undefined ? "text" : "key" }, whole));
    at = match.index + whole.length;
  }
  return [...parts, json.slice(at)];
}
