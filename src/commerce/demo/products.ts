import type { Money } from "../../core/content.ts";

export interface DemoProduct {
  readonly productId: string;
  readonly title: string;
  readonly titleEn: string;
  readonly price: Money;
  readonly stock: number;
  /** Covered by the seven-day return without a reason; intimate wear, food and made-to-order goods are not. */
  readonly returnable: boolean;
}

const yuan = (amount: number): Money => ({ amount: amount * 100, currency: "CNY" });

export const DEMO_PRODUCTS: readonly DemoProduct[] = [
  {
    productId: "p-101",
    title: "云感亚麻衬衫 男女同款",
    titleEn: "Cloud Linen Shirt",
    price: yuan(189),
    stock: 126,
    returnable: true,
  },
  {
    productId: "p-102",
    title: "轻量羽绒服 立领短款",
    titleEn: "Light Down Jacket",
    price: yuan(499),
    stock: 38,
    returnable: true,
  },
  {
    productId: "p-103",
    title: "真丝印花方巾 90×90",
    titleEn: "Silk Scarf 90×90",
    price: yuan(268),
    stock: 54,
    returnable: true,
  },
  {
    productId: "p-104",
    title: "莫代尔内裤 3 条装",
    titleEn: "Modal Briefs, Pack of 3",
    price: yuan(79),
    stock: 410,
    returnable: false,
  },
  {
    productId: "p-105",
    title: "小白鞋 头层牛皮",
    titleEn: "White Leather Sneakers",
    price: yuan(329),
    stock: 0,
    returnable: true,
  },
  {
    productId: "p-201",
    title: "主动降噪蓝牙耳机 Air 3",
    titleEn: "Air 3 Noise-Cancelling Earbuds",
    price: yuan(399),
    stock: 73,
    returnable: true,
  },
  {
    productId: "p-202",
    title: "智能手环 8 Pro",
    titleEn: "Smart Band 8 Pro",
    price: yuan(299),
    stock: 91,
    returnable: true,
  },
  {
    productId: "p-203",
    title: "65W 氮化镓充电器",
    titleEn: "65W GaN Charger",
    price: yuan(129),
    stock: 260,
    returnable: true,
  },
  {
    productId: "p-301",
    title: "手冲咖啡壶套装",
    titleEn: "Pour-Over Coffee Set",
    price: yuan(219),
    stock: 33,
    returnable: true,
  },
  {
    productId: "p-302",
    title: "香薰蜡烛 雪松与橙花",
    titleEn: "Scented Candle, Cedar & Neroli",
    price: yuan(108),
    stock: 87,
    returnable: true,
  },
  {
    productId: "p-303",
    title: "长绒棉四件套 1.8 m",
    titleEn: "Long-Staple Cotton Bedding Set, King",
    price: yuan(459),
    stock: 21,
    returnable: true,
  },
  {
    productId: "p-304",
    title: "定制刻字保温杯",
    titleEn: "Engraved Vacuum Flask",
    price: yuan(149),
    stock: 150,
    returnable: false,
  },
];
