import type { Order, OrderStatus } from "../core/commerce.ts";
import { orderSkill } from "./order-skill.ts";
import { describeState, firstOf, isRecentlyDelivered } from "./order-state.ts";
import { isHurrying, isLostAtDoor, isNotReceived } from "./order-words.ts";

const OPEN: ReadonlySet<OrderStatus> = new Set(["pending_payment", "paid", "preparing", "shipped", "refunding"]);
/** What "send it faster" can be about. */
const ON_ITS_WAY: ReadonlySet<OrderStatus> = new Set(["paid", "preparing", "shipped"]);

const isOpen = (order: Order) => OPEN.has(order.status);
const isDelivered = (order: Order) => order.status === "delivered";
const isOnItsWay = (order: Order) => ON_ITS_WAY.has(order.status);

/** "Where is my order", "send it already", "it says delivered": the order's real state. */
export const orderStatus = orderSkill({
  name: "order-status",
  title: { zh: "查订单", en: "Order status" },
  candidates(orders, { text, now }) {
    const isMissing = (order: Order) => order.status === "shipped" || isRecentlyDelivered(order, now);
    if (isLostAtDoor(text)) return firstOf(orders, isDelivered, isMissing, isOpen);
    if (isNotReceived(text)) return firstOf(orders, isMissing, isOpen);
    return isHurrying(text) ? firstOf(orders, isOnItsWay, isOpen) : firstOf(orders, isOpen);
  },
  describe: (spoken) => describeState(spoken, { nodes: 1 }),
});
