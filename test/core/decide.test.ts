import { describe, expect, it } from "vitest";
import { DEFAULT_RULES, decide, type Situation } from "../../src/core/decide.ts";
import type { ArticleMatch } from "../../src/core/knowledge.ts";

const match = (score: number, id = "ship"): ArticleMatch => ({
  articleId: id,
  version: 3,
  article: { question: `question ${id}`, phrasings: [], keywords: [], answer: "48 小时内", answers: [] },
  score,
  why: [],
});
const situation = (part: Partial<Situation> = {}): Situation => ({
  content: { type: "text", text: part.text ?? "多久发货" },
  text: "多久发货",
  session: { state: "bot", owner: "bot", misses: 0 },
  contact: { vip: false, level: "anonymous" },
  locale: "zh-CN",
  knowledge: { decision: "none", matches: [] },
  settings: DEFAULT_RULES,
  ...part,
});
const answered = {
  knowledge: { decision: "answer" as const, matches: [match(0.9)] },
  rendered: [{ type: "text" as const, text: "48 小时内" }],
};

describe("who is asked first", () => {
  it("says nothing while a person owns the session", () => {
    const decision = decide(
      situation({ ...answered, text: "转人工", session: { state: "agent", owner: "u1", misses: 1 } }),
    );
    expect(decision).toMatchObject({ say: [], misses: 1 });
    expect(decision.handoff).toBeUndefined();
  });
  it("answers what it surely knows while the contact waits in line", () => {
    const queued = { state: "queued" as const, owner: "queue", misses: 1 };
    expect(decide(situation({ ...answered, session: queued })).say).toHaveLength(1);
    expect(decide(situation({ session: queued })).say).toHaveLength(0);
    expect(decide(situation({ session: queued, text: "人工" })).say[0]?.content).toMatchObject({ type: "text" });
  });
  it("hands an urgent matter over before anything else", () => {
    expect(decide(situation({ ...answered, text: "我的账号被盗了" })).handoff).toMatchObject({
      code: "risk_word",
      group: "security",
      priority: "urgent",
    });
  });
  it("follows an explicit wish before an article", () => {
    expect(decide(situation({ ...answered, text: "转人工" })).handoff).toMatchObject({
      code: "ask_human",
      words: "转人工",
    });
    expect(decide(situation({ ...answered, text: "x", value: "xiaoer:person" })).handoff?.code).toBe("ask_human");
  });
  it("lets a shop's own rule speak before the article, never before an urgent matter", () => {
    const rule = () => ({
      say: [{ content: { type: "text" as const, text: "夜班留言" } }],
      misses: 0,
      flow: null,
      gap: false,
      attempts: [],
    });
    expect(decide(situation(answered), [rule]).say[0]?.content).toMatchObject({ text: "夜班留言" });
    expect(decide(situation({ text: "充电宝起火" }), [rule]).handoff?.code).toBe("risk_word");
  });
  it("gives a VIP to a person only when the shop says so", () => {
    const vip = { vip: true, level: "verified" as const };
    expect(decide(situation({ ...answered, contact: vip })).handoff).toBeUndefined();
    expect(
      decide(situation({ ...answered, contact: vip, settings: { ...DEFAULT_RULES, vipToPerson: true } })).handoff?.code,
    ).toBe("vip_rule");
  });
  it("does not argue with an angry contact", () => {
    expect(decide(situation({ ...answered, text: "什么垃圾" })).handoff).toMatchObject({
      code: "unhappy",
      mood: "angry",
      priority: "high",
    });
  });
});

describe("what the article says", () => {
  it("speaks with its id, version and score, and forgets earlier misses", () => {
    const decision = decide(situation({ ...answered, session: { state: "bot", owner: "bot", misses: 1 } }));
    expect(decision.say).toEqual([
      { content: { type: "text", text: "48 小时内" }, articleId: "ship", articleVersion: 3, score: 0.9 },
    ]);
    expect(decision.misses).toBe(0);
  });
  it("never says a text whose variable could not be filled in", () => {
    const { rendered: _rendered, ...unresolved } = answered;
    const decision = decide(situation(unresolved));
    expect(JSON.stringify(decision.say)).not.toContain("48 小时内");
  });
  it("lets its skill speak, and its own text when the skill failed", () => {
    const flow = { skill: "order-status", step: "pick", slots: {}, askedAt: 1 };
    const asked = decide(
      situation({
        ...answered,
        skill: {
          name: "order-status",
          articleId: "ship",
          outcome: { kind: "say", contents: [{ type: "text", text: "哪一单？" }], flow },
        },
      }),
    );
    expect(asked.say[0]?.content).toMatchObject({ text: "哪一单？" });
    expect(asked.flow).toEqual(flow);
    const failed = decide(
      situation({
        ...answered,
        skill: { name: "order-status", articleId: "ship", outcome: { kind: "failed", detail: "down" } },
      }),
    );
    expect(failed.say[0]?.content).toMatchObject({ text: "48 小时内" });
  });
  it("hands over when the skill needs a person to decide", () => {
    const outcome = {
      kind: "handoff" as const,
      code: "ineligible_action" as const,
      words: "过了 7 天",
      contents: [{ type: "text" as const, text: "我帮您转人工" }],
    };
    const decision = decide(situation({ ...answered, skill: { name: "return-guide", articleId: "ship", outcome } }));
    expect(decision.handoff).toMatchObject({ code: "ineligible_action", words: "过了 7 天" });
    expect(decision.say).toHaveLength(1);
  });
  it("takes the next message of a flow, and moves on when it was about something else", () => {
    const session = {
      state: "bot" as const,
      owner: "bot",
      misses: 0,
      flow: { skill: "order-status", step: "ask", slots: {}, askedAt: 1 },
    };
    expect(
      decide(
        situation({
          session,
          skill: { name: "order-status", outcome: { kind: "say", contents: [{ type: "text", text: "已发货" }] } },
        }),
      ).say[0]?.content,
    ).toMatchObject({ text: "已发货" });
    expect(
      decide(situation({ ...answered, session, skill: { name: "order-status", outcome: { kind: "pass" } } })).say[0]
        ?.articleId,
    ).toBe("ship");
  });
});

describe("when it is not sure, or does not know", () => {
  it("asks with at most three questions and a way out", () => {
    const matches = [match(0.5, "a"), match(0.4, "b"), match(0.3, "c"), match(0.2, "d")];
    const content = decide(situation({ knowledge: { decision: "suggest", matches } })).say[0]?.content;
    expect(content?.type === "choices" && content.choices.map((choice) => choice.value)).toEqual([
      "xiaoer:article:a",
      "xiaoer:article:b",
      "xiaoer:article:c",
      "xiaoer:person",
    ]);
  });
  it("admits a first miss, remembers it and offers a person", () => {
    const decision = decide(situation());
    expect(decision).toMatchObject({ misses: 1, gap: true });
    expect(decision.handoff).toBeUndefined();
    expect(decision.say[0]?.content).toMatchObject({ type: "choices", choices: [{ value: "xiaoer:person" }] });
  });
  it("asks a person at the second miss in a row", () => {
    const decision = decide(situation({ session: { state: "bot", owner: "bot", misses: 1 } }));
    expect(decision).toMatchObject({ misses: 2, gap: true, handoff: { code: "miss2" } });
  });
  it("asks for words when it was sent none, and counts no miss", () => {
    const decision = decide(
      situation({
        text: "",
        content: { type: "sticker", emoji: "" },
        session: { state: "bot", owner: "bot", misses: 1 },
      }),
    );
    expect(decision).toMatchObject({ misses: 1, gap: false });
    expect(decision.say).toHaveLength(1);
  });
});
