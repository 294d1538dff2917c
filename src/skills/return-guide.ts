import type { Order } from "../core/commerce.ts";
import { nearestLocale } from "../core/language.ts";
import { createFormat } from "./format.ts";
import { itemsOf, orderSkill, type Said, type Spoken } from "./order-skill.ts";
import { describeState, firstOf, isRecentlyDelivered } from "./order-state.ts";
import { returnPhrasesFor } from "./phrases/returns.ts";
import { returnWindow } from "./return-window.ts";

const DAMAGED =
  /坏|壞|破|裂|碎|瑕疵|质量|質量|品質|故障|发错|發錯|少发|少發|不能用|damaged|broken|faulty|defect|doesn'?t work|wrong item|不良|壊れ|破損|不具合/iu;

const UNDER_WAY: readonly Order["status"][] = ["paid", "preparing", "shipped"];

/** "Can I return this": what the rule says of each item of the order, by the calendar of the shop. */
export const returnGuide = orderSkill({
  name: "return-guide",
  title: { zh: "退货指引", en: "Return guide" },
  candidates: (orders, { now }) =>
    firstOf(
      orders,
      (order) => isRecentlyDelivered(order, now),
      (order) => UNDER_WAY.includes(order.status),
    ),
  describe(spoken) {
    const { order, input } = spoken;
    const phrases = returnPhrasesFor(nearestLocale(input.locale), input.tone);
    const name = { id: order.orderId, items: itemsOf(order, spoken.phrases) };
    switch (order.status) {
      case "paid":
      case "preparing":
        return { text: phrases.notSent(name) };
      case "shipped":
        return { text: phrases.notSigned(name) };
      case "delivered":
      case "completed":
        return DAMAGED.test(spoken.words) ? { text: phrases.damaged, offerPerson: true } : describeReturn(spoken);
      default:
        return describeState(spoken, { nodes: 0 });
    }
  },
});

function describeReturn(spoken: Spoken): Said {
  const { order, input, format } = spoken;
  const phrases = returnPhrasesFor(nearestLocale(input.locale), input.tone);
  const listed = (items: Order["items"]) => items.map((item) => item.title).join(phrases.separator);
  const kept = order.items.filter((item) => !item.returnable);
  const returned = order.items.filter((item) => item.returnable);
  const name = { id: order.orderId, items: listed(returned) };
  if (returned.length === 0) return { text: phrases.notReturnable(listed(kept)), offerPerson: true };
  if (order.deliveredAt === undefined) return { text: phrases.unknownDay(name), offerPerson: true };
  const { isOpen, day, lastDay } = returnWindow({ ...input, deliveredAt: order.deliveredAt });
  if (!isOpen) {
    return { text: phrases.closed({ ...name, day, signed: format.day(order.deliveredAt) }), offerPerson: true };
  }
  const until = createFormat({ ...input, locale: nearestLocale(input.locale), timeZone: "UTC" });
  const lines = [phrases.open({ ...name, until: until.day(new Date(lastDay).toISOString()) })];
  if (kept.length > 0) lines.push(phrases.except(listed(kept)));
  return { text: [...lines, phrases.steps].join("\n") };
}
