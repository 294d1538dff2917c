import type { Facts, Order, Shipment } from "../core/commerce.ts";
import type { SkillInput, SkillSources } from "../core/skill.ts";
import { provenMember, readTurn, type Turn } from "./order-turn.ts";

/** What a skill about orders knows before it answers. */
export interface OrderFacts {
  /** The contact's own orders, newest first; absent for one the shop has not proven. */
  readonly own?: Facts<readonly Order[]>;
  /** The order asked for by number, whoever owns it: only `openedOrder` may decide to speak of it. */
  readonly named?: Facts<Order | undefined>;
  /** Of the one order to be spoken of. */
  readonly shipments?: Facts<readonly Shipment[]>;
  /** The contact or the order had all its tries: nothing was looked up. */
  readonly limited?: boolean;
}

/** Which of a proven contact's orders a matter may be about, likeliest first; empty only when there are none. */
export type Candidates = (orders: readonly Order[], input: SkillInput) => readonly Order[];

export async function gatherOrders(
  skill: { readonly name: string; readonly candidates: Candidates },
  input: SkillInput,
  sources: SkillSources,
): Promise<OrderFacts> {
  const turn = readTurn(skill.name, input);
  const facts = await lookUp(turn, input, sources);
  const order = openedOrder(turn, facts, input) ?? onlyCandidate(turn, facts, input, skill.candidates);
  if (order === undefined || order.trackingNumbers.length === 0) return facts;
  const shipments = await sources.commerce.shipmentsOf(order.orderId, withSignal(sources));
  return { ...facts, shipments };
}

async function lookUp(turn: Turn, input: SkillInput, sources: SkillSources): Promise<OrderFacts> {
  const { commerce, tryProof } = sources;
  const options = withSignal(sources);
  const memberId = provenMember(input);
  if (turn.kind === "prove") {
    // One spelling, as `sameId` compares: `xe1` and `XE1` share their tries.
    if (tryProof !== undefined && !(await tryProof(turn.orderId.toUpperCase()))) return { limited: true };
    return { named: await commerce.order(turn.orderId, options) };
  }
  if (memberId === undefined || (turn.kind !== "own" && turn.kind !== "named")) return {};
  const own = await commerce.ordersOf({ shopId: input.contact.shopId, memberId }, options);
  if (turn.kind === "own" || findOwn(own.value, turn.orderId) !== undefined) return { own };
  return { own, named: await commerce.order(turn.orderId, options) };
}

/**
 * The order the message names, if the contact may see it: their own by the shop's proof, or any whose recipient's phone ends in
 * the digits they gave. Someone else's order and one that does not exist look the same from here on.
 */
export function openedOrder(turn: Turn, facts: OrderFacts, input: SkillInput): Order | undefined {
  const named = facts.named?.value;
  if (turn.kind === "named") {
    const own = findOwn(facts.own?.value ?? [], turn.orderId);
    if (own !== undefined) return own;
    const memberId = provenMember(input);
    return memberId !== undefined && named?.memberId === memberId ? named : undefined;
  }
  if (turn.kind !== "prove" || named === undefined) return undefined;
  const digits = (named.recipient?.phone ?? "").replace(/\D/g, "");
  return digits.slice(-4) === turn.fact && sameId(named.orderId, turn.orderId) ? named : undefined;
}

export function onlyCandidate(
  turn: Turn,
  facts: OrderFacts,
  input: SkillInput,
  candidates: Candidates,
): Order | undefined {
  if (turn.kind !== "own") return undefined;
  const found = candidates(facts.own?.value ?? [], input);
  return found.length === 1 ? found[0] : undefined;
}

function findOwn(orders: readonly Order[], number: string): Order | undefined {
  return orders.find(
    (order) => sameId(order.orderId, number) || order.trackingNumbers.some((tracking) => sameId(tracking, number)),
  );
}

const sameId = (a: string, b: string) => a.toUpperCase() === b.toUpperCase();

function withSignal({ signal }: SkillSources) {
  return signal === undefined ? {} : { signal };
}
