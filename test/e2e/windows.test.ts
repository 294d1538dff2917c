/** Send windows of three platforms at a real server: merged before the last message, templates after the last hour, batches. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { lineConfig } from "../../adapters/line/config.ts";
import { createFakeLine } from "../../adapters/line/fake.ts";
import { whatsappConfig } from "../../adapters/meta/whatsapp-config.ts";
import { createFakeWhatsApp } from "../../adapters/meta/whatsapp-fake.ts";
import type { FakePlatform } from "../../adapters/shared/fake.ts";
import { miniprogramConfig } from "../../adapters/wechat/config.ts";
import { createFakeWechatMiniprogram } from "../../adapters/wechat/fake.ts";
import { serveFake, startServer, type TestServer, until } from "../support/server.ts";

const HOUR_MS = 3_600_000;
let server: TestServer;
const platforms: Awaited<ReturnType<typeof serveFake>>[] = [];

beforeAll(async () => {
  server = await startServer();
});
afterAll(async () => {
  await server?.stop();
  for (const platform of platforms) await platform.stop();
});

/** The platform's clock, which runs and can be set back: what it says of the past is what the server goes by. */
function runningClock() {
  let behindMs = 0;
  const setBack = (ms: number) => {
    behindMs = ms;
  };
  return { now: () => Date.now() - behindMs, advance: () => undefined, setBack };
}

async function openInbox(
  channel: string,
  config: Record<string, unknown>,
  create: (apiRoot: string, clock: ReturnType<typeof runningClock>) => FakePlatform,
) {
  let fake: FakePlatform | undefined;
  const clock = runningClock();
  const platform = await serveFake((request) => fake?.handle(request) ?? Promise.reject(new Error("not started")));
  platforms.push(platform);
  fake = create(platform.url, clock);
  const inbox = { id: channel, channel, name: channel, config: { ...config, apiRoot: platform.url } };
  expect((await server.admin("POST", "/v1/inboxes", inbox)).status).toBe(201);
  const [userId] = fake.people;
  const started = fake;
  const hear = async (text: string) => {
    const request = await started.webhook({ type: "text", userId, text });
    const url = `${server.url}/webhooks/${channel}${new URL(request.url).search}`;
    const body = await request.arrayBuffer();
    expect((await fetch(url, { method: "POST", headers: request.headers, body })).status).toBe(200);
  };
  return {
    fake: started,
    clock,
    texts: () => started.sent.map((message) => message.text),
    hear,
    /** Asks for a person, and is taken by the admin. */
    async claimed() {
      await hear("人工客服");
      const path = `/v1/sessions?state=queued&inboxId=${channel}`;
      await until(async () => (await server.admin("GET", path)).body.items.length === 1, "the ticket");
      const [{ id, ticketId }] = (await server.admin("GET", path)).body.items;
      await until(() => started.sent.length > 0, "the line to the shopper");
      expect((await server.admin("POST", `/v1/tickets/${ticketId}/claim`)).status).toBe(200);
      const session = async () => (await server.admin("GET", `/v1/sessions/${id}`)).body;
      const reply = (body: object) =>
        server.admin("POST", `/v1/tickets/${ticketId}/messages`, { clientId: crypto.randomUUID(), ...body });
      return { session, reply, say: (text: string) => reply({ content: { type: "text", text } }) };
    },
    usage: async () => (await server.admin("GET", `/v1/inboxes/${channel}/usage?days=7`)).body,
  };
}

describe("WeChat", () => {
  it("says everything in the messages that are left, then refuses what cannot be sent", async () => {
    const config = {
      appId: "wx0123456789abcdef",
      appSecret: "0123456789abcdef0123456789abcdef",
      token: "xiaoerToken2026",
      encodingAesKey: "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
      format: "json",
    };
    const { fake, texts, claimed, hear, usage } = await openInbox("wechat-miniprogram", config, (apiRoot, clock) =>
      createFakeWechatMiniprogram(miniprogramConfig.parse({ ...config, apiRoot }), { clock }),
    );
    const { session, reply, say } = await claimed();
    await until(async () => (await session()).window.messagesLeft === 4, "the count");
    expect((await session()).window).toMatchObject({ open: true, route: "message", cost: 0 });

    const cards = Array.from({ length: 6 }, (_, n) => ({ type: "card", title: `茶 ${n + 1}`, actions: [] }));
    expect((await reply({ content: { type: "carousel", cards } })).status).toBe(201);
    await until(async () => (await session()).window.messagesLeft === 0, "the last message");
    expect(fake.sent).toHaveLength(5);
    expect(texts().slice(1)).toEqual(["茶 1", "茶 2", "茶 3", "茶 4\n\n茶 5\n\n茶 6"]);
    expect((await session()).window.open).toBe(false);
    const path = `/v1/sessions/${(await session()).id}/messages`;
    await until(async () => (await server.admin("GET", path)).body.items[0].delivery === "sent", "all six parts");

    const refused = await say("还有一句");
    expect([refused.status, refused.body.code]).toEqual([409, "delivery.window_closed"]);
    expect(refused.body.current.alternatives).toEqual([{ kind: "template", templates: 0 }]);
    expect(fake.sent).toHaveLength(5);

    await hear("好的");
    await until(async () => (await session()).window.messagesLeft === 5, "a new window");
    expect((await say("还有一句")).status).toBe(201);
    await until(() => texts().includes("还有一句"), "the word that waited");
    expect((await usage()).routes).toContainEqual({ route: "message", cost: 0, total: 6, thisMonth: 6 });
  });
});

describe("WhatsApp", () => {
  it("takes a template after its 24 hours, and nothing else", async () => {
    const config = {
      phoneNumberId: "106540352242922",
      accessToken: "EAAtesttoken0123456789abcdef",
      appSecret: "0123456789abcdef0123456789abcdef",
      verifyToken: "xiaoer-verify-token",
    };
    const { fake, clock, texts, claimed, usage } = await openInbox("whatsapp", config, (apiRoot, clock) =>
      createFakeWhatsApp(whatsappConfig.parse({ ...config, apiRoot }), { clock }),
    );
    const template = {
      name: "发货通知",
      locale: "zh_CN",
      vendorId: "order_update",
      params: [{ key: "1", label: "称呼" }, { key: "2" }],
      text: "{{1}}您好，您的订单 {{2}} 已发货。",
    };
    const path = "/v1/inboxes/whatsapp/templates";
    expect((await server.admin("POST", path, { ...template, params: [] })).body.code).toBe("template.invalid");
    const made = await server.admin("POST", path, template);
    expect([made.status, made.body.params]).toEqual([
      201,
      [
        { key: "1", label: "称呼", maxLength: 1024 },
        { key: "2", maxLength: 1024 },
      ],
    ]);
    expect((await server.admin("POST", path, template)).body.code).toBe("template.known");
    expect((await server.admin("POST", "/v1/inboxes/web/templates", template)).body.code).toBe("template.unsupported");

    // They wrote a day ago, less a few seconds.
    clock.setBack(24 * HOUR_MS - 5000);
    const { session, say, reply } = await claimed();
    expect((await say("在的")).status).toBe(201);
    await until(() => texts().includes("在的"), "an answer in time");
    clock.setBack(0);
    await until(async () => !(await session()).window.open, "the end of the window");

    const refused = await say("您的订单已发货");
    expect([refused.status, refused.body.code]).toEqual([409, "delivery.window_closed"]);
    expect(refused.body.current.alternatives).toEqual([{ kind: "template", templates: 1 }]);
    const short = await reply({ template: { id: made.body.id, params: { "1": "陈女士" } } });
    expect([short.status, short.body.code]).toEqual([422, "template.invalid_params"]);
    const sent = await reply({ template: { id: made.body.id, params: { "1": "陈女士", "2": "A1024" } } });
    expect(sent.status).toBe(201);
    expect(sent.body.message.content).toEqual({ type: "text", text: "陈女士您好，您的订单 A1024 已发货。" });
    await until(() => texts().includes("陈女士您好，您的订单 A1024 已发货。"), "the template");
    expect(fake.sent.at(-1)?.payload).toMatchObject({ type: "template", template: { name: "order_update" } });
    await until(
      async () =>
        (await usage()).routes.some(
          (one: { total: number; route: string }) => one.route === "template" && one.total === 1,
        ),
      "the count",
    );

    expect((await server.admin("DELETE", `${path}/${made.body.id}`)).status).toBe(204);
    expect((await server.admin("GET", path)).body.items).toEqual([]);
  });
});

describe("LINE", () => {
  it("answers by the free reply, and pushes what waited in one counted call", async () => {
    const config = {
      channelAccessToken: "xiaoer-test-channel-access-token-0123456789==",
      channelSecret: "8c570fa6dd201bb328f1c1eac23a96d8",
    };
    const { fake, texts, claimed, usage } = await openInbox("line", config, (apiRoot, clock) =>
      createFakeLine(lineConfig.parse({ ...config, apiRoot }), { clock }),
    );
    const { session, say } = await claimed();
    await until(async () => (await session()).window.route === "push", "the reply token's use");
    expect((await session()).window).toEqual({ open: true, route: "push", cost: 1, alternatives: [] });
    fake.fail("429");
    for (const text of ["一", "二", "三", "四"]) expect((await say(text)).status).toBe(201);
    await until(() => texts().includes("四"), "all four");
    expect(texts().slice(1)).toEqual(["一", "二", "三", "四"]);
    expect(fake.sent.map(({ method }) => method)).toEqual(["reply", "push", "push", "push", "push"]);
    const routes = async () => (await usage()).routes;
    await until(async () => (await routes()).some((one: { total: number }) => one.total === 2), "the count");
    // Four messages, and two calls: what LINE bills.
    expect(await routes()).toEqual([
      { route: "reply", cost: 0, total: 1, thisMonth: 1 },
      { route: "push", cost: 1, total: 2, thisMonth: 2 },
    ]);
  });
});
