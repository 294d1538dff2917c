import type { Order, Shipment } from "../core/commerce.ts";
import type { Said, Spoken } from "./order-skill.ts";
import { itemsOf } from "./order-skill.ts";
import { isHurrying, isNotReceived } from "./order-words.ts";
import type { Named } from "./phrases.ts";

/** The state of one order in words: what was done, when, and where the parcel was last seen. */
export function describeState(spoken: Spoken, { nodes }: { readonly nodes: number }): Said {
  const { order, words, phrases } = spoken;
  switch (order.status) {
    case "pending_payment":
      return { text: phrases.pendingPayment({ ...nameOf(spoken), total: spoken.format.money(order.total) }) };
    case "paid":
    case "preparing":
      return describeWaiting(spoken);
    case "shipped":
      return describeParcels(spoken, nodes);
    case "delivered":
    case "completed":
      return describeDelivered(spoken, isNotReceived(words));
    case "cancelled":
    case "refunding":
    case "refunded":
      return { text: phrases[order.status](nameOf(spoken)) };
  }
}

function nameOf({ order, phrases }: Spoken): Named {
  return { id: order.orderId, items: itemsOf(order, phrases) };
}

/** Paid, not sent. States the promise and nothing that was not done; a broken promise is for a person to mend. */
function describeWaiting(spoken: Spoken): Said {
  const { order, phrases, format, input, words } = spoken;
  const name = nameOf(spoken);
  if (order.promisedShipAt === undefined) return { text: phrases.unshipped(name) };
  const promised = format.time(order.promisedShipAt);
  if (Date.parse(order.promisedShipAt) < input.now) {
    return { text: phrases.overdue({ ...name, promised }), offerPerson: true };
  }
  const text = phrases.unshipped({ ...name, promised });
  return { text: isHurrying(words) ? `${phrases.sorryToWait}${text}` : text };
}

function describeParcels(spoken: Spoken, nodes: number): Said {
  const { order, phrases, format, words } = spoken;
  const at = order.shippedAt === undefined ? {} : { at: format.time(order.shippedAt) };
  const parcels = spoken.shipments?.value ?? [];
  const lines = [phrases.shipped({ ...nameOf(spoken), ...at })];
  if (spoken.shipments?.freshness.state === "unavailable") lines.push(phrases.shipmentsUnknown);
  else if (parcels.length === 0) lines.push(phrases.noNodes);
  for (const parcel of parcels) lines.push(...parcelLines(parcel, spoken, nodes));
  const troubled = parcels.some((parcel) => parcel.status === "exception");
  const missing = isNotReceived(words) && parcels.some((parcel) => parcel.status === "delivered");
  if (troubled) lines.push(phrases.exception);
  if (missing) lines.push(phrases.notReceived);
  return { text: lines.join("\n"), offerPerson: troubled || missing };
}

function parcelLines(parcel: Shipment, { phrases, format }: Spoken, nodes: number): string[] {
  const lines = [phrases.parcel({ carrier: parcel.carrier, tracking: parcel.trackingNumber })];
  for (const node of parcel.nodes.slice(0, nodes)) {
    lines.push(phrases.node({ at: format.time(node.at), text: node.text }));
  }
  if (parcel.nodes.length === 0) lines.push(phrases.noNodes);
  const isDone = parcel.status === "delivered" || parcel.status === "exception";
  if (parcel.estimatedAt !== undefined && !isDone) lines.push(phrases.eta(format.day(parcel.estimatedAt)));
  return lines;
}

function describeDelivered(spoken: Spoken, isMissing: boolean): Said {
  const { order, phrases, format } = spoken;
  const at = order.deliveredAt === undefined ? {} : { at: format.time(order.deliveredAt) };
  const state = order.status === "delivered" ? phrases.delivered : phrases.completed;
  const lastNodes = (spoken.shipments?.value ?? []).flatMap((parcel) => parcelLines(parcel, spoken, 1));
  const lines = [state({ ...nameOf(spoken), ...at }), ...lastNodes];
  if (isMissing) lines.push(phrases.notReceived);
  return { text: lines.join("\n"), offerPerson: isMissing };
}

const LATELY_MS = 15 * 24 * 3_600_000;

/** Signed for, and so lately that it may still be asked after. */
export function isRecentlyDelivered(order: Order, now: number): boolean {
  const { status, deliveredAt } = order;
  if (status !== "delivered" && status !== "completed") return false;
  return deliveredAt !== undefined && now - Date.parse(deliveredAt) < LATELY_MS;
}

/** The first kind of order there is any of; failing all, the newest one. */
export function firstOf(orders: readonly Order[], ...kinds: readonly ((order: Order) => boolean)[]): readonly Order[] {
  for (const kind of kinds) {
    const found = orders.filter(kind);
    if (found.length > 0) return found;
  }
  return orders.slice(0, 1);
}
