import { expect, it } from "vitest";
import { buildIndex, loadIndex } from "../../knowledge/index.ts";

const articles = [
  { id: "return", question: "怎么退货", phrasings: ["我想把东西退了"] },
  { id: "ship", question: "什么时候发货", phrasings: ["几天能发出来"] },
];

it("finds the article a shopper means", () => {
  const index = buildIndex(articles);
  expect(index.match("请问怎么退货呀").matches[0]?.articleId).toBe("return");
  expect(index.match("🙂").decision).toBe("none");
});

it("gives the same results from a snapshot", () => {
  const index = buildIndex(articles);
  expect(loadIndex(index.snapshot()).match("几天发货")).toEqual(index.match("几天发货"));
});
