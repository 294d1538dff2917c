import { describe, expect, it } from "vitest";
import { buildIndex, type KnowledgeArticle, validatePattern } from "../../knowledge/index.ts";

const first = (articles: readonly KnowledgeArticle[], text: string, options = {}) =>
  buildIndex(articles).match(text, options).matches[0];

describe("a merchant says", () => {
  it("which words must occur, themselves or a synonym", () => {
    const articles = [{ id: "a", question: "怎么修改密码", mustHave: ["支付密码"] }];
    expect(first(articles, "怎么修改密码")).toBeUndefined();
    expect(first(articles, "怎么修改支付密码")?.articleId).toBe("a");
    const refunds = [{ id: "a", question: "how long does it take", mustHave: ["refund"] }];
    expect(first(refunds, "how long does it take")).toBeUndefined();
    expect(first(refunds, "how long does the money back take")?.articleId).toBe("a");
  });

  it("which words must not occur, whole words only", () => {
    const articles = [{ id: "a", question: "where is my cart", mustNot: ["art", "企业"] }];
    expect(first(articles, "where is my cart")?.articleId).toBe("a");
    expect(first(articles, "where is my art cart")).toBeUndefined();
    expect(first([{ id: "a", question: "怎么开发票", mustNot: ["企业"] }], "企业怎么开发票")).toBeUndefined();
  });

  it("which keywords speak for an article, and how much", () => {
    const article = (weight: number) => [
      { id: "a", question: "售后政策说明", keywords: [{ term: "碎屏险", weight }] },
      { id: "b", question: "怎么联系客服" },
    ];
    const scores = [0, 1, 3].map((weight) => first(article(weight), "请问碎屏险")?.score ?? 0);
    expect(scores[1]).toBeGreaterThan(scores[0] ?? 0);
    expect(scores[2]).toBeGreaterThan(scores[1] ?? 0);
    expect(first(article(3), "请问碎屏险")?.why[0]).toEqual({ term: "碎屏险", via: "keyword", weight: 1 });
  });

  it("which keywords count as they are written, where nothing but a function word is left of them", () => {
    const articles = [
      { id: "cancel", question: "怎么取消订单", keywords: ["不想要", "多久"] },
      { id: "ship", question: "发什么快递" },
    ];
    const via = (text: string) => first(articles, text)?.why.map((why) => why.via) ?? [];
    expect(via("我不想要啦")).toContain("keyword");
    expect(via("能寄养鹦鹉不")).not.toContain("keyword");
    expect(via("几天取消")).not.toContain("keyword");
  });

  it("which texts an article answers for certain: exact before contains before pattern", () => {
    const articles: KnowledgeArticle[] = [
      { id: "pattern", question: "甲", rules: [{ kind: "pattern", value: "^订单\\d{6,}$" }] },
      { id: "contains", question: "乙", rules: [{ kind: "contains", value: "订单123" }] },
      { id: "exact", question: "丙", rules: [{ kind: "exact", value: "訂單123456" }] },
    ];
    const index = buildIndex(articles);
    expect(index.match("订单123456").matches.map((m) => m.articleId)).toEqual(["exact", "contains", "pattern"]);
    expect(index.match("订单 654321").matches).toEqual([]);
    expect(index.match("订单654321")).toMatchObject({
      decision: "answer",
      matches: [{ articleId: "pattern", why: [{ via: "rule", weight: 1 }] }],
    });
  });

  it("which questions only look alike", () => {
    const articles = [
      { id: "a", question: "怎么取消订单", counterExamples: ["怎么取消自动续费"] },
      { id: "b", question: "关闭自动续费" },
    ];
    expect(first(articles, "怎么取消订单")?.articleId).toBe("a");
    expect(first(articles, "怎么取消自动续费")?.articleId).toBe("b");
    expect(buildIndex(articles).size).toBe(2);
  });

  it("what goes first among equals", () => {
    const articles = [
      { id: "a", question: "怎么退货" },
      { id: "b", question: "怎么退货", priority: 5 },
    ];
    expect(first(articles, "怎么退货")?.articleId).toBe("b");
  });

  it("in which language an article is", () => {
    const articles = [
      { id: "ja", question: "返品", locale: "ja-JP" },
      { id: "zh", question: "返品", locale: "zh-CN" },
    ];
    expect(first(articles, "返品", { locale: "zh-TW" })?.articleId).toBe("zh");
    expect(first(articles, "返品", { locale: "ja" })?.articleId).toBe("ja");
  });

  it("for whom an article is", () => {
    const articles = [
      { id: "vip", question: "怎么退货" },
      { id: "all", question: "怎么退货呢" },
    ];
    expect(first(articles, "怎么退货", { accept: (id: string) => id !== "vip" })?.articleId).toBe("all");
    expect(first(articles, "怎么退货", { accept: () => false })).toBeUndefined();
  });
});

describe("a pattern", () => {
  it.each(["退.*款", "^\\d{8,12}$", "(refund|money back)"])("%s is fine", (value) => {
    expect(validatePattern(value)).toBeUndefined();
  });

  it.each([
    ["", /empty/],
    ["(", /RE2/],
    ["(a)\\1", /RE2/],
    ["(?=x)y", /RE2/],
    ["a".repeat(201), /longer than 200/],
    ["a*", /empty text/],
    ["((a{100}){100}){100}", /repetitions/],
  ])("%s is refused with a reason", (value, reason) => {
    expect(validatePattern(value)).toMatch(reason);
  });

  it("that is refused never matches and never throws", () => {
    const articles: KnowledgeArticle[] = [{ id: "a", question: "甲", rules: [{ kind: "pattern", value: "(" }] }];
    expect(first(articles, "(((")).toBeUndefined();
  });
});
