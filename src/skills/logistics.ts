import type { Order } from "../core/commerce.ts";
import { orderSkill } from "./order-skill.ts";
import { describeState, firstOf, isRecentlyDelivered } from "./order-state.ts";
import { isLostAtDoor, isNotReceived } from "./order-words.ts";

const isSent = (order: Order) => order.status === "shipped";
const isDelivered = (order: Order) => order.status === "delivered";
const isWaiting = (order: Order) => order.status === "paid" || order.status === "preparing";

/** "Where is my parcel": the last three nodes of the carrier. */
export const logistics = orderSkill({
  name: "logistics",
  title: { zh: "查物流", en: "Parcel tracking" },
  candidates(orders, { text, now }) {
    const wasSent = (order: Order) => isRecentlyDelivered(order, now);
    const isMissing = (order: Order) => isSent(order) || isDelivered(order);
    if (isLostAtDoor(text)) return firstOf(orders, isDelivered, isMissing, wasSent);
    return firstOf(orders, isNotReceived(text) ? isMissing : isSent, isWaiting, wasSent);
  },
  describe: (spoken) => describeState(spoken, { nodes: 3 }),
});
