import type { Order } from "../core/commerce.ts";
import { nearestLocale } from "../core/language.ts";
import { defineSkill, type SkillInput, type SkillOutcome } from "../core/skill.ts";
import { itemsOf, orderSkill, type Said, type Spoken } from "./order-skill.ts";
import { firstOf } from "./order-state.ts";
import { addressPhrasesFor } from "./phrases/address.ts";

const NAME = "change-address";
const STEP = "address";

const isWaiting = ({ status }: Order) => status === "paid" || status === "preparing";
const isUnpaid = ({ status }: Order) => status === "pending_payment";
const isSent = ({ status }: Order) => status === "shipped";

const byOrder = orderSkill({
  name: NAME,
  title: { zh: "改地址", en: "Change the address" },
  candidates: (orders) => firstOf(orders, isWaiting, isUnpaid, isSent),
  describe,
});

/** "Send it elsewhere": takes the new address of an order that has not left, and has a person change it. */
export const changeAddress = defineSkill<Awaited<ReturnType<typeof byOrder.gather>>>({
  ...byOrder,
  gather: (input, sources) => (isAnsweringAddress(input) ? Promise.resolve({}) : byOrder.gather(input, sources)),
  answer: (input, facts) => (isAnsweringAddress(input) ? takeAddress(input) : byOrder.answer(input, facts)),
});

const isAnsweringAddress = ({ flow }: SkillInput) => flow?.skill === NAME && flow.step === STEP;

function describe(spoken: Spoken): Said {
  const { order, input, words } = spoken;
  const phrases = addressPhrasesFor(nearestLocale(input.locale), input.tone);
  const name = { id: order.orderId, items: itemsOf(order, spoken.phrases) };
  if (isUnpaid(order)) return { text: phrases.unpaid(name) };
  if (isSent(order)) return { text: phrases.sent(name), offerPerson: true };
  if (!isWaiting(order)) return { text: phrases.done(name) };
  const flow = { skill: NAME, step: STEP, slots: { orderId: order.orderId, words }, askedAt: input.now };
  return {
    text: phrases.ask(name),
    outcome: (contents) => ({ kind: "say", contents, flow, orderIds: [order.orderId] }),
  };
}

/** Long enough to be an address and not a question about something else. */
const ADDRESS = /^[^?？]{8,500}$/su;
const PLACE =
  /[省市区區县縣镇鎮乡鄉路街道巷弄号號栋棟楼樓室村都府町丁]|\d+\s+\w+|\b(?:st(?:reet)?|ave(?:nue)?|road|rd|lane|blvd|apt)\b/iu;

function takeAddress(input: SkillInput): SkillOutcome {
  const address = input.text.trim();
  const id = input.flow?.slots.orderId ?? "";
  if (!ADDRESS.test(address) || !PLACE.test(address)) return { kind: "pass" };
  const phrases = addressPhrasesFor(nearestLocale(input.locale), input.tone);
  return {
    kind: "handoff",
    code: "ineligible_action",
    words: input.flow?.slots.words ?? address,
    contents: [{ type: "text", text: phrases.passedOn({ id, address }) }],
  };
}
