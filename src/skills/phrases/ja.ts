import type { Phrases } from "../phrases.ts";

export const ja: Phrases = {
  status: {
    pending_payment: "お支払い待ち",
    paid: "発送待ち",
    preparing: "発送準備中",
    shipped: "発送済み",
    delivered: "配達完了",
    completed: "完了",
    cancelled: "キャンセル済み",
    refunding: "返金手続き中",
    refunded: "返金済み",
  },
  items: (title, { pieces, kinds }) =>
    kinds > 1 ? `「${title}」ほか計${pieces}点` : pieces > 1 ? `「${title}」×${pieces}` : `「${title}」`,

  pendingPayment: ({ id, items, total }) =>
    `ご注文 ${id}（${items}）はお支払いがまだです。金額は ${total} です。お支払い後に発送いたします。`,
  unshipped: ({ id, items, promised }) =>
    promised === undefined
      ? `ご注文 ${id}（${items}）はお支払い済みで、まだ発送しておりません。`
      : `ご注文 ${id}（${items}）はお支払い済みで、まだ発送しておりません。${promised} までに発送するお約束です。`,
  overdue: ({ id, items, promised }) =>
    `申し訳ございません。ご注文 ${id}（${items}）は ${promised} までに発送するお約束でしたが、遅れております。`,
  sorryToWait: "お待たせしております。",
  shipped: ({ id, items, at }) =>
    at === undefined
      ? `ご注文 ${id}（${items}）は発送済みです。`
      : `ご注文 ${id}（${items}）は ${at} に発送いたしました。`,
  parcel: ({ carrier, tracking }) => `${carrier} ${tracking}`,
  node: ({ at, text }) => `${at} ${text}`,
  eta: (day) => `${day} にお届け予定です。`,
  noNodes: "配送会社の記録がまだありません。通常は集荷後、数時間で表示されます。",
  shipmentsUnknown: "配送会社の記録を一時的に確認できません。少し後にもう一度お尋ねください。",
  exception: "このお荷物は配達に問題が起きており、担当者の対応が必要です。",
  delivered: ({ id, items, at }) =>
    at === undefined
      ? `ご注文 ${id}（${items}）は配達済みです。`
      : `ご注文 ${id}（${items}）は ${at} に配達されました。`,
  completed: ({ id, items, at }) =>
    at === undefined
      ? `ご注文 ${id}（${items}）は完了しています。`
      : `ご注文 ${id}（${items}）は完了しています（配達 ${at}）。`,
  cancelled: ({ id, items }) => `ご注文 ${id}（${items}）はキャンセルされています。`,
  refunding: ({ id, items }) => `ご注文 ${id}（${items}）は返金手続き中です。`,
  refunded: ({ id, items }) => `ご注文 ${id}（${items}）は、お支払い方法に応じて返金済みです。`,
  notReceived:
    "ご心配をおかけしております。ご家族、管理人室、宅配ボックスなどをご確認ください。見つからない場合は、担当者が配送会社に確認いたします。",

  cachedAt: (time) => `${time} 時点の情報です：`,
  staleAt: (time) => `システムに一時的に接続できません。${time} 時点の情報で、その後変わっている可能性があります：`,

  pick: (count) => `ご注文が ${count} 件あります。どちらについてでしょうか？`,
  noOrders:
    "このアカウントにはまだご注文がありません。別のアカウントでご注文の場合は、そちらでログインしてお尋ねいただくか、担当者におつなぎします。",
  notYours: (orderId) => `お客様のアカウントにご注文 ${orderId} が見つかりません。番号をご確認ください。`,
  askOrder: "注文番号（「注文履歴」に表示されています）をお送りください。お調べします。",
  askFact: (orderId) => `ご注文 ${orderId} ですね。お客様の情報を守るため、お届け先電話番号の下4桁もお送りください。`,
  notFound:
    "この注文番号と電話番号下4桁の両方に合うご注文が見つかりません。ご確認のうえ、番号または下4桁をもう一度お送りください。",
  tooManyTries: "確認ができませんでした。ご注文の情報を守るため、担当者におつなぎします。",
  offerPerson: "よろしければ、担当者におつなぎします。",
  person: "担当者につなぐ",
};
