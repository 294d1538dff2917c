import type { Commerce, Coupon, Customer, Facts, Order, Product, Promotion, Shipment } from "../core/commerce.ts";
import { toE164 } from "../core/phone.ts";
import { createDemoClock, DEMO_STEP_MS } from "./demo/clock.ts";
import { DEMO_CUSTOMERS, type DemoCustomer } from "./demo/customers.ts";
import { type DemoOrder, demoOrders } from "./demo/orders.ts";
import { DEMO_PRODUCTS, type DemoProduct } from "./demo/products.ts";
import { demoCarts, demoCoupons, demoPromotions } from "./demo/promotions.ts";
import { demoShipments } from "./demo/shipments.ts";

const SOURCE = "demo-shop";

/**
 * The embedded demo shop, 小二优选: twelve products, eight members and orders of every status, all dated relative to `now`, so that
 * what was sent yesterday was sent yesterday on whatever day one looks. Members are `m-1001` to `m-1008`.
 */
export function createDemoShop({ now }: { readonly now: () => number }): Commerce {
  let shelf = stock(now());
  const current = () => {
    if (now() - shelf.builtAt >= DEMO_STEP_MS || now() < shelf.builtAt) shelf = stock(now());
    return shelf;
  };
  const live = <T>(value: T): Promise<Facts<T>> =>
    Promise.resolve({ value, freshness: { state: "live", at: new Date(now()).toISOString(), source: SOURCE } });
  return {
    ordersOf: ({ memberId }) => live(current().ordersByMember.get(memberId) ?? []),
    order: (orderId) => live(current().orders.get(orderId)),
    shipmentsOf: (orderId) => live(current().shipments.get(orderId) ?? []),
    customer: ({ memberId }) => live(current().customers.get(memberId)),
    product: (productId) => live(PRODUCTS.get(productId)),
    promotions: () => live(current().promotions),
    coupons: ({ memberId }) => live(current().coupons.get(memberId) ?? []),
    cart: ({ memberId }) => live(CARTS.get(memberId)),
  };
}

interface Shelf {
  readonly builtAt: number;
  readonly orders: ReadonlyMap<string, Order>;
  readonly ordersByMember: ReadonlyMap<string, readonly Order[]>;
  readonly shipments: ReadonlyMap<string, readonly Shipment[]>;
  readonly customers: ReadonlyMap<string, Customer>;
  readonly promotions: readonly Promotion[];
  readonly coupons: ReadonlyMap<string, readonly Coupon[]>;
}

function stock(now: number): Shelf {
  const clock = createDemoClock(now);
  const drafts = demoOrders(clock);
  const orders = drafts.map(toOrder).toSorted((a, b) => b.createdAt.localeCompare(a.createdAt));
  const ordersByMember = Map.groupBy(orders, (order) => order.memberId);
  return {
    builtAt: Math.floor(now / DEMO_STEP_MS) * DEMO_STEP_MS,
    orders: new Map(orders.map((order) => [order.orderId, order])),
    ordersByMember,
    shipments: demoShipments(clock, drafts),
    promotions: demoPromotions(clock),
    coupons: demoCoupons(clock),
    customers: new Map(
      DEMO_CUSTOMERS.map((person) => [person.memberId, toCustomer(person, ordersByMember.get(person.memberId) ?? [])]),
    ),
  };
}

const GOODS: ReadonlyMap<string, DemoProduct> = new Map(DEMO_PRODUCTS.map((product) => [product.productId, product]));
const CARTS = demoCarts(GOODS);
const PEOPLE: ReadonlyMap<string, DemoCustomer> = new Map(DEMO_CUSTOMERS.map((person) => [person.memberId, person]));
const PRODUCTS: ReadonlyMap<string, Product> = new Map(
  DEMO_PRODUCTS.map(({ productId, title, price, stock: inStock }) => [
    productId,
    { productId, title, price, stock: inStock },
  ]),
);

function toOrder({ lines, trackingNumbers = [], ...draft }: DemoOrder): Order {
  const person = known(PEOPLE, draft.memberId);
  const items = lines.map(([productId, quantity]) => {
    const { title, titleEn, price, returnable } = known(GOODS, productId);
    return { productId, title: person.english ? titleEn : title, quantity, price, returnable };
  });
  const amount = items.reduce((sum, item) => sum + item.price.amount * item.quantity, 0);
  return {
    ...draft,
    items,
    total: { amount, currency: "CNY" },
    trackingNumbers,
    recipient: { name: person.name, phone: person.phone, region: person.region },
  };
}

const UNPAID: ReadonlySet<Order["status"]> = new Set(["pending_payment", "cancelled", "refunded"]);

function toCustomer(person: DemoCustomer, orders: readonly Order[]): Customer {
  const amount = orders
    .filter((order) => !UNPAID.has(order.status))
    .reduce((sum, order) => sum + order.total.amount, 0);
  const phone = toE164(person.phone, person.callingCode ?? "86");
  return {
    memberId: person.memberId,
    name: person.name,
    ...(phone === undefined ? {} : { phone }),
    tier: person.tier,
    tags: person.tags,
    since: person.since,
    orderCount: orders.length,
    lifetimeValue: { amount, currency: "CNY" },
  };
}

function known<T>(map: ReadonlyMap<string, T>, id: string): T {
  const value = map.get(id);
  if (value === undefined) throw new Error(`The demo data names ${id}, which does not exist.`);
  return value;
}
