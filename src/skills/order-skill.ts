import type { Facts, Freshness, Order, Shipment } from "../core/commerce.ts";
import type { Content } from "../core/content.ts";
import { nearestLocale } from "../core/language.ts";
import { defineSkill, PERSON_VALUE, type Skill, type SkillInput, type SkillOutcome } from "../core/skill.ts";
import { shorten } from "../core/text.ts";
import { createFormat, type Format } from "./format.ts";
import { type Candidates, gatherOrders, type OrderFacts, onlyCandidate, openedOrder } from "./order-facts.ts";
import { orderValue, readTurn, type Turn } from "./order-turn.ts";
import { type Phrases, phrasesFor } from "./phrases.ts";

/** Tries to open an order with a second fact before a person takes over (`security.md` WD-4). */
const MOST_TRIES = 5;
const MOST_CHOICES = 5;

/** One order, ready to be spoken of. */
export interface Spoken {
  readonly order: Order;
  /** Absent when the order was never sent; `unavailable` when the carrier could not be asked. */
  readonly shipments?: Facts<readonly Shipment[]>;
  readonly input: SkillInput;
  readonly phrases: Phrases;
  readonly format: Format;
  /** The shopper's first words, when this message only answered a question of the skill. */
  readonly words: string;
}

/** What a matter says of one order; `offerPerson` adds the button to reach one. */
export interface Said {
  readonly text: string;
  readonly offerPerson?: boolean;
  /** Show the order's card below. @default true */
  readonly card?: boolean;
  /** Replaces the plain saying: a further question or a handoff. The freshness line is put before its first text. */
  readonly outcome?: (contents: readonly Content[]) => SkillOutcome;
}

/** A matter about orders: which ones it may concern, and what is said of the one it does. */
export interface OrderMatter {
  readonly name: string;
  readonly title: Skill["title"];
  readonly candidates: Candidates;
  describe(spoken: Spoken): Said;
}

/**
 * Makes a skill of a matter about orders. Finding the order is the same for all: a proven contact is never asked for a number and
 * picks when there are several; an unproven one gives the number and the last four digits of the recipient's phone.
 */
export function orderSkill(matter: OrderMatter): Skill<OrderFacts> {
  return defineSkill({
    name: matter.name,
    title: matter.title,
    gather: (input, sources) => gatherOrders(matter, input, sources),
    answer: (input, facts) => answerOrders(matter, input, facts),
  });
}

function answerOrders(matter: OrderMatter, input: SkillInput, facts: OrderFacts): SkillOutcome {
  const turn = readTurn(matter.name, input);
  const asking = createAsking(matter.name, input);
  if (turn.kind === "pass") return { kind: "pass" };
  if (turn.kind === "ask-order") return asking.askOrder();
  if (turn.kind === "ask-fact") return asking.askFact(turn.orderId);
  if (facts.limited === true) return asking.tooManyTries();

  const order = openedOrder(turn, facts, input) ?? onlyCandidate(turn, facts, input, matter.candidates);
  const source = sourceOf(turn, order, facts);
  if (source === undefined || source.freshness.state === "unavailable") {
    return { kind: "failed", detail: "The shop's order system could not be reached." };
  }
  if (order !== undefined) return sayOrder(matter, { order, source, input, facts });
  if (turn.kind === "prove") return asking.notProven(turn.orderId);
  if (turn.kind === "named") return asking.notTheirs(turn.orderId);
  const choices = matter.candidates(facts.own?.value ?? [], input);
  return choices.length === 0 ? asking.noOrders() : asking.pick(choices, source.freshness);
}

/** The answer the order, or its absence, was read from. */
function sourceOf(turn: Turn, order: Order | undefined, facts: OrderFacts): Facts<unknown> | undefined {
  const fromOwn = order !== undefined && (facts.own?.value.includes(order) ?? false);
  if (turn.kind === "own" || fromOwn) return facts.own;
  return facts.named;
}

function sayOrder(
  matter: OrderMatter,
  { order, source, input, facts }: { order: Order; source: Facts<unknown>; input: SkillInput; facts: OrderFacts },
): SkillOutcome {
  const phrases = phrasesFor(nearestLocale(input.locale), input.tone);
  const format = createFormat({ ...input, locale: nearestLocale(input.locale) });
  const words = input.flow?.skill === matter.name ? (input.flow.slots.words ?? input.text) : input.text;
  const { shipments } = facts;
  const said = matter.describe({ order, input, phrases, format, words, ...(shipments && { shipments }) });
  const known = shipments === undefined || shipments.freshness.state === "unavailable" ? [] : [shipments.freshness];
  const text = [freshnessLine([source.freshness, ...known], phrases, format), said.text].filter(Boolean).join("\n");
  const contents: Content[] = [{ type: "text", text }];
  if (said.card !== false) contents.push(orderCard(order, phrases));
  if (said.offerPerson === true) contents.push(personChoice(phrases));
  return said.outcome?.(contents) ?? { kind: "say", contents, orderIds: [order.orderId] };
}

/** Says how old the facts are, by the worst of them; nothing when all were just asked. */
export function freshnessLine(
  parts: readonly Freshness[],
  phrases: Pick<Phrases, "cachedAt" | "staleAt">,
  format: Pick<Format, "clock">,
): string | undefined {
  const aged = parts.filter((part) => part.state !== "live");
  const oldest = aged.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at))[0];
  if (oldest === undefined) return undefined;
  const isStale = aged.some((part) => part.state !== "cached");
  return (isStale ? phrases.staleAt : phrases.cachedAt)(format.clock(oldest.at));
}

export function orderCard(order: Order, phrases: Pick<Phrases, "status">): Content {
  return {
    type: "order",
    orderId: order.orderId,
    status: phrases.status[order.status],
    items: order.items.map(({ title, quantity }) => ({ title, quantity })),
    total: order.total,
    ...(order.url !== undefined && { url: order.url }),
  };
}

function personChoice(phrases: Phrases): Content {
  return {
    type: "choices",
    text: phrases.offerPerson,
    choices: [{ label: phrases.person, value: PERSON_VALUE }],
  };
}

/** The skill's own questions and refusals, in the shopper's language. */
function createAsking(skill: string, input: SkillInput) {
  const phrases = phrasesFor(nearestLocale(input.locale), input.tone);
  const format = createFormat({ ...input, locale: nearestLocale(input.locale) });
  const before = input.flow?.skill === skill ? input.flow.slots : {};
  const slots = { words: input.text.slice(0, 500), ...before };
  const ask = (text: string, step: string, more: Readonly<Record<string, string>> = {}): SkillOutcome => ({
    kind: "say",
    contents: [{ type: "text", text }],
    flow: { skill, step, slots: { ...slots, ...more }, askedAt: input.now },
  });
  const tooManyTries = (): SkillOutcome => ({
    kind: "handoff",
    code: "policy",
    words: slots.words,
    contents: [{ type: "text", text: phrases.tooManyTries }],
  });
  return {
    askOrder: () => ask(phrases.askOrder, "ask-order"),
    askFact: (orderId: string) => ask(phrases.askFact(orderId), "ask-fact", { orderId }),
    tooManyTries,
    notProven(orderId: string): SkillOutcome {
      const tries = (Number(before.tries) || 0) + 1;
      return tries >= MOST_TRIES
        ? tooManyTries()
        : ask(phrases.notFound, "ask-fact", { orderId, tries: String(tries) });
    },
    notTheirs: (orderId: string): SkillOutcome => ({
      kind: "say",
      contents: [{ type: "text", text: phrases.notYours(orderId) }, personChoice(phrases)],
    }),
    noOrders: (): SkillOutcome => ({
      kind: "say",
      contents: [{ type: "text", text: phrases.noOrders }, personChoice(phrases)],
    }),
    pick(orders: readonly Order[], freshness: Freshness): SkillOutcome {
      const shown = orders.slice(0, MOST_CHOICES);
      const text = [freshnessLine([freshness], phrases, format), phrases.pick(orders.length)]
        .filter(Boolean)
        .join("\n");
      return {
        kind: "say",
        contents: [{ type: "choices", text, choices: shown.map((order) => toChoice(order, phrases)) }],
        flow: {
          skill,
          step: "pick",
          slots: { ...slots, orders: shown.map((order) => order.orderId).join(",") },
          askedAt: input.now,
        },
      };
    },
  };
}

const LABEL_LENGTH = 24;

/** `云感亚麻衬衫 等 2 件 · 已发货`: the status is never what gets cut. */
function toChoice(order: Order, phrases: Phrases) {
  const status = ` · ${phrases.status[order.status]}`;
  const label = `${shorten(itemsOf(order, phrases), Math.max(8, LABEL_LENGTH - status.length))}${status}`;
  return { label, value: orderValue(order.orderId) };
}

/** `云感亚麻衬衫 等 3 件`. */
export function itemsOf(order: Order, phrases: Pick<Phrases, "items">): string {
  const pieces = order.items.reduce((sum, item) => sum + item.quantity, 0);
  return phrases.items(order.items[0]?.title ?? order.orderId, { pieces, kinds: order.items.length });
}
