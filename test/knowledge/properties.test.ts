import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildIndex, type KnowledgeArticle, loadIndex, normalize } from "../../knowledge/index.ts";
import { SHOP } from "./shop.ts";

const index = buildIndex(SHOP);
const anyText = fc.oneof(fc.string({ unit: "binary", maxLength: 200 }), fc.string({ unit: "grapheme", maxLength: 80 }));
const piece = fc.constantFrom(
  "退货",
  "發票",
  "怎么",
  "不能",
  "什么时候",
  "order",
  "refund",
  "返品",
  "いつ",
  "2024-08",
  "🙂",
  "，",
);
const question = fc.array(piece, { minLength: 1, maxLength: 6 }).map((pieces) => pieces.join(""));
const article: fc.Arbitrary<KnowledgeArticle> = fc.record(
  {
    id: fc.constantFrom("a", "b", "c", "d", "e", "f"),
    question,
    phrasings: fc.array(question, { maxLength: 3 }),
    keywords: fc.array(question, { maxLength: 1 }),
    mustNot: fc.array(piece, { maxLength: 1 }),
    counterExamples: fc.array(question, { maxLength: 1 }),
    priority: fc.integer({ min: -3, max: 3 }),
  },
  { requiredKeys: ["id", "question"] },
);

describe("always", () => {
  it("a match throws at no string, and its scores are probabilities", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        for (const { score } of index.match(text).matches) expect(score >= 0 && score <= 1).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it("any string can be a question, a phrasing, a keyword", () => {
    fc.assert(
      fc.property(anyText, anyText, (a, b) => {
        const own = buildIndex([{ id: "x", question: a, phrasings: [b], keywords: [a], mustHave: [b] }]);
        own.match(a);
        loadIndex(own.snapshot()).match(b);
      }),
    );
  });

  it("normalising twice changes nothing", () => {
    fc.assert(fc.property(anyText, (text) => normalize(normalize(text)) === normalize(text)));
  });

  it("the same question gets the same answer, whatever was asked between", () => {
    fc.assert(
      fc.property(question, anyText, (asked, between) => {
        const before = index.match(asked);
        index.match(between);
        expect(index.match(asked)).toEqual(before);
      }),
    );
  });

  it("a snapshot answers as the index it was made of", () => {
    fc.assert(
      fc.property(fc.array(article, { maxLength: 8 }), question, (articles, asked) => {
        const own = buildIndex(articles);
        const loaded = loadIndex(own.snapshot());
        expect(loaded.size).toBe(own.size);
        expect(loaded.match(asked, { limit: 9 })).toEqual(own.match(asked, { limit: 9 }));
      }),
    );
  });

  it("putting and removing ends where building anew does", () => {
    const step = fc.oneof(article, fc.constantFrom("a", "b", "c", "d"));
    fc.assert(
      fc.property(
        fc.array(article, { maxLength: 6 }),
        fc.array(step, { maxLength: 8 }),
        question,
        (given, steps, asked) => {
          const own = buildIndex(given);
          const kept = new Map<string, KnowledgeArticle>();
          for (const one of [...given, ...steps]) {
            const id = typeof one === "string" ? one : one.id;
            kept.delete(id);
            if (typeof one !== "string") kept.set(id, one);
          }
          for (const one of steps) {
            if (typeof one === "string") own.remove(one);
            else own.put(one);
          }
          expect(own.size).toBe(kept.size);
          expect(own.match(asked, { limit: 9 })).toEqual(buildIndex(kept.values()).match(asked, { limit: 9 }));
        },
      ),
    );
  });
});

describe("awkward texts get a sane answer in bounded time", () => {
  it.each([
    ["5,000 characters", "怎么退货".repeat(1250)],
    ["5,000 letters", "a".repeat(5000)],
    ["5,000 words", "refund ".repeat(5000)],
    ["one emoji", "👍"],
    ["punctuation", "！？。，…———"],
    ["NUL", "退\u0000货"],
    ["lone surrogates", "\ud800退货\udc00"],
    ["zero-width characters", "退\u200b货\u2060怎\u00ad么"],
    ["combining marks", `退${"\u0301".repeat(2000)}货`],
  ])("%s", (_, text) => {
    const from = performance.now();
    expect(() => index.match(text)).not.toThrow();
    expect(performance.now() - from).toBeLessThan(200);
  });

  it("invisible characters hide nothing", () => {
    expect(index.match("退\u200b货\u2060怎\u00ad么").matches[0]?.articleId).toMatch(/return/);
    expect(index.match("怎么退\u0000货").decision).toBe("answer");
  });
});
