import type { CallOptions, Commerce, CustomerRef, Facts, Freshness, Order, OrderFact, Shipment } from "./commerce.ts";
import { maskPhone } from "./contact.ts";

const MOST_ORDERS = 5;

/**
 * The contact's latest orders with their parcels, as tickets and the desk's context panel show them. A carrier that cannot be asked
 * leaves its order standing without parcels; only when the orders themselves cannot be had is there nothing.
 */
export async function orderFacts(
  commerce: Commerce,
  customer: CustomerRef,
  options: CallOptions = {},
): Promise<readonly OrderFact[]> {
  const orders = await orNothing(commerce.ordersOf(customer, options));
  if (orders === undefined || orders.freshness.state === "unavailable") return [];
  return Promise.all(
    orders.value
      .slice(0, MOST_ORDERS)
      .map((order) => toFact({ order, freshness: orders.freshness, commerce, options })),
  );
}

async function toFact({
  order,
  freshness,
  commerce,
  options,
}: {
  readonly order: Order;
  readonly freshness: Freshness;
  readonly commerce: Commerce;
  readonly options: CallOptions;
}): Promise<OrderFact> {
  const masked = maskRecipient(order);
  if (order.trackingNumbers.length === 0) return { ...masked, shipments: [], freshness };
  const asked = await orNothing(commerce.shipmentsOf(order.orderId, options));
  const shipments = asked ?? notKnown(freshness);
  return {
    ...masked,
    shipments: shipments.value,
    freshness: olderOf(freshness, shipments.freshness),
    shipmentsFreshness: shipments.freshness,
  };
}

const notKnown = ({ at }: Freshness): Facts<readonly Shipment[]> => ({
  value: [],
  freshness: { state: "unavailable", at, source: "shipments" },
});

/** A ticket keeps its snapshot for good, so it keeps no more of a person than an agent needs (`security.md` AZ-3). */
function maskRecipient(order: Order): Order {
  if (order.recipient === undefined) return order;
  const { name, phone, region } = order.recipient;
  return { ...order, recipient: { name: `${[...name].slice(0, 1).join("")}**`, phone: maskPhone(phone), region } };
}

const AGES: readonly Freshness["state"][] = ["live", "cached", "stale"];

/** Of an order and its parcels, what may be said of both. Parcels that are not known make the order no less known, yet not live. */
function olderOf(order: Freshness, shipments: Freshness): Freshness {
  if (shipments.state === "unavailable") return { ...order, state: "stale" };
  const worse = AGES.indexOf(shipments.state) > AGES.indexOf(order.state) ? shipments : order;
  const earlier = Date.parse(shipments.at) < Date.parse(order.at) ? shipments : order;
  return { ...worse, at: earlier.at };
}

/** A source that is not behind `withResilience` may reject; the other cards must not suffer for it. */
async function orNothing<T>(call: Promise<Facts<T>>): Promise<Facts<T> | undefined> {
  try {
    return await call;
  } catch {
    // The freshness of what is returned tells the failure; `withResilience` logs and counts it.
    return undefined;
  }
}
