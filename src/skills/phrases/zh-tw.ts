import type { Phrases } from "../phrases.ts";

export const zhTW: Phrases = {
  status: {
    pending_payment: "待付款",
    paid: "待出貨",
    preparing: "備貨中",
    shipped: "已出貨",
    delivered: "已簽收",
    completed: "已完成",
    cancelled: "已取消",
    refunding: "退款中",
    refunded: "已退款",
  },
  items: (title, { pieces, kinds }) =>
    kinds > 1 ? `「${title}」等 ${pieces} 件` : pieces > 1 ? `「${title}」×${pieces}` : `「${title}」`,

  pendingPayment: ({ id, items, total }) =>
    `{hi}訂單 ${id}（${items}）還沒有付款，金額 ${total}。付款後倉庫就會安排出貨。`,
  unshipped: ({ id, items, promised }) =>
    promised === undefined
      ? `{hi}訂單 ${id}（${items}）已付款，還沒有出貨。`
      : `{hi}訂單 ${id}（${items}）已付款，還沒有出貨，承諾在 ${promised} 前出貨。`,
  overdue: ({ id, items, promised }) =>
    `{hi}非常抱歉，訂單 ${id}（${items}）承諾在 ${promised} 前出貨，已經逾時還沒有寄出。`,
  sorryToWait: "讓您久等了。",
  shipped: ({ id, items, at }) =>
    at === undefined ? `{hi}訂單 ${id}（${items}）已出貨。` : `{hi}訂單 ${id}（${items}）已於 ${at} 出貨。`,
  parcel: ({ carrier, tracking }) => `${carrier} ${tracking}`,
  node: ({ at, text }) => `${at} ${text}`,
  eta: (day) => `預計 ${day} 送達。`,
  noNodes: "物流公司還沒有配送紀錄，一般收件後幾小時內會有。",
  shipmentsUnknown: "物流公司的配送紀錄暫時查不到，稍後可以再問我一次。",
  exception: "這個包裹配送遇到了問題，需要客服人員跟進。",
  delivered: ({ id, items, at }) =>
    at === undefined ? `{hi}訂單 ${id}（${items}）已簽收。` : `{hi}訂單 ${id}（${items}）已於 ${at} 簽收。`,
  completed: ({ id, items, at }) =>
    at === undefined ? `{hi}訂單 ${id}（${items}）已完成。` : `{hi}訂單 ${id}（${items}）已完成，簽收時間 ${at}。`,
  cancelled: ({ id, items }) => `{hi}訂單 ${id}（${items}）已取消。`,
  refunding: ({ id, items }) => `{hi}訂單 ${id}（${items}）退款處理中。`,
  refunded: ({ id, items }) => `{hi}訂單 ${id}（${items}）已退款，款項會退回原付款方式。`,
  notReceived: "抱歉讓您擔心了。可以先看看家人、管理室、超商或智取櫃有沒有代收；都沒有的話請轉人工，由客服為您查證。",

  cachedAt: (time) => `以下是 ${time} 的資料：`,
  staleAt: (time) => `系統暫時連不上，以下是 ${time} 的資料，之後可能有變動：`,

  pick: (count) => `您有 ${count} 筆訂單，想看哪一筆？`,
  noOrders: "您的帳號下還沒有訂單。如果是用別的帳號下單，可以登入那個帳號再問我，或者轉人工幫您查。",
  notYours: (orderId) => `您的帳號下沒有找到訂單 ${orderId}，請核對一下訂單編號。`,
  askOrder: "請傳一下訂單編號（在「我的訂單」裡可以看到），我來幫您查。",
  askFact: (orderId) => `收到，訂單 ${orderId}。為了保護您的資料，請再傳一下收件人手機的後 4 位。`,
  notFound: "沒有找到與這個訂單編號和手機後 4 位都相符的訂單，請核對後重新傳送（訂單編號或後 4 位都可以重傳）。",
  tooManyTries: "還是沒有核對上。為了保護訂單資料，我請客服人員來幫您查。",
  offerPerson: "需要的話，可以轉人工客服。",
  person: "轉人工",
};
