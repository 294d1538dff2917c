import { describe, expect, test } from "vitest";
import type { Content } from "../../src/core/content.ts";
import { decide, type Situation } from "../../src/core/decide.ts";
import type { Flow } from "../../src/core/session.ts";
import { countStuck, isAskedAgain, isCourtesy, isStuck, type Turn, turnsOf } from "../../src/core/unhappy.ts";

const text = (words: string): Content => ({ type: "text", text: words });
const SHIPPING = "付款后 48 小时内发货。";
const MINUTE = 60_000;
const turn = (asked: string, said = SHIPPING, articleId = "ship"): Turn => ({
  asked,
  said: [text(said)],
  articleIds: [articleId],
  at: 0,
});
const again = (asked: string, earlier: readonly Turn[], said = SHIPPING, at = MINUTE, articleId = "ship") =>
  isAskedAgain({ text: asked, at, said: [text(said)], articleId }, earlier);

describe("the same question", () => {
  test.each([
    ["in other words, with the same answer", again("到底什么时候能发货", [turn("几点发货")]), true],
    ["in the same words", again("几点发货？？", [turn("几点发货")]), true],
    ["with a particle more", again("几点发货呢", [turn("几点发货", SHIPPING, "other")], SHIPPING, MINUTE, "x"), true],
    ["two turns ago", again("什么时候发", [turn("几点发货"), turn("包邮吗", "满 99 包邮。", "fee")]), true],
    ["three turns ago", again("什么时候发", [turn("几点发货"), turn("a1", "b", "b"), turn("c1", "d", "d")]), false],
    ["sent twice by a slow line", again("几点发货", [turn("几点发货")], SHIPPING, 3000), false],
    ["with a new answer", again("几点发货", [turn("几点发货", "正在备货")], "已发出"), false],
    [
      "with facts of another minute",
      again("到哪了", [turn("到哪了", "13:40 已到上海", "s")], "13:55 已到上海", MINUTE, "s"),
      true,
    ],
    ["of another order", again("订单 20881235 发了吗", [turn("订单 20881234 发了吗")]), false],
    ["a different one", again("能开发票吗", [turn("几点发货")], "可以开。", MINUTE, "bill"), false],
    ["thanks for the answer", again("谢谢", [turn("谢谢")]), false],
    ["a greeting", again("你好", [turn("您好")]), false],
    ["nothing said", again("几点发货", []), false],
  ])("%s", (_name, found, expected) => {
    expect(found).toBe(expected);
  });

  test.each([
    "谢谢",
    "好的",
    "好的谢谢",
    "嗯嗯",
    "OK, thanks!",
    "thank you so much",
    "ありがとうございます",
    "在吗？",
    "收到了",
  ])("%s is courtesy", (words) => {
    expect(isCourtesy(words)).toBe(true);
  });
  test.each(["谢谢你们什么时候发货", "好的那怎么退", "ok but where is it", "在吗几点发货"])("%s is not", (words) => {
    expect(isCourtesy(words)).toBe(false);
  });
  test("a long run of courtesy is judged at once", () => {
    const start = performance.now();
    isCourtesy("收到了".repeat(5000));
    isCourtesy(`${"收到了".repeat(12)}x`);
    expect(performance.now() - start).toBeLessThan(200);
  });
});

test("a talk reads as turns", () => {
  const message = (direction: "inbound" | "outbound", kind: "contact" | "bot" | "system", words: string) => ({
    direction,
    author: { kind },
    content: text(words),
    at: 1,
    ...(kind === "bot" ? { articleId: "a" } : {}),
  });
  const talk = [
    message("outbound", "bot", "欢迎"),
    message("inbound", "contact", "问"),
    message("outbound", "bot", "答"),
    message("outbound", "system", "提示"),
    message("inbound", "contact", "再问"),
  ];
  expect(turnsOf(talk)).toEqual([
    { asked: "问", said: [text("答")], articleIds: ["a"], at: 1 },
    { asked: "再问", said: [], articleIds: [], at: 1 },
  ]);
});

const flow = (slots: Record<string, string> = {}, step = "order", stuck?: number): Flow => ({
  skill: "order-status",
  step,
  slots,
  askedAt: 0,
  ...(stuck === undefined ? {} : { stuck }),
});

describe("a flow", () => {
  test("stands still three times", () => {
    let current: Flow | null = flow();
    const stuck = [];
    for (let i = 0; i < 3; i += 1) {
      current = countStuck(current ?? undefined, flow());
      stuck.push(isStuck(current));
    }
    expect(stuck).toEqual([false, false, true]);
  });
  test("moves on with a slot, a step or its end", () => {
    const before = flow({}, "order", 2);
    expect(isStuck(countStuck(before, flow({ order: "1" })))).toBe(false);
    expect(isStuck(countStuck(before, flow({}, "reason")))).toBe(false);
    expect(countStuck(before, null)).toBeNull();
  });
});

describe("the bot", () => {
  const situation = (change: Partial<Situation>): Situation => ({
    content: text("到底什么时候发货"),
    text: "到底什么时候发货",
    session: { state: "bot", owner: "bot", misses: 0 },
    contact: { vip: false, level: "anonymous" },
    locale: "zh-CN",
    knowledge: {
      decision: "answer",
      matches: [
        {
          articleId: "ship",
          version: 1,
          score: 0.9,
          why: [],
          article: { question: "几点发货", answer: SHIPPING, locale: "zh-CN" } as never, // the rest of it plays no part
        },
      ],
    },
    rendered: [{ type: "text", text: SHIPPING }],
    earlier: { turns: [turn("几点发货")], at: MINUTE },
    settings: { vipToPerson: false, missesToHandoff: 2 },
    ...change,
  });
  test("hands over instead of saying the same again, with the words and what it tried", () => {
    const decision = decide(situation({}));
    expect(decision.handoff).toMatchObject({ code: "unhappy", words: "到底什么时候发货", mood: "unhappy" });
    expect(decision.say).toEqual([]);
    expect(decision.attempts).toMatchObject([{ articleId: "ship" }]);
  });
  test("says it again to a tapped suggestion, to the queue, and to whoever asks for the first time", () => {
    const said = [{ content: text(SHIPPING) }];
    expect(decide(situation({ value: "xiaoer:article:ship" })).say).toMatchObject(said);
    expect(decide(situation({ session: { state: "queued", owner: "queue", misses: 0 } })).say).toMatchObject(said);
    expect(decide(situation({ earlier: { turns: [], at: MINUTE } })).say).toMatchObject(said);
  });
  test("hands over a question of its own that three answers did not answer", () => {
    const asked = flow({}, "order", 2);
    const skill = {
      name: "order-status",
      outcome: { kind: "say" as const, contents: [text("订单号是？")], flow: flow() },
    };
    const decision = decide(
      situation({
        session: { state: "bot", owner: "bot", misses: 0, flow: asked },
        skill,
        knowledge: { decision: "none", matches: [] },
      }),
    );
    expect(decision.handoff).toMatchObject({ code: "unhappy", words: "到底什么时候发货" });
  });
});
