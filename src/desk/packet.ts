/** The handoff packet: all the agent would otherwise have to ask again; `desk.md` §2. */
import { audienceOf } from "../core/article.ts";
import { contentText } from "../core/content.ts";
import { extractEntities } from "../core/entities.ts";
import type { Trigger } from "../core/handoff.ts";
import { levelHere } from "../core/identity.ts";
import type { ArticleMatch } from "../core/knowledge.ts";
import { nearestLocale } from "../core/language.ts";
import type { Message } from "../core/message.ts";
import { orderFacts } from "../core/order-facts.ts";
import type { Party } from "../core/ports.ts";
import type { Session } from "../core/session.ts";
import { shorten } from "../core/text.ts";
import type { Attempt, Suggestion, TicketContext } from "../core/ticket.ts";
import { toneFor } from "../core/tone.ts";
import type { Deps } from "./deps.ts";
import { renderAnswer } from "./render-answer.ts";

const LAST_MESSAGES = 20;
const FACTS_TIMEOUT_MS = 2500;
const SUMMARY_LENGTH = 120;

interface Packet {
  readonly party: Party;
  readonly session: Session;
  readonly trigger: Trigger;
  readonly attempts: readonly Attempt[];
  readonly locale: string;
}

export async function packetOf(deps: Deps, input: Packet): Promise<TicketContext> {
  return (await packetAndGuide(deps, input)).context;
}

/** With what the shopper may read meanwhile: the best article, when it is at least a suggestion and was not told already. */
export async function packetAndGuide(
  deps: Deps,
  input: Packet,
): Promise<{ readonly context: TicketContext; readonly guide?: Suggestion }> {
  const { party, session, trigger, locale } = input;
  const { contact } = party;
  const recent = (await deps.store.recentMessages(contact.id, LAST_MESSAGES)).filter(
    (message) => message.sessionId === session.id,
  );
  const asked = recent.filter((message) => message.direction === "inbound" && contentText(message.content) !== "");
  const words = asked.map((message) => contentText(message.content)).join("\n");
  const question = questionOf(asked, trigger);
  const [orders, customer, past, matches] = await Promise.all([
    knownOrders(deps, party),
    knownCustomer(deps, party),
    deps.store.tickets(contact.shopId, { contactId: contact.id, limit: 20 }),
    deps.knowledge.match({ shopId: contact.shopId, text: question, locale, limit: 3, now: deps.now() }),
  ]);
  const entities = extractEntities(words);
  const suggestions = await suggestionsOf(deps, { matches: matches.matches, party, session, locale, words: question });
  const best = matches.decision === "none" ? undefined : matches.matches[0]?.articleId;
  // Whoever asked for a person and nothing else is not told what the wish itself looks like.
  const onlyWished = trigger.code === "ask_human" && question === trigger.words;
  const told = recent.some((message) => message.direction === "outbound" && message.articleId === best);
  const guide =
    told || trigger.code === "risk_word" || onlyWished
      ? undefined
      : suggestions.find(({ articleId }) => articleId === best);
  const context: TicketContext = {
    reason: { code: trigger.code, words: shorten(trigger.words, 200) },
    summary: shorten(
      question || contentText(asked.at(-1)?.content ?? { type: "text", text: trigger.words }),
      SUMMARY_LENGTH,
    ),
    messages: recent.map((message) => message.id),
    attempts: dedupe([...(await earlierAttempts(deps, recent, input.attempts)), ...input.attempts]),
    entities: {
      orderIds: entities.orderIds,
      trackingNumbers: entities.trackingNumbers,
      products: asked.flatMap(({ content }) => (content.type === "product" ? [content.title] : [])),
      phones: entities.phones,
    },
    orders,
    profile: {
      ...(contact.name === undefined ? {} : { name: contact.name }),
      ...(customer?.tier === undefined ? {} : { tier: customer.tier }),
      ...(customer?.since === undefined ? {} : { memberSince: customer.since }),
      tags: [...new Set([...contact.tags, ...(customer?.tags ?? [])])],
      pastTickets: past.items.length,
    },
    language: nearestLocale(session.language ?? locale),
    mood: trigger.mood,
    urgency: trigger.priority,
    identityLevel: levelHere(contact, party.identity),
    suggestions,
    similar: past.items
      .filter((ticket) => ticket.status === "resolved")
      .slice(0, 3)
      .map((ticket) => ({ ticketId: ticket.id, number: ticket.number, summary: ticket.summary })),
    promises: [],
  };
  return { context, ...(guide === undefined ? {} : { guide }) };
}

/** What the bot would say, with the contact's own facts in it; what cannot be filled in is not suggested. */
async function suggestionsOf(
  deps: Deps,
  input: {
    readonly matches: readonly ArticleMatch[];
    readonly party: Party;
    readonly session: Session;
    readonly locale: string;
    readonly words: string;
  },
): Promise<readonly Suggestion[]> {
  const { party, session, locale } = input;
  const shop = await deps.shop(session.shopId);
  const contact = { ...party.contact, level: levelHere(party.contact, party.identity) };
  const at = { locale, channel: session.channel };
  const suggested = await Promise.all(
    input.matches.map(async ({ articleId, article, score }): Promise<readonly Suggestion[]> => {
      const rendered = await renderAnswer(deps, {
        article,
        to: { ...at, audience: audienceOf(contact) },
        place: {
          shop: { name: shop.name, hours: shop.rules.hours },
          contact,
          tone: toneFor(shop.rules.tone, { ...at, inboxId: session.inboxId }),
          locale,
          timeZone: shop.timeZone,
          now: deps.now(),
          text: input.words,
        },
        signal: AbortSignal.timeout(FACTS_TIMEOUT_MS),
      });
      return rendered.ok ? [{ articleId, question: article.question, answer: rendered.text, score }] : [];
    }),
  );
  return suggested.flat();
}

/** What they really want: the last question before the wish for a person. */
function questionOf(asked: readonly Message[], trigger: Trigger): string {
  const questions = asked.map((message) => contentText(message.content)).filter((text) => text !== trigger.words);
  return questions.at(-1) ?? trigger.words;
}

/** What the bot said earlier in this session, by the question each article answers. */
async function earlierAttempts(deps: Deps, recent: readonly Message[], now: readonly Attempt[]): Promise<Attempt[]> {
  const known = new Set(now.map((attempt) => attempt.articleId));
  const earlier = recent.filter((message) => message.articleId !== undefined && !known.has(message.articleId));
  return Promise.all(
    earlier.map(async ({ articleId = "", articleVersion, score, shopId }) => ({
      articleId,
      question: (await deps.store.article(shopId, articleId))?.question ?? articleId,
      score: score ?? 0,
      shown: true,
      ...(articleVersion === undefined ? {} : { version: articleVersion }),
    })),
  );
}

function dedupe(attempts: readonly Attempt[]): Attempt[] {
  return [...new Map(attempts.map((attempt) => [attempt.articleId, attempt])).values()];
}

/** Only a proven customer's orders; one failing call never holds up the handoff. */
async function knownOrders(deps: Deps, { contact }: Party) {
  if (contact.level !== "verified" || contact.memberId === undefined) return [];
  try {
    return await orderFacts(
      deps.commerce,
      { shopId: contact.shopId, memberId: contact.memberId },
      { signal: AbortSignal.timeout(FACTS_TIMEOUT_MS) },
    );
  } catch (error) {
    deps.log.warn({ err: error }, "the orders could not be fetched for a handoff");
    return [];
  }
}

async function knownCustomer(deps: Deps, { contact }: Party) {
  if (contact.level !== "verified" || contact.memberId === undefined) return undefined;
  try {
    const facts = await deps.commerce.customer(
      { shopId: contact.shopId, memberId: contact.memberId },
      { signal: AbortSignal.timeout(FACTS_TIMEOUT_MS) },
    );
    return facts.value;
  } catch (error) {
    deps.log.warn({ err: error }, "the customer could not be fetched for a handoff");
    return undefined;
  }
}
