import type { z } from "zod";
import type { flowSchema } from "../../core/flow.ts";
import { askOrderNumber } from "./ask-order-number.ts";

/** Why it goes back decides who helps: what the rule says of the order, or a person who looks at the damage. */
export const returnGuideFlow: z.input<typeof flowSchema> = {
  id: "return-guide",
  title: { zh: "退货指引", en: "Return guide" },
  steps: [
    {
      id: "reason",
      slot: "reason",
      ask: {
        "zh-CN": "{{ tone.greeting }}想退货的原因是哪一种？",
        "zh-TW": "{{ tone.greeting }}想退貨的原因是哪一種？",
        en: "Why would you like to return it?",
        ja: "返品の理由をお選びください。",
      },
      choices: [
        {
          value: "no-longer-wanted",
          label: {
            "zh-CN": "不喜欢/不合适",
            "zh-TW": "不喜歡/不合適",
            en: "Changed my mind",
            ja: "イメージ違い・サイズ",
          },
        },
        {
          value: "damaged",
          label: { "zh-CN": "质量问题", "zh-TW": "品質問題", en: "Damaged or faulty", ja: "不良・破損" },
        },
        {
          value: "wrong-item",
          label: { "zh-CN": "发错/少发", "zh-TW": "寄錯/少寄", en: "Wrong or missing item", ja: "誤配・不足" },
        },
      ],
      validate: { kind: "choice" },
    },
    ...askOrderNumber.steps.map((step) =>
      step.id === "phone"
        ? { ...step, next: [{ when: { slot: "reason", in: ["no-longer-wanted"] }, finish: { skill: "return-guide" } }] }
        : step,
    ),
    {
      id: "details",
      slot: "details",
      ask: {
        "zh-CN": "给您添麻烦了。请简单说说是什么问题，我把它一起交给客服。",
        "zh-TW": "造成您的不便非常抱歉。請簡單說明是什麼問題，我會一起交給客服。",
        en: "Sorry about that. What is wrong with it, in a few words? I'll pass it on to a colleague.",
        ja: "ご迷惑をおかけします。どのような問題か、簡単にお知らせください。担当者に引き継ぎます。",
      },
      validate: { kind: "text", min: 2 },
      skip: { slot: "reason", in: ["no-longer-wanted"] },
      // A proven member goes past the steps above: the reason alone decides here too.
      next: [{ when: { slot: "reason", in: ["no-longer-wanted"] }, finish: { skill: "return-guide" } }],
    },
  ],
  finish: {
    handoff: {
      group: "general",
      text: {
        "zh-CN": "收到，问题已经记下来了。",
        "zh-TW": "收到，問題已經記下來了。",
        en: "Got it, I've noted this down.",
        ja: "承知しました。内容を記録しました。",
      },
    },
  },
};
