import type { z } from "zod";
import type { flowSchema } from "../../core/flow.ts";

/** Finds the order of someone the shop does not know: its number, then the last digits of the recipient's phone. */
export const askOrderNumber: z.input<typeof flowSchema> = {
  id: "ask-order-number",
  title: { zh: "问订单号", en: "Ask for the order number" },
  steps: [
    {
      id: "order",
      slot: "order",
      ask: {
        "zh-CN": "{{ tone.greeting }}请发一下订单号（在「我的订单」里可以看到），我来帮您查。",
        "zh-TW": "{{ tone.greeting }}請提供訂單編號（在「我的訂單」裡可以看到），我來幫您查。",
        en: "What's your order number? You can find it under “My orders”.",
        ja: "ご注文番号をお送りください（「注文履歴」でご確認いただけます）。",
      },
      invalid: {
        "zh-CN": "这好像不是订单号，订单号是一串数字。",
        "zh-TW": "這好像不是訂單編號，訂單編號是一串數字。",
        en: "That doesn't look like an order number; it is a row of digits.",
        ja: "ご注文番号ではないようです。数字の番号をお送りください。",
      },
      validate: { kind: "order-number" },
      // A proven member's orders are known, and chosen from by the skill.
      skip: { fact: "contact.verified", in: [true] },
    },
    {
      id: "phone",
      slot: "phone",
      ask: {
        "zh-CN": "收到，订单 {{ slots.order }}。为了保护您的信息，请再发一下收件人手机号的后 4 位。",
        "zh-TW": "收到，訂單 {{ slots.order }}。為了保護您的資訊，請再提供收件人手機號碼的後 4 碼。",
        en: "Got it, order {{ slots.order }}. To protect your details, please send the last 4 digits of the recipient's phone.",
        ja: "ご注文番号 {{ slots.order }} ですね。個人情報保護のため、受取人の電話番号の下 4 桁をお送りください。",
      },
      validate: { kind: "phone", last: 4 },
      retries: 3,
      skip: { fact: "contact.verified", in: [true] },
    },
  ],
  finish: { skill: "order-status" },
};
