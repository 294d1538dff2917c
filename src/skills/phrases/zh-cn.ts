import type { Phrases } from "../phrases.ts";

export const zhCN: Phrases = {
  status: {
    pending_payment: "待付款",
    paid: "待发货",
    preparing: "备货中",
    shipped: "已发货",
    delivered: "已签收",
    completed: "已完成",
    cancelled: "已取消",
    refunding: "退款中",
    refunded: "已退款",
  },
  items: (title, { pieces, kinds }) =>
    kinds > 1 ? `「${title}」等 ${pieces} 件` : pieces > 1 ? `「${title}」×${pieces}` : `「${title}」`,

  pendingPayment: ({ id, items, total }) =>
    `{hi}订单 ${id}（${items}）还没有付款，金额 ${total}。付款后仓库就会安排发货。`,
  unshipped: ({ id, items, promised }) =>
    promised === undefined
      ? `{hi}订单 ${id}（${items}）已付款，还没有发出。`
      : `{hi}订单 ${id}（${items}）已付款，还没有发出，承诺在 ${promised} 前发货。`,
  overdue: ({ id, items, promised }) =>
    `{hi}非常抱歉，订单 ${id}（${items}）承诺在 ${promised} 前发货，已经超时还没有发出。`,
  sorryToWait: "让您久等了。",
  shipped: ({ id, items, at }) =>
    at === undefined ? `{hi}订单 ${id}（${items}）已发货。` : `{hi}订单 ${id}（${items}）已于 ${at} 发货。`,
  parcel: ({ carrier, tracking }) => `${carrier} ${tracking}`,
  node: ({ at, text }) => `${at} ${text}`,
  eta: (day) => `预计 ${day} 送达。`,
  noNodes: "快递公司还没有物流记录，一般揽收后几小时内会有。",
  shipmentsUnknown: "快递公司的物流记录暂时查不到，稍后可以再问我一次。",
  exception: "这个包裹派送遇到了问题，需要人工跟进。",
  delivered: ({ id, items, at }) =>
    at === undefined ? `{hi}订单 ${id}（${items}）已签收。` : `{hi}订单 ${id}（${items}）已于 ${at} 签收。`,
  completed: ({ id, items, at }) =>
    at === undefined ? `{hi}订单 ${id}（${items}）已完成。` : `{hi}订单 ${id}（${items}）已完成，签收时间 ${at}。`,
  cancelled: ({ id, items }) => `{hi}订单 ${id}（${items}）已取消。`,
  refunding: ({ id, items }) => `{hi}订单 ${id}（${items}）退款处理中。`,
  refunded: ({ id, items }) => `{hi}订单 ${id}（${items}）已退款，款项按原支付方式退回。`,
  notReceived: "抱歉让您着急了。可以先看看家人、门卫、驿站或快递柜有没有代收；都没有的话请转人工，由客服为您核实。",

  cachedAt: (time) => `以下是 ${time} 的数据：`,
  staleAt: (time) => `系统暂时连不上，以下是 ${time} 的数据，之后可能有变化：`,

  pick: (count) => `{hi}您有 ${count} 个订单，想看哪一个？`,
  noOrders: "{hi}您的账号下还没有订单。如果是用别的账号下的单，可以登录那个账号再问我，或者转人工帮您查。",
  notYours: (orderId) => `{hi}您的账号下没有找到订单 ${orderId}，请核对一下订单号。`,
  askOrder: "{hi}请发一下订单号（在「我的订单」里可以看到），我来帮您查。",
  askFact: (orderId) => `收到，订单 ${orderId}。为了保护您的信息，请再发一下收件人手机号的后 4 位。`,
  notFound: "没有找到与这个订单号和手机后 4 位都相符的订单，请核对后重新发送（订单号或后 4 位都可以重发）。",
  tooManyTries: "{hi}还是没有核对上。为了保护订单信息，我请人工客服来帮您查。",
  offerPerson: "需要的话，可以转人工客服。",
  person: "转人工",
};
