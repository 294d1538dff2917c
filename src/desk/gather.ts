/** Fetches what a decision may need. All the I/O of answering is here, so that `decide` has none. */
import { answerFor } from "../core/article.ts";
import { contentText } from "../core/content.ts";
import type { Situation } from "../core/decide.ts";
import type { KnowledgeAnswer } from "../core/knowledge.ts";
import { detectLocale, nearestLocale } from "../core/language.ts";
import { offeredChoices, resolveChoice } from "../core/lower.ts";
import type { Message } from "../core/message.ts";
import { ARTICLE_VALUE } from "../core/phrases.ts";
import type { Party } from "../core/ports.ts";
import { FLOW_TTL_MS, type Session } from "../core/session.ts";
import type { SkillInput } from "../core/skill.ts";
import type { Deps } from "./deps.ts";

/** How long a shopper waits for the shop's systems before the bot says so; `security.md` CN-4. */
const FACTS_TIMEOUT_MS = 2500;
/** A reply longer than this is no choice from a list. */
const LONGEST_CHOICE = 60;
/** Tries of a second fact, for a contact and for an order; `security.md` WD-4. */
const PROOF_TRIES = 5;
const PROOF_WINDOW_MS = 15 * 60_000;

const NOTHING: KnowledgeAnswer = { decision: "none", matches: [] };

export async function gather(
  deps: Deps,
  { message, party, session }: { readonly message: Message; readonly party: Party; readonly session: Session },
): Promise<Situation> {
  const shop = await deps.shop(message.shopId);
  const said = await readChoice(deps, message);
  const locale =
    detectLocale(said.text) ?? nearestLocale(session.language ?? party.contact.locale, nearestLocale(shop.locale));
  const flow = session.flow !== undefined && deps.now() - session.flow.askedAt < FLOW_TTL_MS ? session.flow : undefined;
  const input: SkillInput = {
    text: said.text,
    ...(said.value === undefined ? {} : { value: said.value }),
    contact: party.contact,
    locale,
    timeZone: shop.timeZone,
    now: deps.now(),
  };
  const base = {
    content: message.content,
    text: said.text,
    ...(said.value === undefined ? {} : { value: said.value }),
    session: {
      state: session.state,
      owner: session.owner,
      misses: session.misses,
      ...(flow === undefined ? {} : { flow }),
    },
    contact: party.contact,
    locale,
    settings: shop.rules,
  };
  if (flow !== undefined) {
    const outcome = await askSkill(deps, flow.skill, { ...input, flow });
    if (outcome !== undefined && outcome.kind !== "pass")
      return { ...base, knowledge: NOTHING, skill: { name: flow.skill, outcome } };
  }
  const knowledge = await match(deps, message, said, locale);
  const best = knowledge.matches[0];
  if (knowledge.decision !== "answer" || best === undefined) return { ...base, knowledge };
  const skillName = best.article.skill;
  const outcome = skillName === undefined ? undefined : await askSkill(deps, skillName, input);
  const rendered = deps.templates.render(answerFor(best.article, { locale, channel: message.channel }), {
    shop: { name: shop.name, hours: shop.rules.hours },
    contact: party.contact.name === undefined ? {} : { name: party.contact.name },
  });
  if (!rendered.ok)
    deps.log.warn(
      { articleId: best.articleId, missing: rendered.missing },
      "an answer was held back: a variable could not be filled in",
    );
  return {
    ...base,
    knowledge,
    ...(rendered.ok ? { rendered: rendered.text } : {}),
    ...(skillName === undefined || outcome === undefined
      ? {}
      : { skill: { name: skillName, outcome, articleId: best.articleId } }),
  };
}

/** A "2" or a label after a list of choices reads as the choice; so does a tapped button. */
async function readChoice(deps: Deps, message: Message): Promise<{ readonly text: string; readonly value?: string }> {
  const text = contentText(message.content);
  if (message.content.type === "text" && message.content.value !== undefined)
    return { text, value: message.content.value };
  if (message.content.type === "order") return { text, value: `order:${message.content.orderId}` };
  if (message.content.type !== "text" || text.length > LONGEST_CHOICE) return { text };
  const offered = await deps.store.lastSaid(message.conversationId);
  const choice = offered === undefined ? undefined : resolveChoice(text, offeredChoices(offered.content));
  return choice === undefined ? { text } : { text: choice.label, value: choice.value };
}

async function match(
  deps: Deps,
  { shopId, contactId }: Pick<Message, "shopId" | "contactId">,
  said: { readonly text: string; readonly value?: string },
  locale: string,
): Promise<KnowledgeAnswer> {
  if (said.value?.startsWith(ARTICLE_VALUE)) {
    const articleId = said.value.slice(ARTICLE_VALUE.length);
    const told = await deps.knowledge.told({ shopId, articleId, contactId, now: deps.now() });
    if (told !== undefined) {
      const why = [{ term: said.text, via: "exact", weight: 1 }];
      return { decision: "answer", matches: [{ ...told, score: 1, why }] };
    }
  }
  if (said.text.trim() === "") return NOTHING;
  return deps.knowledge.match({ shopId, text: said.text, locale, contactId, limit: 5, now: deps.now() });
}

async function askSkill(deps: Deps, name: string, input: SkillInput) {
  const skill = deps.skills.find((one) => one.name === name);
  if (skill === undefined) {
    deps.log.warn({ skill: name }, "an article names a skill that is not installed");
    return undefined;
  }
  try {
    const facts = await skill.gather(input, {
      commerce: deps.commerce,
      signal: AbortSignal.timeout(FACTS_TIMEOUT_MS),
      tryProof: (orderId) => tryProof(deps, input.contact, orderId),
    });
    return skill.answer(input, facts);
  } catch (error) {
    deps.log.warn({ err: error, skill: name }, "a skill failed");
    return { kind: "failed" as const, detail: "The skill failed." };
  }
}

async function tryProof(deps: Deps, contact: SkillInput["contact"], orderId: string): Promise<boolean> {
  const window = { now: deps.now(), windowMs: PROOF_WINDOW_MS };
  const [byContact, byOrder] = await Promise.all([
    deps.store.countTry(`proof:contact:${contact.id}`, window),
    deps.store.countTry(`proof:order:${contact.shopId}:${orderId}`, window),
  ]);
  return byContact <= PROOF_TRIES && byOrder <= PROOF_TRIES;
}
