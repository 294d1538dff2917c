import type { Phrases } from "../phrases.ts";

export const en: Phrases = {
  status: {
    pending_payment: "Awaiting payment",
    paid: "Paid, not shipped",
    preparing: "Being prepared",
    shipped: "Shipped",
    delivered: "Delivered",
    completed: "Completed",
    cancelled: "Cancelled",
    refunding: "Refund in progress",
    refunded: "Refunded",
  },
  items: (title, { pieces, kinds }) =>
    kinds > 1 ? `${title} + ${kinds - 1} more` : pieces > 1 ? `${title} × ${pieces}` : title,

  pendingPayment: ({ id, items, total }) =>
    `Order ${id} (${items}) has not been paid yet; the amount is ${total}. It ships after payment.`,
  unshipped: ({ id, items, promised }) =>
    promised === undefined
      ? `Order ${id} (${items}) is paid and has not shipped yet.`
      : `Order ${id} (${items}) is paid and has not shipped yet. It is promised to ship by ${promised}.`,
  overdue: ({ id, items, promised }) =>
    `I'm sorry: order ${id} (${items}) was promised to ship by ${promised} and is overdue.`,
  sorryToWait: "Thank you for your patience.",
  shipped: ({ id, items, at }) =>
    at === undefined ? `Order ${id} (${items}) has shipped.` : `Order ${id} (${items}) shipped on ${at}.`,
  parcel: ({ carrier, tracking }) => `${carrier} ${tracking}`,
  node: ({ at, text }) => `${at}: ${text}`,
  eta: (day) => `Expected on ${day}.`,
  noNodes: "The carrier has no tracking record yet; it usually appears a few hours after pickup.",
  shipmentsUnknown: "The carrier's tracking can't be reached for the moment. Please ask me again a little later.",
  exception: "There was a problem delivering this parcel; one of our team should look into it.",
  delivered: ({ id, items, at }) =>
    at === undefined ? `Order ${id} (${items}) was delivered.` : `Order ${id} (${items}) was delivered on ${at}.`,
  completed: ({ id, items, at }) =>
    at === undefined
      ? `Order ${id} (${items}) is completed.`
      : `Order ${id} (${items}) is completed; it was delivered on ${at}.`,
  cancelled: ({ id, items }) => `Order ${id} (${items}) was cancelled.`,
  refunding: ({ id, items }) => `The refund for order ${id} (${items}) is being processed.`,
  refunded: ({ id, items }) => `Order ${id} (${items}) was refunded to the original payment method.`,
  notReceived:
    "I'm sorry about that. Please check with family, neighbours, reception or a parcel locker first; if it isn't there, talk to our team and they will look into it with the carrier.",

  cachedAt: (time) => `As of ${time}:`,
  staleAt: (time) => `The system can't be reached for the moment. As of ${time}, and it may have changed since:`,

  pick: (count) => `You have ${count} orders. Which one is it about?`,
  noOrders:
    "There are no orders on your account yet. If you ordered with another account, sign in there and ask me again, or talk to our team.",
  notYours: (orderId) => `I can't find order ${orderId} on your account. Please check the number.`,
  askOrder: 'Please send me the order number (you find it under "My orders").',
  askFact: (orderId) =>
    `Thanks, order ${orderId}. To protect your details, please also send the last 4 digits of the recipient's phone number.`,
  notFound:
    "I can't find an order that matches both this number and these 4 digits. Please check and send either of them again.",
  tooManyTries: "That still doesn't match. To protect the order's details, I'm asking our team to help you.",
  offerPerson: "If you like, you can talk to our team.",
  person: "Talk to a person",
};
