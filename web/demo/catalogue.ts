export type Language = "zh" | "en";
export type Both = Readonly<Record<Language, string>>;

export interface Product {
  readonly productId: string;
  readonly title: Both;
  readonly tag: Both;
  readonly about: Both;
  /** Yuan. */
  readonly price: number;
  readonly soldOut?: true;
}

/** The same goods as the embedded demo shop sells: the desk finds them by id. */
export const products: readonly Product[] = [
  {
    productId: "p-101",
    title: { zh: "云感亚麻衬衫 男女同款", en: "Cloud Linen Shirt" },
    tag: { zh: "当季新品", en: "New in" },
    about: {
      zh: "法国亚麻，砂洗柔软，越洗越贴身。S–XXL 五个尺码，七天无理由退换。",
      en: "French linen, stone-washed soft. Five sizes from S to XXL, returns within seven days.",
    },
    price: 189,
  },
  {
    productId: "p-102",
    title: { zh: "轻量羽绒服 立领短款", en: "Light Down Jacket" },
    tag: { zh: "满 300 减 40", en: "¥40 off over ¥300" },
    about: {
      zh: "90% 白鹅绒，仅重 320 克，可收进随附小袋。防泼水面料。",
      en: "90% white goose down, 320 g, packs into its own pouch. Water-repellent shell.",
    },
    price: 499,
  },
  {
    productId: "p-103",
    title: { zh: "真丝印花方巾 90×90", en: "Silk Scarf 90×90" },
    tag: { zh: "礼盒装", en: "Gift-boxed" },
    about: {
      zh: "14 姆米桑蚕丝，手工卷边，附礼盒与手提袋。",
      en: "14-momme mulberry silk with hand-rolled edges, in a gift box.",
    },
    price: 268,
  },
  {
    productId: "p-105",
    title: { zh: "小白鞋 头层牛皮", en: "White Leather Sneakers" },
    tag: { zh: "补货中", en: "Back soon" },
    about: {
      zh: "头层牛皮鞋面，乳胶鞋垫。35–44 码，目前补货中，可让小二到货提醒。",
      en: "Full-grain leather with a latex insole, EU 35–44. Out of stock for now; ask us to tell you when it is back.",
    },
    price: 329,
    soldOut: true,
  },
  {
    productId: "p-201",
    title: { zh: "主动降噪蓝牙耳机 Air 3", en: "Air 3 Noise-Cancelling Earbuds" },
    tag: { zh: "热卖", en: "Bestseller" },
    about: {
      zh: "-42 dB 主动降噪，单次 7 小时，含盒 30 小时。一年质保。",
      en: "-42 dB noise cancelling, 7 hours a charge, 30 with the case. One-year warranty.",
    },
    price: 399,
  },
  {
    productId: "p-301",
    title: { zh: "手冲咖啡壶套装", en: "Pour-Over Coffee Set" },
    tag: { zh: "包邮", en: "Free shipping" },
    about: {
      zh: "耐热玻璃分享壶、滤杯、细口壶与 40 张滤纸，新手一套就够。",
      en: "Glass server, dripper, gooseneck kettle and 40 filters: all a beginner needs.",
    },
    price: 219,
  },
  {
    productId: "p-302",
    title: { zh: "香薰蜡烛 雪松与橙花", en: "Scented Candle, Cedar & Neroli" },
    tag: { zh: "第二件半价", en: "Second at half price" },
    about: {
      zh: "大豆蜡与棉芯，燃烧约 45 小时，无黑烟。",
      en: "Soy wax and a cotton wick; burns clean for about 45 hours.",
    },
    price: 108,
  },
  {
    productId: "p-304",
    title: { zh: "定制刻字保温杯", en: "Engraved Vacuum Flask" },
    tag: { zh: "可刻字", en: "Engraved for you" },
    about: {
      zh: "316 不锈钢，保温 12 小时。刻字定制 2 天内发货，定制商品不支持无理由退货。",
      en: "316 stainless steel, hot for 12 hours. Engraved and shipped within two days; made to order, so not returnable.",
    },
    price: 149,
  },
];

export interface Member {
  readonly id: string;
  readonly name: string;
  readonly hint: Both;
}

export const members: readonly Member[] = [
  { id: "m-1001", name: "林小美", hint: { zh: "一个订单在路上", en: "One order under way" } },
  { id: "m-1002", name: "陈浩", hint: { zh: "三个订单进行中", en: "Three orders at once" } },
  { id: "m-1004", name: "赵雨桐", hint: { zh: "想退货", en: "Wants to return something" } },
  { id: "m-1005", name: "Emma Wilson", hint: { zh: "海外顾客", en: "Abroad, writes English" } },
  { id: "m-1006", name: "黃怡君", hint: { zh: "繁体中文", en: "Traditional Chinese" } },
  { id: "m-1008", name: "周建国", hint: { zh: "VIP，订单超时", en: "VIP, order overdue" } },
];

export const questions: Readonly<Record<Language, readonly string[]>> = {
  zh: ["我的订单到哪了", "怎么退货", "多久能发货？", "有优惠券吗", "转人工"],
  en: ["Where is my order?", "How do I return something?", "How long does shipping take?", "Talk to a person"],
};
