import type { Money } from "./content.ts";

/**
 * One shop's own systems, as the desk sees them: a deployment makes one per shop. Every fact says how fresh it is; a stale one
 * is never worded as current. A call may reject when the system fails; behind `withResilience` it never does.
 */
export interface Commerce {
  /** The contact's latest orders, newest first. */
  ordersOf(customer: CustomerRef, options?: CallOptions): Promise<Facts<readonly Order[]>>;
  /** One order by its number, whoever owns it; the caller checks the right to see it. */
  order(orderId: string, options?: CallOptions): Promise<Facts<Order | undefined>>;
  shipmentsOf(orderId: string, options?: CallOptions): Promise<Facts<readonly Shipment[]>>;
  customer(customer: CustomerRef, options?: CallOptions): Promise<Facts<Customer | undefined>>;
  product(productId: string, options?: CallOptions): Promise<Facts<Product | undefined>>;
  /** What the shop takes off now. Absent: this source knows of no promotions. */
  promotions?(shopId: string, options?: CallOptions): Promise<Facts<readonly Promotion[]>>;
  /** The contact's own coupons, used and expired ones too. */
  coupons?(customer: CustomerRef, options?: CallOptions): Promise<Facts<readonly Coupon[]>>;
  /** What the contact is about to buy. */
  cart?(customer: CustomerRef, options?: CallOptions): Promise<Facts<Cart | undefined>>;
}

/** Who is asked about: the shop's customer number, proven. */
export interface CustomerRef {
  readonly shopId: string;
  readonly memberId: string;
}

export interface CallOptions {
  readonly signal?: AbortSignal;
  /** Skip the cache: the agent pressed "refresh". */
  readonly fresh?: boolean;
}

export interface Freshness {
  /** `live`: asked now; `cached`: asked recently; `stale`: the source failed, this is the last known; `unavailable`: nothing known. */
  readonly state: "live" | "cached" | "stale" | "unavailable";
  /** When the value was true, ISO 8601. */
  readonly at: string;
  /** Which system said so. */
  readonly source: string;
}

export interface Facts<T> {
  readonly value: T;
  readonly freshness: Freshness;
}

export type OrderStatus =
  | "pending_payment"
  | "paid"
  | "preparing"
  | "shipped"
  | "delivered"
  | "completed"
  | "cancelled"
  | "refunding"
  | "refunded";

export interface Order {
  readonly orderId: string;
  readonly memberId: string;
  readonly status: OrderStatus;
  readonly items: readonly OrderItem[];
  readonly total: Money;
  /** ISO 8601 UTC, as all times in facts. */
  readonly createdAt: string;
  readonly paidAt?: string;
  readonly shippedAt?: string;
  readonly deliveredAt?: string;
  /** By when the shop promised to ship. */
  readonly promisedShipAt?: string;
  readonly trackingNumbers: readonly string[];
  readonly recipient?: { readonly name: string; readonly phone: string; readonly region: string };
  readonly url?: string;
}

export interface OrderItem {
  readonly productId: string;
  readonly title: string;
  readonly quantity: number;
  readonly price: Money;
  readonly imageUrl?: string;
  readonly returnable: boolean;
}

/** An order as it stands in a ticket: the facts and their age in one, the recipient masked. */
export type OrderFact = Order & {
  readonly shipments: readonly Shipment[];
  /** The older of the order's and its shipments'. */
  readonly freshness: Freshness;
  /** Of the shipments alone: `unavailable` tells "not known" from "not sent". */
  readonly shipmentsFreshness?: Freshness;
};

export interface Shipment {
  readonly trackingNumber: string;
  readonly carrier: string;
  readonly status: "created" | "in_transit" | "out_for_delivery" | "delivered" | "exception";
  /** Newest first. */
  readonly nodes: readonly { readonly at: string; readonly text: string; readonly place?: string }[];
  readonly estimatedAt?: string;
}

export interface Customer {
  readonly memberId: string;
  readonly name: string;
  /** As the shop checked it: who calls from it is found by it. */
  readonly phone?: string;
  readonly tier?: string;
  readonly tags: readonly string[];
  readonly since?: string;
  readonly orderCount: number;
  readonly lifetimeValue?: Money;
}

export interface Product {
  readonly productId: string;
  readonly title: string;
  readonly price: Money;
  readonly stock: number;
  readonly imageUrl?: string;
  readonly url?: string;
}

/** Spend a threshold, pay less: 满 200 减 30. Of several tiers the best one reached counts. */
export interface Promotion {
  readonly promotionId: string;
  readonly title: string;
  /** In minor units of one currency, `off` below `threshold`. */
  readonly tiers: readonly { readonly threshold: Money; readonly off: Money }[];
  /** Adds up with the other stackable ones; one that is not stands alone. */
  readonly stackable: boolean;
  /** Counts these products only. Absent: everything. */
  readonly productIds?: readonly string[];
  readonly startsAt?: string;
  readonly endsAt?: string;
}

export interface Coupon {
  readonly couponId: string;
  readonly title: string;
  readonly off: Money;
  /** The least one must spend. */
  readonly threshold?: Money;
  readonly state: "unused" | "used" | "expired";
  readonly validUntil?: string;
}

export interface Cart {
  readonly items: readonly Pick<OrderItem, "productId" | "title" | "quantity" | "price">[];
  readonly total: Money;
}
