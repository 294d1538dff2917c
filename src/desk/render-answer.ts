/** An article's words with its variables filled in, or what is said in their place: never a raw or an outdated one. */
import { phrases } from "../core/phrases.ts";
import type { Deps } from "./deps.ts";
import { factValues, needsProof, type VariablePlace, valuesHere } from "./variables.ts";

export type RenderedAnswer =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly missing: string; readonly fallback: string };

export async function renderAnswer(
  deps: Pick<Deps, "templates" | "commerce">,
  input: {
    readonly template: string;
    /** The article's own fallback. */
    readonly fallback?: string;
    readonly place: VariablePlace;
    readonly signal: AbortSignal;
  },
): Promise<RenderedAnswer> {
  const { template, place, signal } = input;
  const names = deps.templates.variables(template);
  const rendered = deps.templates.render(template, await factValues(deps.commerce, names, place, signal));
  if (rendered.ok) return rendered;
  const own = input.fallback === undefined ? undefined : deps.templates.render(input.fallback, valuesHere(place));
  if (own?.ok === true && own.text !== "") return { ...rendered, fallback: own.text };
  const lines = phrases(place.locale, place.tone);
  const unproven = place.contact.level !== "verified" && needsProof(names);
  return { ...rendered, fallback: unproven ? lines.unproven : lines.unavailable };
}
