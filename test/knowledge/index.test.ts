import { describe, expect, it } from "vitest";
import { buildIndex, DEFAULT_THRESHOLDS, loadIndex } from "../../knowledge/index.ts";
import { SHOP } from "./shop.ts";

const index = buildIndex(SHOP);

describe("finds the article a shopper means", () => {
  it.each([
    ["请问怎么退货呀", "return"],
    ["亲，咋退货啊", "return"],
    ["這件商品不想要了，可以退嗎？", "return"],
    ["如何退貨", "return"],
    ["為什麼這個不能退", "no-return"],
    ["这个为什么退不了 不能退吗", "no-return"],
    ["太小了，能換大一碼嗎", "exchange"],
    ["快点发货", "ship-when"],
    ["催单", "ship-when"],
    ["什么时候发火", "ship-when"],
    ["发飘怎么开", "invoice"],
    ["券叠加", "coupon"],
    ["兩張優惠券可以同時使用嗎", "coupon"],
    ["退差价", "price"],
    ["买贵了", "price"],
    ["地址写错了怎么改", "address"],
    ["密码忘了登不上", "password"],
    ["ｉＰｈｏｎｅ　１５ 还有货吗", "iphone"],
    ["how can i get my money back", "en-refund"],
    ["refnud please", "en-refund"],
    ["wheres my parcel", "en-track"],
    ["cancelling an order", "en-cancel"],
    ["pasword reset", "en-password"],
    ["返品したい", "ja-return"],
    ["返却方法", "ja-return"],
    ["いつ届く？", "ja-ship"],
    ["ﾘｮｳｼｭｳｼｮ 領収書お願いします", "ja-receipt"],
    ["Hi 我要 refund", "en-refund"],
  ])("%s → %s", (text, id) => {
    expect(index.match(text).matches[0]?.articleId).toBe(id);
  });
});

describe("decides", () => {
  it("to answer a question asked word for word, in either script", () => {
    expect(index.match("怎么开发票").decision).toBe("answer");
    expect(index.match("怎麼開發票").matches[0]?.score).toBeGreaterThan(0.9);
  });

  it.each(["今天天气真好", "what is the capital of france", "🙂", "？？？", "", "   "])(
    "to stay silent at %j",
    (text) => {
      expect(index.match(text).decision).not.toBe("answer");
    },
  );

  it("by the shop's own thresholds", () => {
    const text = "发票";
    const { score } = index.match(text).matches[0] ?? { score: 0 };
    expect(score).toBeGreaterThan(0);
    expect(index.match(text, { thresholds: { answer: score, suggest: 0 } }).decision).toBe("answer");
    expect(index.match(text, { thresholds: { answer: 1.1, suggest: score } }).decision).toBe("suggest");
    expect(index.match(text, { thresholds: { answer: 1.1, suggest: 1.1 } }).decision).toBe("none");
  });

  it("with the best match first and scores between 0 and 1", () => {
    const { matches } = index.match("退货运费怎么算", { limit: 10 });
    expect(matches.length).toBeGreaterThan(3);
    const scores = matches.map((m) => m.score);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    expect(Math.min(...scores)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...scores)).toBeLessThanOrEqual(1);
    expect(DEFAULT_THRESHOLDS.suggest).toBeLessThan(DEFAULT_THRESHOLDS.answer);
  });

  it("nothing in an empty shop", () => {
    expect(buildIndex([]).match("怎么退货")).toEqual({ decision: "none", matches: [] });
  });
});

describe("explains", () => {
  const via = (text: string) =>
    Object.fromEntries((index.match(text).matches[0]?.why ?? []).map((w) => [w.term, w.via]));

  it("the same words", () => expect(via("怎么退货")).toEqual({ 怎么退货: "exact" }));
  it("another script", () => expect(via("請問如何退貨")).toEqual({ 如何退货: "variant" }));
  it("a homophone", () => expect(Object.values(via("发飘怎么开"))).toContain("pinyin"));
  it("a misspelling", () => expect(via("refnud please").refnud).toBe("typo"));
  it("a synonym", () => expect(Object.values(via("催单"))).toEqual(["synonym"]));

  it("with weights that add up to one", () => {
    const why = index.match("我想开一张电子发票").matches[0]?.why ?? [];
    expect(why.reduce((sum, w) => sum + w.weight, 0)).toBeCloseTo(1, 1);
  });

  it("with the phrasing that fits best", () => {
    expect(index.match("可以开电子发票么").matches[0]?.phrasing).toBe("可以开电子发票吗");
  });
});

describe("the shop's own words", () => {
  const articles = [
    { id: "gift", question: "会员日有什么活动" },
    { id: "ship", question: "什么时候发货" },
  ];

  it("synonyms", () => {
    const text = "宠粉节";
    expect(buildIndex(articles).match(text).matches).toEqual([]);
    const own = buildIndex(articles, { synonyms: [["宠粉节", "会员日"]] });
    expect(own.match(text).matches[0]).toMatchObject({ articleId: "gift", why: [{ term: "宠粉节", via: "synonym" }] });
  });

  it("stop words", () => {
    const own = buildIndex(articles, { synonyms: [], stopWords: ["小店"] });
    expect(own.match("小店什么时候发货").matches[0]?.score).toBe(own.match("什么时候发货").matches[0]?.score);
  });

  it("are found again when a snapshot was made without them", () => {
    const bytes = buildIndex(articles).snapshot();
    const own = loadIndex(bytes, { synonyms: [["宠粉节", "会员日"]] });
    expect(own.match("宠粉节").matches[0]?.articleId).toBe("gift");
  });
});
