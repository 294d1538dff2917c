import { Liquid, type Template } from "liquidjs";
import type { Issue } from "../core/errors.ts";
import { VARIABLES } from "./variables.ts";

/** Merchants' answers are Liquid: they know it from their shop's themes. */
export interface Templates {
  /** Fills in the variables; a variable that cannot be filled in blocks the text, and `missing` names it. */
  render(
    template: string,
    values: Readonly<Record<string, unknown>>,
  ): { readonly ok: true; readonly text: string } | { readonly ok: false; readonly missing: string };
  /** The variables a template speaks of, its own excepted; none for a plain text or one that cannot be read. */
  variables(template: string): readonly string[];
  /** What is wrong with a template, with its place; empty when nothing is. */
  check(template: string): readonly Issue[];
}

const NAMES = VARIABLES.map(({ name }) => name);
const BANNED_TAGS = ["include", "render", "layout", "block", "tablerow"];
const CACHE_SIZE = 5000;

export function createTemplates(): Templates {
  const liquid = new Liquid({
    ownPropertyOnly: true,
    strictFilters: true,
    strictVariables: true,
    lenientIf: true,
    parseLimit: 20_000,
    renderLimit: 100,
    memoryLimit: 1_000_000,
    // No template reads another: there is no file system to read from.
    templates: {},
  });
  for (const tag of BANNED_TAGS) delete liquid.tags[tag];
  const parsed = new Map<string, Template[]>();
  const parse = (template: string): Template[] => {
    let tokens = parsed.get(template);
    if (tokens === undefined) {
      tokens = liquid.parse(template);
      if (parsed.size >= CACHE_SIZE) parsed.clear();
      parsed.set(template, tokens);
    }
    return tokens;
  };

  const usedBy = (template: string): readonly string[] =>
    liquid
      .fullVariablesSync(parse(template))
      .map((name) => name.replace(/\[.*$/, ""))
      .filter((name) => !isLocal(template, name));
  const analysed = new Map<string, readonly string[]>();

  return {
    variables(template) {
      if (!template.includes("{")) return [];
      let names = analysed.get(template);
      if (names === undefined) {
        try {
          names = usedBy(template);
        } catch {
          // It cannot be rendered either, which says why.
          names = [];
        }
        if (analysed.size >= CACHE_SIZE) analysed.clear();
        analysed.set(template, names);
      }
      return names;
    },
    render(template, values) {
      if (!template.includes("{")) return { ok: true, text: template };
      try {
        return { ok: true, text: String(liquid.renderSync(parse(template), values)).trim() };
      } catch (error) {
        return { ok: false, missing: reasonOf(error) };
      }
    },
    check(template) {
      try {
        const known = new Set<string>(NAMES);
        return usedBy(template)
          .filter((name) => !known.has(name))
          .map((name) => ({
            path: "answer",
            message: `The variable ${name} does not exist; use one of ${NAMES.join(", ")}.`,
          }));
      } catch (error) {
        return [{ path: "answer", message: reasonOf(error) }];
      }
    },
  };
}

/** `assign`, `capture` and `for` make their own names. */
function isLocal(template: string, name: string): boolean {
  const root = name.split(".")[0] ?? name;
  return new RegExp(`{%-?\\s*(assign|capture|for)\\s+${root.replace(/\W/g, "")}\\b`).test(template);
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? (error.message.split("\n")[0] ?? "The template is wrong.") : "The template is wrong.";
}
