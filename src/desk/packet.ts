/** The handoff packet: all the agent would otherwise have to ask again; `desk.md` §2. */
import { answerFor } from "../core/article.ts";
import { contentText } from "../core/content.ts";
import { extractEntities } from "../core/entities.ts";
import type { Trigger } from "../core/handoff.ts";
import { nearestLocale } from "../core/language.ts";
import type { Message } from "../core/message.ts";
import { orderFacts } from "../core/order-facts.ts";
import type { Party } from "../core/ports.ts";
import type { Session } from "../core/session.ts";
import { shorten } from "../core/text.ts";
import type { Attempt, TicketContext } from "../core/ticket.ts";
import type { Deps } from "./deps.ts";

const LAST_MESSAGES = 20;
const FACTS_TIMEOUT_MS = 2500;
const SUMMARY_LENGTH = 120;

export async function packetOf(
  deps: Deps,
  input: {
    readonly party: Party;
    readonly session: Session;
    readonly trigger: Trigger;
    readonly attempts: readonly Attempt[];
    readonly locale: string;
  },
): Promise<TicketContext> {
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
  return {
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
    identityLevel: contact.level,
    suggestions: matches.matches.flatMap(({ articleId, article, score }) => {
      const rendered = deps.templates.render(answerFor(article, { locale, channel: session.channel }), {
        shop: {},
        contact,
      });
      return rendered.ok ? [{ articleId, question: article.question, answer: rendered.text, score }] : [];
    }),
    similar: past.items
      .filter((ticket) => ticket.status === "resolved")
      .slice(0, 3)
      .map((ticket) => ({ ticketId: ticket.id, number: ticket.number, summary: ticket.summary })),
    promises: [],
  };
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
