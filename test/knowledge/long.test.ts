import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildIndex } from "../../knowledge/index.ts";
import { SHOP } from "./shop.ts";

const index = buildIndex(SHOP);

const CHINESE = [
  "我是你们家的老顾客了。",
  "上个星期天带孩子去公园玩，下午下了一场大雨。",
  "最近工作特别忙，每天加班到很晚！",
  "我家住在六楼，没有电梯，上下楼不太方便。",
  "我老公说不用那么麻烦 可是我还是想弄清楚\n",
  "天气越来越冷了；大家注意保暖。",
];
const ENGLISH = [
  "My sister told me about your shop last spring. ",
  "It was raining all weekend, so we stayed at home with the kids. ",
  "We moved to a new flat on the fourth floor in June.\n",
  "The weather here has been awful, cold and windy every day. ",
];

const ramble = (sentences: readonly string[], length: number) => {
  let text = "";
  for (let i = 0; text.length < length; i++) text += sentences[i % sentences.length];
  return text;
};

describe("a long message that holds one question", () => {
  it.each([
    ["收到的衣服太小了。能不能换大一码？", "exchange"],
    ["请问怎么开发票呀", "invoice"],
    ["地址写错了怎么改，", "address"],
    ["密码忘了登不上怎么办 ", "password"],
    ["請問什麼時候可以發貨？", "ship-when"],
    ["刚买就降价了，可以补差价吗？", "price"],
  ])("is answered by what %j asks, wherever it stands", (question, id) => {
    for (const length of [60, 400, 2400])
      for (const [before, after] of [
        [length, length],
        [0, 2 * length],
        [2 * length, 0],
      ] as const) {
        const { decision, matches } = index.match(ramble(CHINESE, before) + question + ramble(CHINESE, after));
        expect(matches[0]?.articleId).toBe(id);
        expect(decision).toBe("answer");
      }
  });

  it("goes by what is asked, not by what is told beside it", () => {
    const told = "上次地址填错了。等了好几天，忘记密码。";
    for (const question of ["运费是怎么算的？", "请问运费怎么计算"])
      for (const text of [told + ramble(CHINESE, 300) + question, question + ramble(CHINESE, 300) + told])
        expect(index.match(text).matches[0]?.articleId).toBe("ship-fee");
  });

  it("at the beginning or the end of the longest", () => {
    for (const text of [`怎么开发票？${ramble(CHINESE, 20_000)}`, `${ramble(CHINESE, 20_000)}怎么开发票`]) {
      const { decision, matches } = index.match(text, { limit: 1 });
      expect([decision, ...matches.map((m) => m.articleId)]).toEqual(["answer", "invoice"]);
    }
  });

  it.each([
    ["How can I get my money back? ", "en-refund"],
    ["could you please tell me where my package is. ", "en-track"],
    ["I would like to cancel my order. ", "en-cancel"],
  ])("in English: %j", (question, id) => {
    for (const length of [200, 2400]) {
      const text = ramble(ENGLISH, length) + question + ramble(ENGLISH, length);
      expect(index.match(text).matches[0]?.articleId).toBe(id);
    }
  });

  it("explains itself by the words of the question", () => {
    const { why } = index.match(`${ramble(CHINESE, 2000)}怎么开发票${ramble(CHINESE, 2000)}`).matches[0] ?? { why: [] };
    expect(why.map((w) => w.term).join("")).toContain("开发票");
  });

  it("is found however long and broken, with the scores in order", () => {
    const noise = fc.array(fc.constantFrom(...CHINESE, ...ENGLISH, "，", " ", "\n", "🙂", "。。。", "!!!"), {
      maxLength: 120,
    });
    fc.assert(
      fc.property(noise, noise, (before, after) => {
        const { matches } = index.match(`${before.join("")}。怎么开发票？${after.join("")}`, { limit: 5 });
        expect(matches[0]?.articleId).toBe("invoice");
        const scores = matches.map((m) => m.score);
        expect(scores).toEqual([...scores].sort((a, b) => b - a));
        expect(new Set(matches.map((m) => m.articleId)).size).toBe(matches.length);
      }),
      { numRuns: 60 },
    );
  });
});

describe("a long message that asks nothing the shop knows", () => {
  it.each([
    ["a story", ramble(CHINESE, 5000)],
    ["an English story", ramble(ENGLISH, 5000)],
    ["one letter", "a".repeat(5000)],
    ["pictures", "🙂".repeat(2500)],
    ["marks", "？！。…".repeat(1250)],
    ["spaces", " ".repeat(5000)],
    ["numbers", "13800001234 ".repeat(400)],
  ])("gets silence: %s", (_, text) => {
    expect(index.match(text).decision).not.toBe("answer");
  });
});

describe("of a long message the merchant's controls see all", () => {
  const text = `${ramble(CHINESE, 2500)}怎么开发票？${ramble(CHINESE, 2000)}我说的是企业采购。`;

  it.each([
    ["a word that must not occur", { mustNot: ["企业采购"] }, undefined],
    ["a word that must occur", { mustHave: ["企业采购"] }, "a"],
    ["a word that must and does not", { mustHave: ["团购"] }, undefined],
    ["a rule", { rules: [{ kind: "contains" as const, value: "企业采购" }] }, "a"],
  ])("%s", (_, controls, id) => {
    const shop = buildIndex([{ id: "a", question: "怎么开发票", ...controls }]);
    expect(shop.match(text).matches[0]?.articleId).toBe(id);
  });
});

it("an article as long as a message is found by its own words", () => {
  const question = ramble(CHINESE, 900);
  const shop = buildIndex([...SHOP, { id: "story", question }]);
  const [first] = shop.match(question).matches;
  expect(first?.articleId).toBe("story");
  expect(first?.score).toBeGreaterThanOrEqual(0.99);
});
