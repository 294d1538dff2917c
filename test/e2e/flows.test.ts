/** Settings, tones, variables and declared flows as shoppers meet them, over HTTP and through the web channel. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startServer, type TestServer, until } from "../support/server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.stop());

const text = (message: { content: { text: string } }) => message.content.text;

async function publish(article: object): Promise<string> {
  const made = await server.admin("POST", "/v1/articles", { ...article, status: "published" });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  return made.body.id;
}

/** Asks as somebody new until the answer is the one waited for: an index follows a publish within seconds. */
async function asks(question: string, wanted: RegExp, memberId?: string) {
  let shopper = await server.visitor(memberId);
  await until(async () => {
    await shopper.say(question);
    if (wanted.test(JSON.stringify(await shopper.hears()))) return true;
    await new Promise((resolve) => setTimeout(resolve, 500));
    shopper = await server.visitor(memberId);
    return false;
  }, `${wanted}`);
  return shopper;
}

const repair = {
  id: "repair",
  title: { zh: "报修登记", en: "Repair" },
  steps: [
    {
      id: "fault",
      slot: "fault",
      ask: { "zh-CN": "{{ tone.greeting }}是哪种故障？", en: "What is wrong?" },
      choices: [
        { value: "screen", label: { "zh-CN": "屏幕碎了", en: "Screen" } },
        { value: "power", label: { "zh-CN": "开不了机", en: "Power" } },
      ],
      validate: { kind: "choice" },
    },
    {
      id: "serial",
      slot: "serial",
      ask: { "zh-CN": "请发一下机身序列号。", en: "Serial number?" },
      invalid: { "zh-CN": "序列号是两位字母加六位数字。" },
      validate: { kind: "pattern", pattern: "[A-Z]{2}\\d{6}" },
      retries: 1,
    },
  ],
  finish: { message: { "zh-CN": "收到，序列号 {{ slots.serial }} 已登记。", en: "Registered {{ slots.serial }}." } },
};

describe("a flow of the shop's own", () => {
  it("is refused with the place of every fault", async () => {
    const bad = {
      ...repair,
      steps: [
        { ...repair.steps[0], next: [{ to: "nowhere" }] },
        { ...repair.steps[1], validate: { kind: "pattern", pattern: "(" } },
      ],
    };
    const answer = await server.admin("POST", "/v1/flows", bad);
    expect(answer.status).toBe(422);
    expect(answer.body.errors.map(({ path }: { path: string }) => path)).toContain("steps.0.next.0.to");
    const pattern = await server.admin("POST", "/v1/flows", { ...repair, steps: [repair.steps[0], bad.steps[1]] });
    expect(pattern.body.errors[0].path).toBe("steps.1.validate.pattern");
    const end = await server.admin("POST", "/v1/flows", { ...repair, finish: { skill: "magic" } });
    expect([end.body.code, end.body.errors[0].path]).toEqual(["flow.invalid", "finish.skill"]);
    const shape = await server.admin("POST", "/v1/flows", { ...repair, finish: { message: { xx: "?" } } });
    expect(shape.body.errors[0].path).toContain("finish.message");
    expect((await server.admin("POST", "/v1/flows", { ...repair, id: "return-guide" })).status).toBe(409);
  });

  it("is asked, checked, asked again, interrupted, left for a person, and counted", async () => {
    const made = await server.admin("POST", "/v1/flows", repair);
    expect(made.status, JSON.stringify(made.body)).toBe(201);
    expect((await server.admin("POST", "/v1/flows", repair)).body.code).toBe("flow.exists");
    await publish({
      question: "我要报修",
      phrasings: ["申请保修", "机器要报修"],
      answer: "请打电话报修。",
      skill: "flow:repair",
    });

    const one = await asks("我要报修", /是哪种故障/);
    await one.say("开不了机");
    expect(text((await one.hears())[0])).toBe("请发一下机身序列号。");
    await one.say("啊啊啊啊");
    expect(text((await one.hears())[0])).toBe("序列号是两位字母加六位数字。\n请发一下机身序列号。");
    // A question in between is answered, and the flow goes on from where it was.
    await one.say("多久发货");
    const [answer, again] = await one.hears(2);
    expect(answer.articleId).toBe("ship-time.zh-CN");
    expect(text(again)).toBe("请发一下机身序列号。");
    await one.say("ab123456");
    expect(text((await one.hears())[0])).toBe("收到，序列号 ab123456 已登记。");

    const two = await asks("我要报修", /是哪种故障/);
    await two.say("屏幕碎了", { value: "xiaoer:flow:repair:fault:screen" });
    await two.hears();
    await two.say("转人工");
    expect((await two.hears())[0].author.kind).toBe("system");
    const [session] = (await server.admin("GET", `/v1/sessions?contactId=${two.contactId}`)).body.items;
    expect(session.state).toBe("queued");

    const three = await asks("我要报修", /是哪种故障/);
    await three.say("取消");
    expect(text((await three.hears())[0])).toContain("已经取消");

    const four = await asks("我要报修", /是哪种故障/);
    await four.say("1");
    await four.hears();
    await four.say("zzkw vvqx");
    await four.hears();
    await four.say("qwxzv kjhgq");
    expect((await four.hears())[0].author.kind).toBe("system");

    const { body } = await server.admin("GET", "/v1/flows/repair/figures?days=7");
    const [fault, serial] = body.steps;
    expect(fault).toMatchObject({ step: "fault", passed: 3, cancelled: 1, person: 0, failed: 0 });
    expect(fault.entered).toBeGreaterThanOrEqual(4);
    expect(serial).toEqual({ step: "serial", entered: 3, passed: 1, failed: 3, person: 2, cancelled: 0, abandoned: 0 });
  });

  it("is tried without anybody being asked, saved by version, and deleted", async () => {
    const tried = await server.admin("POST", "/v1/flows/repair/try", {
      answers: ["2", "x", "AB123456"],
      tone: "polite",
    });
    expect(tried.body.turns.map((turn: { say: object[] }) => turn.say.length)).toEqual([1, 1, 1, 1]);
    expect(tried.body.turns[0].say[0].text).toBe("您好，是哪种故障？");
    expect(tried.body).toMatchObject({
      step: null,
      slots: { fault: "power", serial: "AB123456" },
      end: { finish: repair.finish },
    });
    const before = (await server.admin("GET", "/v1/flows/repair/figures")).body.steps;
    expect(before[1].entered).toBe(3);

    const change = { title: { zh: "报修", en: "Repair" } };
    expect((await server.admin("PATCH", "/v1/flows/repair", change, { "if-match": '"9"' })).status).toBe(412);
    expect((await server.admin("PATCH", "/v1/flows/repair", change, { "if-match": '"1"' })).body.version).toBe(2);
    const wrong = await server.admin("PATCH", "/v1/flows/repair", {
      steps: [repair.steps[1]],
      finish: { message: { en: "{{ slots.fault }}" } },
    });
    expect(wrong.body.errors[0].path).toBe("finish.message.en");

    // A shipped one becomes the shop's own, and comes back as it was.
    const shipped = (await server.admin("GET", "/v1/flows/return-guide")).body;
    expect(shipped).toMatchObject({ origin: "shipped", version: 0 });
    const changed = await server.admin("PATCH", "/v1/flows/return-guide", { timeoutMinutes: 5 });
    expect(changed.body).toMatchObject({ origin: "changed", version: 1, timeoutMinutes: 5 });
    expect((await server.admin("DELETE", "/v1/flows/return-guide")).status).toBe(204);
    expect((await server.admin("GET", "/v1/flows/return-guide")).body).toEqual(shipped);
    expect((await server.admin("DELETE", "/v1/flows/return-guide")).status).toBe(404);
    const audit = (await server.admin("GET", "/v1/audit?limit=50")).body.items.map(
      ({ action }: { action: string }) => action,
    );
    expect(audit).toEqual(expect.arrayContaining(["flow.create", "flow.change", "flow.delete"]));
  });
});

describe("the shipped return guide", () => {
  it("asks an unknown shopper for the order and shows what the rule says; a known one is asked for the reason only", async () => {
    await publish({
      question: "启动退货向导",
      phrasings: ["打开退货向导"],
      answer: "退货说明见订单页。",
      skill: "flow:return-guide",
    });
    const stranger = await asks("启动退货向导", /想退货的原因/);
    await stranger.say("1");
    expect(text((await stranger.hears())[0])).toContain("订单号");
    await stranger.say("20881234");
    expect(text((await stranger.hears())[0])).toContain("后 4 位");
    await stranger.say("6721");
    expect(text((await stranger.hears())[0])).toContain("20881234");

    const member = await asks("启动退货向导", /想退货的原因/, "m-1004");
    await member.say("质量问题");
    expect(text((await member.hears())[0])).toContain("什么问题");
    await member.say("杯子裂了一道缝");
    const [noted] = await member.hears(2);
    expect(text(noted)).toContain("已经记下来");
    const [session] = (await server.admin("GET", `/v1/sessions?contactId=${member.contactId}`)).body.items;
    const ticket = (await server.admin("GET", `/v1/tickets/${session.ticketId}`)).body;
    expect(ticket.context.reason.words).toBe("启动退货向导：质量问题 · 杯子裂了一道缝");
  });
});

describe("variables", () => {
  it("that are refused and offered come from one list", async () => {
    const { items } = (await server.admin("GET", "/v1/knowledge/variables")).body;
    const answer = items.map(({ name }: { name: string }) => `{{ ${name} }}`).join(" ");
    const made = await server.admin("POST", "/v1/articles", { question: "所有变量", answer });
    expect(made.status, JSON.stringify(made.body)).toBe(201);
    const bad = await server.admin("POST", "/v1/articles", { question: "坏变量", answer: "{{ order.secret }}" });
    expect(bad.body.code).toBe("knowledge.invalid_template");
    const costly = await server.admin("POST", "/v1/articles", {
      question: "坏后备",
      answer: "a",
      fallback: "{{ order.number }}",
    });
    expect(costly.body.errors[0].path).toBe("fallback");
  });

  it("are filled from the facts of a proven member, and never shown raw to anybody", async () => {
    await publish({
      question: "念一下我的单子",
      phrasings: ["把我的单子念一下"],
      answer:
        "{{ tone.greeting }}{{ contact.tier }}{{ contact.name }}，订单 {{ order.number }}：{{ order.status }}，{{ order.carrier }}，再买 {{ promotion.gap }} 减 {{ promotion.off }}。",
      fallback: "请先登录，{{ shop.name }}随时为您服务。",
    });
    const member = await asks("念一下我的单子", /林小美/, "m-1001");
    const heard = text((await member.messages()).at(-1));
    expect(heard).toMatch(/^亲，金卡林小美，订单 \d+：.+，再买 ¥11\.00 减 ¥30\.00。$/);
    const stranger = await server.visitor();
    await stranger.say("念一下我的单子");
    expect(text((await stranger.hears())[0])).toBe("请先登录，小二优选随时为您服务。");

    await publish({ question: "我的等级是啥呀", phrasings: ["查我的等级"], answer: "您是 {{ contact.tier }}。" });
    const other = await asks("我的等级是啥呀", /登录店铺账号/);
    const all = JSON.stringify(await other.messages());
    expect(all).not.toContain("{{");
  });
});

describe("settings", () => {
  it("are read by everyone who serves, changed by an admin, and by version", async () => {
    const shop = await server.admin("GET", "/v1/shop");
    expect(shop.body).toMatchObject({ name: "小二优选", tone: { profile: "warm" }, missesToHandoff: 2, version: 0 });
    for (const [body, path] of [
      [{ timeZone: "Mars/Base" }, "timeZone"],
      [{ thresholds: { answer: 0.3, suggest: 0.5 } }, "thresholds.suggest"],
      [{ colour: "red" }, "colour"],
      [{ tone: { profile: "rude" } }, "tone.profile"],
    ] as const) {
      const refused = await server.admin("PATCH", "/v1/shop", body);
      expect([refused.status, refused.body.errors[0].path]).toEqual([422, path]);
    }
    const changed = await server.admin("PATCH", "/v1/shop", { hours: "10:00–22:00" }, { "if-match": '"0"' });
    expect(changed.body).toMatchObject({ hours: "10:00–22:00", name: "小二优选", version: 1 });
    const late = await server.admin("PATCH", "/v1/shop", { hours: "x" }, { "if-match": '"0"' });
    expect([late.status, late.body.code]).toEqual([412, "shop.version_changed"]);
    const login = { email: "e@shop.test", password: "another-long-passphrase" };
    await server.admin("POST", "/v1/users", { ...login, name: "编", role: "agent" });
    const token = (await server.call("POST", "/v1/auth/login", { body: login })).body.token;
    expect((await server.call("GET", "/v1/shop", { token })).status).toBe(200);
    expect((await server.call("PATCH", "/v1/shop", { token, body: { hours: "x" } })).status).toBe(403);
  });

  it("reach the answers within five seconds: the tone of the shop, of a channel, of an inbox", async () => {
    const miss = async () => {
      const shopper = await server.visitor();
      await shopper.say("qwxzv kjhgq 嗯嗯哪哪");
      return text((await shopper.hears())[0]);
    };
    expect(await miss()).toMatch(/^亲，/);
    for (const [tone, start] of [
      [{ profile: "polite" }, "您好，"],
      [{ profile: "polite", inboxes: { web: "neutral" } }, "这个问题"],
      [{ profile: "neutral", channels: { web: "warm" } }, "亲，"],
    ] as const) {
      await server.admin("PATCH", "/v1/shop", { tone });
      await new Promise((resolve) => setTimeout(resolve, 4000));
      expect(await miss()).toMatch(new RegExp(`^${start}`));
    }
    const match = (tone?: string) =>
      server.admin("POST", "/v1/knowledge/match", { text: "我的等级是啥呀", ...(tone && { tone }) });
    expect((await match("polite")).body.matches[0].answer).toMatch(/^您好，/);
    expect((await match("neutral")).body.matches[0].answer).toMatch(/^登录/);
  }, 30_000);
});
