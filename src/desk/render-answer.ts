/** What an article says here and now: its variables filled in, or what is said in their place; never a raw or an outdated one. */
import { answerContents } from "../core/answer-parts.ts";
import { type AnswerPlace, type ArticleDraft, type PickedAnswer, pickAnswer } from "../core/article.ts";
import type { Content } from "../core/content.ts";
import { nearestLocale } from "../core/language.ts";
import { phrases } from "../core/phrases.ts";
import { orderCard } from "../skills/order-skill.ts";
import { phrasesFor } from "../skills/phrases.ts";
import type { Deps } from "./deps.ts";
import { factsFor, needsProof, tierOf, type VariablePlace, valuesHere } from "./variables.ts";

export type RenderedAnswer = { readonly picked: PickedAnswer } & (
  | {
      readonly ok: true;
      readonly text: string;
      /** The words and what goes with them, as they are sent. */
      readonly contents: readonly Content[];
    }
  | { readonly ok: false; readonly missing: string; readonly fallback: string }
);

export interface RenderInput {
  readonly article: ArticleDraft;
  readonly to: AnswerPlace;
  readonly place: VariablePlace;
  readonly signal: AbortSignal;
}

export async function renderAnswer(
  deps: Pick<Deps, "templates" | "commerce">,
  input: RenderInput,
): Promise<RenderedAnswer> {
  const { article, place, signal } = input;
  const picked = pickAnswer(article, { ...input.to, audience: await audienceFor(deps, input) });
  const names = deps.templates.variables(picked.text);
  const wanted = { names, orderCard: article.orderCard === true };
  const { values, order } = await factsFor(deps.commerce, wanted, place, signal);
  const rendered = deps.templates.render(picked.text, values);
  if (rendered.ok) {
    const card =
      order === undefined || !wanted.orderCard
        ? {}
        : { order: orderCard(order, phrasesFor(nearestLocale(place.locale), place.tone)) };
    const contents = answerContents({ ...picked, ...card, text: rendered.text, title: article.question });
    return { ...rendered, picked, contents };
  }
  const own = article.fallback === undefined ? undefined : deps.templates.render(article.fallback, valuesHere(place));
  if (own?.ok === true && own.text !== "") return { ...rendered, picked, fallback: own.text };
  const lines = phrases(place.locale, place.tone);
  const unproven = place.contact.level !== "verified" && needsProof(names);
  return { ...rendered, picked, fallback: unproven ? lines.unproven : lines.unavailable };
}

/** The tags on the contact's card, and the member tier where a variant may be meant for it. */
async function audienceFor(deps: Pick<Deps, "commerce">, { article, to, place, signal }: RenderInput) {
  const tags = to.audience ?? [];
  const known = new Set(tags.map((tag) => tag.toLowerCase()));
  const asks = article.answers.some(({ audience }) => audience !== undefined && !known.has(audience.toLowerCase()));
  const tier = asks ? await tierOf(deps.commerce, place, signal) : undefined;
  return tier === undefined ? tags : [...tags, tier];
}
