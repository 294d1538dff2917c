import { describe, expect, it } from "vitest";
import { buildIndex, buildIndexInSteps, DEFAULT_THRESHOLDS, loadIndex } from "../../knowledge/index.ts";
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

describe("tells articles apart that mean nearly the same", () => {
  const nearly = buildIndex([
    { id: "which", question: "哪个牌子的保温杯好" },
    { id: "what", question: "什么牌子的保温杯比较好呢" },
    { id: "can", question: "how can I change my address" },
    { id: "where", question: "where can I change my address" },
  ]);

  it.each([
    ["哪个牌子的保温杯好", "which"],
    ["哪个排子的保温杯好", "which"],
    ["哪個牌子的保溫杯好", "which"],
    ["什么牌子的保温杯比较好", "what"],
    ["where can i change the address", "where"],
    ["how can i change the address", "can"],
  ])("%s → %s, by how they are written", (text, id) => {
    expect(nearly.match(text).matches[0]?.articleId).toBe(id);
  });

  it("and a score never rises from one place to the next", () => {
    for (const text of ["保温杯什么牌子好", "保温杯", "change address"]) {
      const scores = nearly.match(text, { limit: 4 }).matches.map((m) => m.score);
      expect(scores).toEqual([...scores].sort((a, b) => b - a));
    }
  });
});

describe("knows what Taiwan and Hong Kong call it", () => {
  const shop = buildIndex([
    { id: "courier", question: "发什么快递" },
    { id: "coupon", question: "优惠券怎么用" },
    { id: "seven", question: "支持七天无理由退货吗" },
    { id: "video", question: "有安装视频吗" },
    { id: "sms", question: "收不到短信验证码" },
    { id: "warranty", question: "保修多久" },
    { id: "pickup", question: "可以自提吗" },
    { id: "invoice", question: "发票可以写税号吗" },
  ]);

  it.each([
    ["宅配是哪一家", "courier"],
    ["折價券怎麼使用", "coupon"],
    ["有鑑賞期嗎", "seven"],
    ["有沒有安裝影片", "video"],
    ["簡訊驗證碼收不到", "sms"],
    ["保固期多久", "warranty"],
    ["可唔可以超商取貨", "pickup"],
    ["發票可以打統編嗎", "invoice"],
    ["保養期幾耐", "warranty"],
  ])("%s → %s", (text, id) => {
    expect(shop.match(text).matches[0]?.articleId).toBe(id);
  });
});

it("is the same index when it is built in steps", () => {
  const steps = buildIndexInSteps(SHOP);
  let step = steps.next();
  let pauses = 0;
  for (; !step.done; step = steps.next()) pauses++;
  expect(pauses).toBeGreaterThan(0);
  for (const text of ["请问怎么退货呀", "refnud please", "返品したい"])
    expect(step.value.match(text)).toEqual(index.match(text));
});

describe("takes any length", () => {
  it.each([
    ["a long one", "我想问一下怎么退货，".repeat(500)],
    ["a picture", "🙂"],
    ["marks", "？！。…".repeat(1000)],
  ])("%s in no more than a few milliseconds", (_, text) => {
    index.match(text);
    const from = performance.now();
    for (let i = 0; i < 20; i++) index.match(text);
    expect((performance.now() - from) / 20).toBeLessThan(20);
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
    const scoreOf = (shop: typeof own) => shop.match("小店什么时候发货").matches[0]?.score ?? 0;
    expect(scoreOf(own)).toBeGreaterThan(0.95);
    expect(scoreOf(own)).toBeGreaterThan(scoreOf(buildIndex(articles)));
  });

  it("are found again when a snapshot was made without them", () => {
    const bytes = buildIndex(articles).snapshot();
    const own = loadIndex(bytes, { synonyms: [["宠粉节", "会员日"]] });
    expect(own.match("宠粉节").matches[0]?.articleId).toBe("gift");
  });
});
