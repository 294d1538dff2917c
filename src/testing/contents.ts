import type { Content } from "../core/content.ts";

const card = (title: string) => ({
  type: "card" as const,
  title,
  text: "轻便透气 & 耐磨 <新款>",
  imageUrl: "https://shop.example/shoes.jpg",
  actions: [
    { label: "查看", url: "https://shop.example/shoes" },
    { label: "咨询客服", value: `ask:${title}` },
  ],
});

/** One of each kind, as a shop would send it. */
export const CONTENTS: readonly Content[] = [
  { type: "text", text: "亲，您的订单已发货 📦" },
  { type: "image", url: "https://shop.example/a.jpg", name: "a.jpg", mime: "image/jpeg", alt: "尺码表" },
  { type: "audio", url: "https://shop.example/a.mp3", name: "a.mp3", mime: "audio/mpeg" },
  { type: "video", url: "https://shop.example/a.mp4", name: "a.mp4", mime: "video/mp4" },
  { type: "file", url: "https://shop.example/a.xlsx", name: "对账单.xlsx" },
  { type: "location", lat: 31.23, lng: 121.47, title: "上海门店", address: "南京东路 1 号" },
  { type: "link", url: "https://shop.example/help", title: "退货说明", description: "7 天无理由" },
  card("跑鞋"),
  { type: "carousel", cards: [card("跑鞋"), card("板鞋")] },
  {
    type: "product",
    productId: "p1",
    title: "跑鞋",
    price: { amount: 25900, currency: "CNY" },
    url: "https://shop.example/p1",
  },
  {
    type: "order",
    orderId: "A1001",
    status: "已发货",
    items: [{ title: "跑鞋", quantity: 1 }],
    total: { amount: 25900, currency: "CNY" },
    url: "https://shop.example/o/A1001",
  },
  {
    type: "choices",
    text: "想问哪个？",
    choices: Array.from({ length: 20 }, (_, n) => ({ label: `订单 ${n + 1}`, value: `o${n}` })),
  },
  { type: "sticker", emoji: "🎉" },
  { type: "system", code: "handoff", text: "已转人工" },
  { type: "unsupported", kind: "poll" },
];
