import type { KnowledgeArticle } from "../../knowledge/index.ts";

/** A small shop's knowledge, written for these tests. */
export const SHOP: readonly KnowledgeArticle[] = [
  { id: "return", question: "怎么退货", phrasings: ["我想把东西退了", "收到的商品不想要了可以退吗"] },
  { id: "no-return", question: "哪些商品不能退货", phrasings: ["为什么这个不能退"] },
  { id: "exchange", question: "尺码不合适怎么换货", phrasings: ["能换大一码吗"] },
  { id: "ship-when", question: "什么时候发货", phrasings: ["下单后几天能发出来"] },
  { id: "ship-fee", question: "运费怎么算", phrasings: ["满多少包邮"] },
  { id: "invoice", question: "怎么开发票", phrasings: ["可以开电子发票吗"] },
  { id: "coupon", question: "优惠券可以叠加使用吗", phrasings: ["两张券能一起用吗"] },
  { id: "price", question: "刚买就降价了能补差价吗", phrasings: ["价格保护怎么申请"] },
  { id: "address", question: "怎么修改收货地址", phrasings: ["地址填错了"] },
  { id: "password", question: "忘记密码怎么办", phrasings: ["登录密码想不起来了"] },
  { id: "en-refund", question: "How do I get a refund?", phrasings: ["I want my money back"] },
  { id: "en-track", question: "Where is my package?", phrasings: ["track my order", "when will my parcel arrive"] },
  { id: "en-cancel", question: "How can I cancel my order?", phrasings: ["please cancel the order"] },
  { id: "en-password", question: "I forgot my password", phrasings: ["reset password"] },
  { id: "ja-return", question: "商品を返品したいのですが", phrasings: ["返品の方法を教えてください"] },
  { id: "ja-ship", question: "荷物はいつ届きますか", phrasings: ["配送状況を確認したい"] },
  { id: "ja-receipt", question: "領収書を発行してもらえますか" },
  { id: "iphone", question: "iPhone 15 有现货吗" },
];
