import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildIndex, type KnowledgeArticle, type KnowledgeIndex, loadIndex } from "../../knowledge/index.ts";

const piece = fc.constantFrom(
  ..."退货 發票 怎么 不能 什么时候 吗 请问 的 可以 刻字 鹦鹉 寄养 order refund do you ship Norway 15 1.5 返品 いつ 🙂".split(
    " ",
  ),
);
const question = fc
  .array(piece, { minLength: 1, maxLength: 6 })
  .map((pieces) => pieces.join(pieces.some((p) => /^[a-z]/i.test(p)) ? " " : ""));
const shop = fc.uniqueArray(
  fc.record({
    id: fc.constantFrom(..."abcdefghij"),
    question,
    phrasings: fc.array(question, { maxLength: 3 }),
    keywords: fc.array(piece, { maxLength: 2 }),
    priority: fc.integer({ min: -10, max: 10 }),
  }),
  { selector: (article) => article.id, minLength: 1, maxLength: 10 },
);
/** What does not change the wording. */
const disguise = fc.constantFrom<(text: string) => string>(
  (text) => text,
  (text) => `${text}？`,
  (text) => ` ${text}。。。\n`,
  (text) => text.toUpperCase(),
  (text) => [...text].map((c) => (/[a-z0-9]/i.test(c) ? String.fromCharCode(c.charCodeAt(0) + 0xfee0) : c)).join(""),
  (text) => [...text].join("\u200b"),
);

const textsOf = ({ question: asked, phrasings = [] }: KnowledgeArticle) => [asked, ...phrasings];
const packs = ["zh-CN", "zh-TW", "en"].flatMap((locale) =>
  readFileSync(new URL(`../../knowledge/packs/general.${locale}.ndjson`, import.meta.url), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as KnowledgeArticle),
);

/** By text, the articles that hold it: of twins either may answer. */
function holdersOf(articles: readonly KnowledgeArticle[]): Map<string, Set<string>> {
  const holders = new Map<string, Set<string>>();
  const wordingOf = (text: string) => text.toLowerCase().replaceAll(/(?<!\d) | (?!\d)/g, "");
  const texts = articles.flatMap((article) => textsOf(article).map((text) => ({ id: article.id, text })));
  for (const { text } of texts)
    holders.set(
      text,
      new Set(texts.filter((other) => wordingOf(other.text) === wordingOf(text)).map((other) => other.id)),
    );
  return holders;
}

function expectVerbatim(index: KnowledgeIndex, text: string, id: string) {
  const { decision, matches } = index.match(text);
  expect(decision).toBe("answer");
  expect(matches[0]?.articleId).toBe(id);
  expect(matches[0]?.score).toBeGreaterThanOrEqual(0.99);
}

describe("an article's own wording, asked word for word", () => {
  it("is answered by it, whatever the shop holds besides", () => {
    fc.assert(
      fc.property(shop, disguise, (articles, disguised) => {
        const index = buildIndex(articles);
        for (const [text, holders] of holdersOf(articles)) {
          const { decision, matches } = index.match(disguised(text));
          expect(decision).toBe("answer");
          expect(holders).toContain(matches[0]?.articleId);
          if (holders.size === 1) expect(matches[0]?.score).toBeGreaterThanOrEqual(0.99);
        }
      }),
      { numRuns: 300 },
    );
  });

  const added = [
    "鹦鹉能寄养吗",
    "可以刻字吗",
    "Do you ship to Norway?",
    "能开增值税专票吗",
    "退货",
    "有吗",
    "请问",
    "多少钱？",
    "領収書は？",
    "1.5米的有吗",
    "👍",
  ];

  it.each(added)("is answered a moment after it was added to a shop full of others: %s", (text) => {
    const index = buildIndex(packs);
    index.put({ id: "new", question: text });
    expectVerbatim(index, text, "new");
    expectVerbatim(loadIndex(index.snapshot()), text, "new");
    index.remove("new");
    expect(index.match(text).matches[0]?.articleId).not.toBe("new");
  });

  it("is answered whatever the script, width, case and punctuation", () => {
    const index = buildIndex([
      ...packs,
      { id: "parrot", question: "鹦鹉能寄养吗？" },
      { id: "norway", question: "Do you ship to Norway" },
    ]);
    for (const text of ["鸚鵡能寄養嗎", "鹦鹉，能寄养吗?!", " 鹦 鹉 能 寄 养 吗 "])
      expectVerbatim(index, text, "parrot");
    for (const text of ["DO YOU SHIP TO NORWAY??", "ｄｏ ｙｏｕ ｓｈｉｐ ｔｏ ｎｏｒｗａｙ"])
      expectVerbatim(index, text, "norway");
  });

  it("is answered for every question and phrasing of the starter packs", () => {
    const index = buildIndex(packs);
    for (const { id, ...article } of packs)
      for (const text of textsOf({ id, ...article })) {
        const { decision, matches } = index.match(text);
        expect(decision).toBe("answer");
        expect(matches[0]?.score).toBeGreaterThanOrEqual(0.9);
        expect(matches[0]?.phrasing.replaceAll(/[?？]/g, "")).toBe(text.replaceAll(/[?？]/g, ""));
      }
  });

  it("goes to the twin in the shopper's own script", () => {
    const index = buildIndex([
      { id: "cn", question: "会员生日有什么优惠" },
      { id: "tw", question: "會員生日有什麼優惠" },
    ]);
    expect(index.match("会员生日有什么优惠？").matches[0]?.articleId).toBe("cn");
    expect(index.match("會員生日有什麼優惠？").matches[0]?.articleId).toBe("tw");
  });

  it("is not mistaken for another number", () => {
    const index = buildIndex([{ id: "long", question: "15米的有吗" }]);
    expect(index.match("15米的有吗").matches[0]?.score).toBeGreaterThanOrEqual(0.99);
    expect(index.match("1.5米的有吗").matches[0]?.score ?? 0).toBeLessThan(0.9);
  });

  it("does not get past what a merchant ruled out", () => {
    const closed = { id: "a", question: "怎么取消订单", mustNot: ["取消"] };
    expect(buildIndex([closed]).match("怎么取消订单").matches).toEqual([]);
    const countered = { id: "a", question: "怎么取消订单", counterExamples: ["怎么取消自动续费", "怎么取消订阅"] };
    expectVerbatim(buildIndex([countered]), "怎么取消订单", "a");
    expect(buildIndex([countered]).match("怎么取消订阅").decision).not.toBe("answer");
    expect(buildIndex([countered]).match("怎么取消订单", { accept: () => false }).matches).toEqual([]);
  });
});
