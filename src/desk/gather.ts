/** Fetches what a decision may need. All the I/O of answering is here, so that `decide` has none. */
import { type AnswerPlace, type ArticleDraft, audienceOf } from "../core/article.ts";
import { type Content, contentText } from "../core/content.ts";
import type { Situation } from "../core/decide.ts";
import { flowIdOf } from "../core/flow.ts";
import { wantsPerson } from "../core/handoff.ts";
import { levelHere } from "../core/identity.ts";
import type { ArticleMatch, KnowledgeAnswer } from "../core/knowledge.ts";
import { detectLocale, nearestLocale } from "../core/language.ts";
import { offeredChoices, resolveChoice } from "../core/lower.ts";
import { isFileContent, writtenText } from "../core/media.ts";
import type { Message } from "../core/message.ts";
import { ARTICLE_VALUE, phrases } from "../core/phrases.ts";
import type { Party } from "../core/ports.ts";
import { FLOW_TTL_MS, type Flow, type Session } from "../core/session.ts";
import type { ShopSettings } from "../core/shop.ts";
import { PERSON_VALUE, type SkillInput } from "../core/skill.ts";
import { type Tone, toneFor } from "../core/tone.ts";
import { type Turn, turnsOf } from "../core/unhappy.ts";
import type { Deps } from "./deps.ts";
import { countOnDuty, keptLine } from "./duty.ts";
import { renderAnswer } from "./render-answer.ts";
import { type FlowContext, startFlow, takeFlowTurn } from "./take-flow-turn.ts";

/** How long a shopper waits for the shop's systems before the bot says so; `security.md` CN-4. */
const FACTS_TIMEOUT_MS = 2500;
/** A reply longer than this is no choice from a list. */
const LONGEST_CHOICE = 60;
/** Tries of a second fact, for a contact and for an order; `security.md` WD-4. */
const PROOF_TRIES = 5;
const PROOF_WINDOW_MS = 15 * 60_000;

/** Enough to hold the last two questions with what was told to them. */
const TALK_BEFORE = 12;

const NOTHING: KnowledgeAnswer = { decision: "none", matches: [] };

export async function gather(
  deps: Deps,
  { message, party, session }: { readonly message: Message; readonly party: Party; readonly session: Session },
): Promise<Situation> {
  const shop = await deps.shop(message.shopId);
  const contact = { ...party.contact, level: levelHere(party.contact, party.identity) };
  const said = await readChoice(deps, message);
  const { content } = message;
  const locale =
    detectLocale(isFileContent(content) ? writtenText(content) : said.text) ??
    nearestLocale(session.language ?? party.contact.locale, nearestLocale(shop.locale));
  const tone = toneFor(shop.rules.tone, { inboxId: message.inboxId, channel: message.channel, locale });
  const flow = await flowInProgress(deps, message.shopId, session.flow);
  const input: SkillInput = {
    text: said.text,
    ...(said.value === undefined ? {} : { value: said.value }),
    contact,
    locale,
    tone,
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
    contact,
    locale,
    tone,
    settings: shop.rules,
    earlier: { turns: await turnsBefore(deps, message, session), at: message.at },
    ...(await waitingLine(deps, { session, said, locale, tone })),
  };
  const tell = (article: ArticleDraft) =>
    renderAnswer(deps, {
      article,
      to: placeOf(message, party, shop, locale),
      place: { ...input, shop: { name: shop.name, hours: shop.rules.hours }, tone },
      signal: AbortSignal.timeout(FACTS_TIMEOUT_MS),
    });
  const context: FlowContext = {
    input,
    vip: party.contact.vip,
    askSkill: (name, given) => askSkill(deps, name, given),
    signal: AbortSignal.timeout(FACTS_TIMEOUT_MS),
    async tell(articleId) {
      const told = await deps.knowledge.told({
        shopId: message.shopId,
        articleId,
        contactId: message.contactId,
        now: deps.now(),
      });
      if (told === undefined) return undefined;
      const rendered = await tell(told.article);
      const contents: readonly Content[] = rendered.ok
        ? rendered.contents
        : [{ type: "text", text: rendered.fallback }];
      return { contents, version: told.version };
    },
  };
  const flowId = flowIdOf(flow?.skill);
  if (flow !== undefined && flowId !== undefined && session.state === "bot") {
    const definition = await deps.flows.get(message.shopId, flowId);
    const taken = definition === undefined ? undefined : await takeFlowTurn(deps, definition, flow, context);
    if (taken !== undefined) {
      const { turn, maybeElse, resume } = taken;
      const knowledge = maybeElse ? await match(deps, message, said, locale) : NOTHING;
      const best = knowledge.matches[0];
      if (knowledge.decision !== "answer" || best === undefined || flowIdOf(best.article.skill) === flowId)
        return { ...base, knowledge: NOTHING, declared: turn };
      return { ...base, knowledge, ...(await answerOf(deps, { best, tell, context })), resume };
    }
  } else if (flow !== undefined && flowId === undefined) {
    const outcome = await askSkill(deps, flow.skill, { ...input, flow });
    if (outcome !== undefined && outcome.kind !== "pass")
      return { ...base, knowledge: NOTHING, skill: { name: flow.skill, outcome } };
  }
  const knowledge = await match(deps, message, said, locale);
  const best = knowledge.matches[0];
  if (knowledge.decision !== "answer" || best === undefined) return { ...base, knowledge };
  const begins = session.state === "bot";
  return { ...base, knowledge, ...(await answerOf(deps, { best, tell, context, begins })) };
}

/** What was asked and told before; nothing, and nothing read, for the first words of a session. */
async function turnsBefore(deps: Deps, message: Message, session: Session): Promise<readonly Turn[]> {
  if (session.state !== "bot" || session.openedAt >= message.at) return [];
  const recent = await deps.store.recentMessages(message.contactId, TALK_BEFORE);
  return turnsOf(
    recent.filter(({ id, sessionId, seq }) => sessionId === session.id && id !== message.id && seq < message.seq),
  );
}

/** Whoever asks for a person again while nobody is on duty hears again what was promised. */
async function waitingLine(
  deps: Deps,
  input: {
    readonly session: Session;
    readonly said: { readonly text: string; readonly value?: string };
    readonly locale: string;
    readonly tone: Tone;
  },
): Promise<Pick<Situation, "waiting">> {
  const { session, said, locale, tone } = input;
  const { shopId, ticketId } = session;
  if (session.state !== "queued" || ticketId === undefined) return {};
  if (said.value !== PERSON_VALUE && !wantsPerson(said.text)) return {};
  const [ticket, shop, onDuty] = await Promise.all([
    deps.store.ticket(shopId, ticketId),
    deps.shop(shopId),
    countOnDuty(deps, shopId),
  ]);
  if (ticket === undefined || onDuty > 0) return {};
  const now = deps.now();
  const dueAt = Date.parse(ticket.context.promises.at(-1)?.dueAt ?? "");
  const promised = { number: ticket.number, dueAt: dueAt > now ? dueAt : undefined };
  return { waiting: keptLine(phrases(locale, tone), promised, { now, locale, zone: shop.timeZone }) };
}

/** What the best match has to say: its flow's first question, its skill's answer, or its own text. */
async function answerOf(
  deps: Deps,
  {
    best,
    tell,
    context,
    begins = true,
  }: {
    readonly best: ArticleMatch;
    readonly tell: (article: ArticleDraft) => ReturnType<typeof renderAnswer>;
    readonly context: FlowContext;
    readonly begins?: boolean;
  },
): Promise<Pick<Situation, "skill" | "declared" | "rendered" | "fallback">> {
  const { skill: name } = best.article;
  const flowId = flowIdOf(name);
  if (flowId !== undefined && begins) {
    const flow = await deps.flows.get(context.input.contact.shopId, flowId);
    if (flow !== undefined)
      return { declared: { ...(await startFlow(deps, flow, context)), articleId: best.articleId } };
    deps.log.warn({ flow: flowId, articleId: best.articleId }, "an article names a flow that does not exist");
  }
  const outcome = name === undefined || flowId !== undefined ? undefined : await askSkill(deps, name, context.input);
  const skill =
    name === undefined || outcome === undefined ? {} : { skill: { name, outcome, articleId: best.articleId } };
  // Where the skill has spoken the text is not needed, nor the facts in it.
  if (outcome?.kind === "say" || outcome?.kind === "handoff") return skill;
  const rendered = await tell(best.article);
  if (rendered.ok) return { ...skill, rendered: rendered.contents };
  deps.log.warn(
    { articleId: best.articleId, missing: rendered.missing },
    "an answer was held back: a variable could not be filled in",
  );
  return { ...skill, fallback: rendered.fallback };
}

/** What is asked and not over yet; a declared flow says itself how long it waits. */
async function flowInProgress(deps: Deps, shopId: string, flow: Flow | undefined): Promise<Flow | undefined> {
  if (flow === undefined) return undefined;
  const flowId = flowIdOf(flow.skill);
  const declared = flowId === undefined ? undefined : await deps.flows.get(shopId, flowId);
  const ttlMs = declared === undefined ? FLOW_TTL_MS : declared.timeoutMinutes * 60_000;
  return deps.now() - flow.askedAt < ttlMs ? flow : undefined;
}

/** Who is told, where, and what the shop does with a translation that is behind. */
const placeOf = (
  { channel }: Pick<Message, "channel">,
  { contact }: Party,
  { rules }: { readonly rules: Pick<ShopSettings, "staleTranslations"> },
  locale: string,
): AnswerPlace => ({ locale, channel, audience: audienceOf(contact), staleTranslations: rules.staleTranslations });

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
