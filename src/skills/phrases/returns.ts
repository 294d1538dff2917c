import type { Locale } from "../../core/language.ts";
import { DEFAULT_TONE, tableInTone, toneFor } from "../../core/tone.ts";
import type { Named } from "../phrases.ts";

/** What the return guide says. Items come as one ready list. */
export interface ReturnPhrases {
  open(order: Named & { readonly until: string }): string;
  readonly steps: string;
  closed(order: Named & { readonly signed: string; readonly day: number }): string;
  /** Some items of the order cannot come back. */
  except(items: string): string;
  /** No item of the order can. */
  notReturnable(items: string): string;
  notSent(order: Named): string;
  notSigned(order: Named): string;
  /** Signed for, and the system does not say when. */
  unknownDay(order: Named): string;
  readonly damaged: string;
  readonly separator: string;
}

const zhCN: ReturnPhrases = {
  open: ({ id, items, until }) => `{hi}订单 ${id}（${items}）支持 7 天无理由退货，${until} 23:59 前都可以申请。`,
  steps:
    "1. 保持商品完好、吊牌和包装齐全\n2. 在「我的订单」里找到这个订单，点「申请售后」，选「退货退款」\n3. 审核通过后按页面上的地址寄回，并填写快递单号",
  closed: ({ id, items, signed, day }) =>
    `{hi}订单 ${id}（${items}）是 ${signed} 签收的，到今天是第 ${day} 天，已经过了 7 天无理由退货的时间。如果商品有质量问题，可以转人工处理。`,
  except: (items) => `其中 ${items} 属于贴身、定制类商品，不支持无理由退货。`,
  notReturnable: (items) =>
    `{hi}${items} 属于贴身、定制类商品，按规定不支持 7 天无理由退货；有质量问题的话可以转人工处理。`,
  notSent: ({ id, items }) => `{hi}订单 ${id}（${items}）还没有发出，可以直接在「我的订单」里申请退款。`,
  notSigned: ({ id, items }) =>
    `{hi}订单 ${id}（${items}）已经寄出，还没有签收。可以拒收，也可以签收后 7 天内在「我的订单」里申请退货。`,
  unknownDay: ({ id, items }) => `{hi}订单 ${id}（${items}）没有查到签收时间，请转人工核实能不能退。`,
  damaged: "商品有质量问题的话，不受 7 天无理由的限制。请先拍下问题的照片，转人工后发给客服处理。",
  separator: "、",
};

const zhTW: ReturnPhrases = {
  open: ({ id, items, until }) => `{hi}訂單 ${id}（${items}）支援 7 天鑑賞期退貨，${until} 23:59 前都可以申請。`,
  steps:
    "1. 保持商品完好、吊牌和包裝齊全\n2. 在「我的訂單」裡找到這筆訂單，點「申請售後」，選「退貨退款」\n3. 審核通過後依頁面上的地址寄回，並填寫物流單號",
  closed: ({ id, items, signed, day }) =>
    `{hi}訂單 ${id}（${items}）是 ${signed} 簽收的，到今天是第 ${day} 天，已經過了 7 天的退貨時間。如果商品有瑕疵，可以轉人工處理。`,
  except: (items) => `其中 ${items} 屬於貼身、客製類商品，不支援退貨。`,
  notReturnable: (items) => `{hi}${items} 屬於貼身、客製類商品，依規定不支援 7 天退貨；有瑕疵的話可以轉人工處理。`,
  notSent: ({ id, items }) => `{hi}訂單 ${id}（${items}）還沒有出貨，可以直接在「我的訂單」裡申請退款。`,
  notSigned: ({ id, items }) =>
    `{hi}訂單 ${id}（${items}）已經寄出，還沒有簽收。可以拒收，也可以簽收後 7 天內在「我的訂單」裡申請退貨。`,
  unknownDay: ({ id, items }) => `{hi}訂單 ${id}（${items}）沒有查到簽收時間，請轉人工確認能不能退。`,
  damaged: "商品有瑕疵的話，不受 7 天的限制。請先拍下問題的照片，轉人工後傳給客服處理。",
  separator: "、",
};

const en: ReturnPhrases = {
  open: ({ id, items, until }) => `Order ${id} (${items}) can be returned without a reason until ${until}, 23:59.`,
  steps:
    '1. Keep the goods unused, with tags and packaging\n2. Find the order under "My orders", choose "After-sales", then "Return and refund"\n3. Once approved, send it to the address shown there and enter the tracking number',
  closed: ({ id, items, signed, day }) =>
    `Order ${id} (${items}) was delivered on ${signed}; this is day ${day}, and the 7 days for a return without a reason have passed. If something is wrong with the goods, our team can help.`,
  except: (items) => `Not included: ${items} (intimate wear and made-to-order goods can't be returned).`,
  notReturnable: (items) =>
    `${items}: intimate wear and made-to-order goods can't be returned without a reason. If something is wrong with them, our team can help.`,
  notSent: ({ id, items }) =>
    `Order ${id} (${items}) has not shipped yet: you can ask for a refund directly under "My orders".`,
  notSigned: ({ id, items }) =>
    `Order ${id} (${items}) has shipped and is not delivered yet. You can refuse it, or return it within 7 days after delivery under "My orders".`,
  unknownDay: ({ id, items }) =>
    `I can't see when order ${id} (${items}) was delivered; our team can check if it can be returned.`,
  damaged: "The 7-day limit doesn't apply to faulty goods. Please take photos and talk to our team.",
  separator: ", ",
};

const ja: ReturnPhrases = {
  open: ({ id, items, until }) => `ご注文 ${id}（${items}）は、${until} 23:59 まで理由を問わず返品いただけます。`,
  steps:
    "1. 商品は未使用のまま、タグと包装もお手元に保管してください\n2. 「注文履歴」から該当のご注文を開き、「アフターサービス」の「返品・返金」をお選びください\n3. 承認後、表示される住所へ返送し、送り状番号をご入力ください",
  closed: ({ id, items, signed, day }) =>
    `ご注文 ${id}（${items}）の配達は ${signed} で、本日は${day}日目です。7日以内の返品期間は過ぎております。商品に不具合がある場合は担当者が承ります。`,
  except: (items) => `ただし ${items} は、肌着・受注製作品のため返品の対象外です。`,
  notReturnable: (items) =>
    `${items} は肌着・受注製作品のため、7日以内の返品の対象外です。不具合がある場合は担当者が承ります。`,
  notSent: ({ id, items }) =>
    `ご注文 ${id}（${items}）はまだ発送しておりません。「注文履歴」から返金をお申し込みいただけます。`,
  notSigned: ({ id, items }) =>
    `ご注文 ${id}（${items}）は発送済みで、配達はまだです。受け取りを辞退いただくか、配達後7日以内に「注文履歴」から返品をお申し込みください。`,
  unknownDay: ({ id, items }) =>
    `ご注文 ${id}（${items}）の配達日が確認できません。返品できるか担当者が確認いたします。`,
  damaged: "不具合のある商品は7日の期限にかかわらず承ります。写真をお撮りのうえ、担当者にお送りください。",
  separator: "、",
};

const BY_LOCALE: Readonly<Record<Locale, ReturnPhrases>> = { "zh-CN": zhCN, "zh-TW": zhTW, en, ja };

export const returnPhrasesFor = (locale: Locale, tone = toneFor(DEFAULT_TONE, { locale })): ReturnPhrases =>
  tableInTone(BY_LOCALE[locale], tone);
