import type { Locale } from "../../core/language.ts";
import { DEFAULT_TONE, tableInTone, toneFor } from "../../core/tone.ts";
import type { Named } from "../phrases.ts";

export interface AddressPhrases {
  ask(order: Named): string;
  /** Said before a person takes over; the address has not changed yet, and the line must not sound as if it had. */
  passedOn(order: { readonly id: string; readonly address: string }): string;
  unpaid(order: Named): string;
  sent(order: Named): string;
  done(order: Named): string;
}

const zhCN: AddressPhrases = {
  ask: ({ id, items }) =>
    `{hi}订单 ${id}（${items}）还没有发出。请发一下新的收货地址（省市区、详细地址、收件人和电话）。`,
  passedOn: ({ id, address }) =>
    `订单 ${id} 的新地址记下了：\n${address}\n地址还没有改，我请人工客服来修改，改好会告诉您。`,
  unpaid: ({ id, items }) => `{hi}订单 ${id}（${items}）还没有付款，可以取消后用新地址重新下单。`,
  sent: ({ id, items }) => `{hi}订单 ${id}（${items}）已经寄出，在这里改不了地址。可以转人工，请客服联系快递试试转寄。`,
  done: ({ id, items }) => `{hi}订单 ${id}（${items}）已经结束，不用再改地址了。`,
};

const zhTW: AddressPhrases = {
  ask: ({ id, items }) =>
    `{hi}訂單 ${id}（${items}）還沒有出貨。請傳一下新的收件地址（縣市、詳細地址、收件人和電話）。`,
  passedOn: ({ id, address }) =>
    `訂單 ${id} 的新地址記下了：\n${address}\n地址還沒有更改，我請客服人員來修改，改好會告訴您。`,
  unpaid: ({ id, items }) => `{hi}訂單 ${id}（${items}）還沒有付款，可以取消後用新地址重新下單。`,
  sent: ({ id, items }) => `{hi}訂單 ${id}（${items}）已經寄出，在這裡改不了地址。可以轉人工，請客服聯絡物流試試轉寄。`,
  done: ({ id, items }) => `{hi}訂單 ${id}（${items}）已經結束，不用再改地址了。`,
};

const en: AddressPhrases = {
  ask: ({ id, items }) =>
    `Order ${id} (${items}) has not shipped yet. Please send the new address, with recipient and phone number.`,
  passedOn: ({ id, address }) =>
    `I noted the new address for order ${id}:\n${address}\nIt has not been changed yet; I'm asking our team to do it, and they will tell you.`,
  unpaid: ({ id, items }) =>
    `Order ${id} (${items}) has not been paid yet: you can cancel it and order again with the new address.`,
  sent: ({ id, items }) =>
    `Order ${id} (${items}) has already shipped, so I can't change its address. Our team can ask the carrier to redirect it.`,
  done: ({ id, items }) => `Order ${id} (${items}) is closed, so there is no address to change.`,
};

const ja: AddressPhrases = {
  ask: ({ id, items }) =>
    `ご注文 ${id}（${items}）はまだ発送しておりません。新しいお届け先（住所、お名前、電話番号）をお送りください。`,
  passedOn: ({ id, address }) =>
    `ご注文 ${id} の新しいお届け先を承りました：\n${address}\nまだ変更は完了しておりません。担当者が変更し、お知らせいたします。`,
  unpaid: ({ id, items }) =>
    `ご注文 ${id}（${items}）はお支払いがまだです。キャンセルのうえ、新しい住所でご注文いただけます。`,
  sent: ({ id, items }) =>
    `ご注文 ${id}（${items}）は発送済みのため、ここでは住所を変更できません。担当者が配送会社に転送を相談できます。`,
  done: ({ id, items }) => `ご注文 ${id}（${items}）は完了しているため、住所の変更はございません。`,
};

const BY_LOCALE: Readonly<Record<Locale, AddressPhrases>> = { "zh-CN": zhCN, "zh-TW": zhTW, en, ja };

export const addressPhrasesFor = (locale: Locale, tone = toneFor(DEFAULT_TONE, { locale })): AddressPhrases =>
  tableInTone(BY_LOCALE[locale], tone);
