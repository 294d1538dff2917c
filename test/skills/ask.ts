import { createDemoShop } from "../../src/commerce/demo-shop.ts";
import type { Freshness, Order } from "../../src/core/commerce.ts";
import { type Content, contentSchema, contentText } from "../../src/core/content.ts";
import type { Flow } from "../../src/core/session.ts";
import type { Skill, SkillInput, SkillOutcome, SkillSources } from "../../src/core/skill.ts";

/** Monday 2026-06-15, 13:40 in Shanghai. */
export const NOW = Date.parse("2026-06-15T05:40:00.000Z");
export const demoShop = createDemoShop({ now: () => NOW });

export const LIVE: Freshness = { state: "live", at: new Date(NOW).toISOString(), source: "shop" };

export function aSkillInput(given: Partial<SkillInput> = {}): SkillInput {
  return {
    text: "我的订单到哪了",
    contact: { id: "c-1", shopId: "demo", level: "anonymous" },
    locale: "zh-CN",
    timeZone: "Asia/Shanghai",
    now: NOW,
    ...given,
  };
}

export function member(memberId: string): Pick<SkillInput, "contact"> {
  return { contact: { id: "c-1", shopId: "demo", level: "verified", memberId } };
}

export function anOrder(given: Partial<Order> = {}): Order {
  return {
    orderId: "20881234",
    memberId: "m-1",
    status: "paid",
    items: [
      {
        productId: "p-1",
        title: "亚麻衬衫",
        quantity: 1,
        price: { amount: 18900, currency: "CNY" },
        returnable: true,
      },
    ],
    total: { amount: 18900, currency: "CNY" },
    createdAt: "2026-06-13T05:00:00.000Z",
    trackingNumbers: [],
    recipient: { name: "林小美", phone: "138 1234 6721", region: "浙江省杭州市" },
    ...given,
  };
}

export async function ask<Facts>(
  skill: Skill<Facts>,
  given: Partial<SkillInput>,
  sources: Partial<SkillSources> = {},
): Promise<SkillOutcome> {
  const input = aSkillInput(given);
  const outcome = skill.answer(input, await skill.gather(input, { commerce: demoShop, ...sources }));
  if (outcome.kind === "say" || outcome.kind === "handoff") {
    // What a skill says must pass the border check of every channel.
    for (const content of outcome.contents) contentSchema.parse(content);
  }
  return outcome;
}

/** All that was said, as text. */
export function wordsOf(outcome: SkillOutcome): string {
  return contentsOf(outcome).map(contentText).join("\n");
}

export function contentsOf(outcome: SkillOutcome): readonly Content[] {
  return outcome.kind === "say" || outcome.kind === "handoff" ? outcome.contents : [];
}

export function flowOf(outcome: SkillOutcome): Flow {
  if (outcome.kind !== "say" || outcome.flow === undefined) throw new Error(`No flow: ${JSON.stringify(outcome)}`);
  return outcome.flow;
}

/** The values of the choices that were offered. */
export function choicesOf(outcome: SkillOutcome): readonly string[] {
  return contentsOf(outcome).flatMap((content) =>
    content.type === "choices" ? content.choices.map((choice) => choice.value) : [],
  );
}
