import { expect, test } from "vitest";
import { createFakeClock, createFakeState, toWebhookRequest } from "../../adapters/shared/fake.ts";
import { createPackets, signParts } from "../../adapters/shared/weixin-crypt.ts";
import { wecomConfig } from "../../adapters/wecom/config.ts";
import { createFakeWecom } from "../../adapters/wecom/fake.ts";
import { wecomKf } from "../../adapters/wecom/index.ts";
import type { InboundEvent } from "../../src/core/adapter.ts";
import type { Action, Content } from "../../src/core/content.ts";
import { testAdapter } from "../conformance/adapter.ts";
import { readFixtures } from "../conformance/fixtures.ts";

const config = {
  corpId: "wwdc76417b6b9db33f",
  secret: "s3cret-of-the-wecom-customer-service-0123456",
  token: "t0kenOfTheWecomCallback012345678",
  encodingAesKey: "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
  openKfId: "wkAJ2GCAAAZSfhHCt7IFSvLKtMPxyJTw",
};

/** As the desk does: what a ring brought is stored, and then the cursor moves. */
const committing: typeof wecomKf = {
  ...wecomKf,
  async create(parsed, deps) {
    const adapter = await wecomKf.create(parsed, deps);
    return {
      ...adapter,
      async receive(request) {
        const received = await adapter.receive(request);
        await received.commit?.();
        return received;
      },
    };
  },
};

testAdapter({
  channel: committing,
  config,
  otherSecret: { ...config, token: "an0therTokenOfTheCallback0123456" },
  // The kit says more than WeCom lets an account say after one message; the limit has its own test.
  createFake: (parsed, options) => createFakeWecom(parsed, { ...options, repliesPerMessage: 100 }),
  fixtures: readFixtures("wecom-kf"),
});

type Answer = (path: string, json: Record<string, unknown>) => Response | undefined;

async function talk(options: { readonly pageSize?: number; readonly answer?: Answer } = {}) {
  const clock = createFakeClock();
  const state = createFakeState(clock);
  const parsed = wecomConfig.parse(config);
  const fake = createFakeWecom(parsed, { clock, ...(options.pageSize && { pageSize: options.pageSize }) });
  const calls: { readonly path: string; readonly json: Record<string, unknown> }[] = [];
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    const call = {
      path: new URL(request.url).pathname,
      json: await request
        .clone()
        .json()
        .catch(() => ({})),
    };
    calls.push(call);
    return options.answer?.(call.path, call.json) ?? fake.fetch(request);
  };
  const adapter = await wecomKf.create(parsed, { inboxId: "in_1", fetch, now: clock.now, state });
  const [userId] = fake.people;
  const receive = async (request: Request | Promise<Request>) => adapter.receive(await toWebhookRequest(await request));
  const say = (text: string) => fake.webhook({ type: "text", userId, text });
  const hear = async (request: Request | Promise<Request>) => {
    const received = await receive(request);
    await received.commit?.();
    return received.events;
  };
  const address = { userId, openKfId: config.openKfId };
  const send = (content: Content, to: Record<string, string> = address, idempotencyKey = KEY) =>
    adapter.send({ idempotencyKey, address: to, content, author: { kind: "bot" } });
  return { adapter, fake, clock, state, calls, userId, receive, hear, say, send };
}

const KEY = "00000000-0000-4000-8000-000000000001";
const text = (words: string) => ({ type: "text", text: words }) as const;
const textsOf = (events: readonly InboundEvent[]) =>
  events.map((event) =>
    event.type === "message" && event.message.content.type === "text" ? event.message.content.text : event.type,
  );

test("the check of the address is answered with what its echo holds, to the letter", async () => {
  const { adapter, clock } = await talk();
  const packets = createPackets({ encodingAesKey: config.encodingAesKey, receiver: config.corpId });
  const timestamp = String(Math.floor(clock.now() / 1000));
  const ask = async (echo: string) => {
    const echostr = await packets.seal(echo);
    const msg_signature = await signParts(config.token, [timestamp, "1", echostr]);
    const query = new URLSearchParams({ msg_signature, timestamp, nonce: "1", echostr });
    const url = new URL(`https://desk.test/w?${query}`);
    return adapter.receive({ method: "GET", url, headers: new Headers(), body: new Uint8Array() });
  };
  expect(await (await ask("9015530772035555424")).response.text()).toBe("9015530772035555424");
  await expect(ask("<b>")).rejects.toMatchObject({ code: "channel.signature_invalid" });
});

test("what was pulled is pulled again until it is stored, and then no more", async () => {
  const { receive, say } = await talk();
  const lost = await receive(say("一"));
  const again = await receive(say("二"));
  expect([textsOf(lost.events), textsOf(again.events)]).toEqual([["一"], ["一", "二"]]);
  await again.commit?.();
  expect(textsOf((await receive(say("三"))).events)).toEqual(["三"]);
});

test("all that waits is pulled, page by page, and what is too much is left for the next pull", async () => {
  const { receive, say, fake, adapter } = await talk({ pageSize: 2 });
  for (let turn = 1; turn <= 11; turn += 1) await say(String(turn));
  const received = await receive(say("12"));
  expect([textsOf(received.events).length, received.more]).toEqual([10, true]);
  await received.commit?.();
  const rest = await adapter.pull?.();
  expect([textsOf(rest?.events ?? []), rest?.more]).toEqual([["11", "12"], undefined]);
  expect(fake.sent).toEqual([]);
});

test("an empty page that says there is more is not the last", async () => {
  const pages = [
    { errcode: 0, next_cursor: "a", has_more: 1, msg_list: [] },
    {
      errcode: 0,
      next_cursor: "b",
      has_more: 0,
      msg_list: [
        {
          msgid: "m",
          open_kfid: "wk",
          external_userid: "wm",
          send_time: 1,
          origin: 3,
          msgtype: "text",
          text: { content: "在吗" },
        },
      ],
    },
  ];
  const { hear, say, state } = await talk({
    answer: (path) => (path.endsWith("sync_msg") ? Response.json(pages.shift()) : undefined),
  });
  expect(textsOf(await hear(say("x")))).toEqual(["在吗"]);
  expect(await state.get(`cursor:${config.openKfId}`)).toBe("b");
});

test("a ring whose pull fails is rung again; one that fails half-way keeps what it has", async () => {
  const down = await talk({
    answer: (path) => (path.endsWith("sync_msg") ? Response.json({ errcode: 45033, errmsg: "x" }) : undefined),
  });
  await expect(down.receive(down.say("x"))).rejects.toMatchObject({ code: "channel.pull_failed" });
  let pulls = 0;
  const half = await talk({
    pageSize: 1,
    answer: (path) => {
      pulls += path.endsWith("sync_msg") ? 1 : 0;
      return path.endsWith("sync_msg") && pulls === 2 ? new Response(null, { status: 503 }) : undefined;
    },
  });
  await half.say("一");
  const received = await half.receive(half.say("二"));
  expect([textsOf(received.events), received.more]).toEqual([["一"], true]);
});

test("a token ended early is renewed once", async () => {
  let ended = 1;
  const { send, hear, say, calls } = await talk({
    answer: (path) => {
      if (!path.endsWith("send_msg") || ended === 0) return undefined;
      ended -= 1;
      return Response.json({ errcode: 42001, errmsg: "access_token expired" });
    },
  });
  await hear(say("hi"));
  expect(await send(text("hi"))).toMatchObject({ ok: true });
  expect(calls.filter((call) => call.path.endsWith("send_msg"))).toHaveLength(2);
});

test("a message repeated after an unknown outcome is said once", async () => {
  const { send, hear, say, fake } = await talk();
  await hear(say("hi"));
  fake.fail("accepted-then-reset");
  expect(await send(text("hi"))).toMatchObject({ ok: false, code: "delivery.outcome_unknown" });
  const repeat = await send(text("hi"));
  expect(repeat).toMatchObject({ ok: true, channelMessageId: fake.sent[0]?.messageId });
  expect(fake.sent).toHaveLength(1);
  expect(fake.sent[0]?.messageId).toMatch(/^[0-9a-f]{32}$/);
});

test("a welcome answers the code once, and what comes later goes the ordinary way", async () => {
  const { send, hear, fake, userId, calls, say } = await talk();
  const [entered] = await hear(fake.webhook({ type: "join", userId, payload: "sku_1" }));
  if (entered?.type !== "presence") throw new Error("They have not entered.");
  const menu = {
    type: "choices",
    text: "您好，想问什么？",
    choices: [{ label: "查物流", value: "logistics" }],
  } satisfies Content;
  expect(await send(menu, entered.address)).toMatchObject({ ok: true });
  expect(fake.sent[0]).toMatchObject({ to: userId, buttons: ["查物流"] });
  // Nobody has written yet, so there is no ordinary way either.
  expect(await send(text("在吗"), entered.address, "k2")).toMatchObject({ ok: false, code: "delivery.recipient_gone" });
  await hear(say("你好"));
  expect(await send(text("您好"), entered.address, "k3")).toMatchObject({ ok: true });
  expect(calls.filter((call) => call.path.endsWith("send_msg_on_event"))).toHaveLength(3);
  fake.clock.advance(21_000);
  expect(await send(text("您好"), entered.address, "k4")).toMatchObject({ ok: true });
  expect(calls.filter((call) => call.path.endsWith("send_msg_on_event"))).toHaveLength(3);
});

test.each([
  [3, "delivery.bad_request", /an agent has the conversation/],
  [4, "delivery.window_closed", /ended/],
])("in state %i the API may not write, and the agent is told why", async (state, code, why) => {
  const { send, hear, say, fake, userId } = await talk();
  await hear(say("hi"));
  fake.setState(userId, state);
  expect(await send(text("CANARY"))).toMatchObject({ ok: false, code, detail: expect.stringMatching(why) });
});

test("the sixth answer and one after 48 hours are refused", async () => {
  const { send, hear, say, clock } = await talk();
  await hear(say("hi"));
  for (let turn = 0; turn < 5; turn += 1) await send(text("hi"), undefined, `k${turn}`);
  expect(await send(text("hi"), undefined, "k5")).toMatchObject({ code: "delivery.window_closed" });
  await hear(say("hi"));
  clock.advance(48 * 3_600_000 + 1);
  expect(await send(text("hi"), undefined, "k6")).toMatchObject({ code: "delivery.window_closed" });
});

test.each([
  [-1, "delivery.unavailable"],
  [45033, "delivery.rate_limited"],
  [95013, "delivery.window_closed"],
  [48002, "delivery.unauthorized"],
  [95000, "delivery.bad_request"],
])("%i means %s", async (errcode, code) => {
  const { send } = await talk({
    answer: (path) => (path.endsWith("/send_msg") ? Response.json({ errcode, errmsg: "x" }) : undefined),
  });
  expect(await send(text("hi"))).toMatchObject({ ok: false, code });
});

const card = (actions: Action[], imageUrl?: string): Content => ({
  type: "card",
  title: "跑鞋",
  text: "轻便透气",
  actions,
  ...(imageUrl && { imageUrl }),
});
const view = { label: "查看", url: "https://shop.example/p1" };
const ask = { label: "咨询", value: "ask:p1" };

test("a card with one address and a picture is one link; with more to tap a menu after its picture", async () => {
  const one = await talk();
  await one.hear(one.say("hi"));
  await one.send(card([view], "https://shop.example/a.jpg"));
  expect(one.fake.sent.map((sent) => sent.payload)).toMatchObject([
    { link: { title: "跑鞋", desc: "轻便透气", url: view.url } },
  ]);
  const two = await talk();
  await two.hear(two.say("hi"));
  await two.send(card([view, ask], "https://shop.example/a.jpg"));
  expect(two.fake.sent.map((sent) => [sent.method, sent.text, sent.buttons])).toEqual([
    ["image", "", []],
    ["msgmenu", "跑鞋\n轻便透气", ["查看", "咨询"]],
  ]);
});

test("a link without a picture is an item to tap; a picture that cannot be had is its address in the words", async () => {
  const { send, hear, say, fake } = await talk({
    answer: (path) => (path === "/gone.jpg" ? new Response(null, { status: 404 }) : undefined),
  });
  await hear(say("hi"));
  await send({ type: "link", url: "https://shop.example/help", title: "退货说明" });
  await send(card([ask], "https://shop.example/gone.jpg"), undefined, "k2");
  expect(fake.sent.map((sent) => [sent.method, sent.text, sent.buttons])).toEqual([
    ["msgmenu", "退货说明", ["退货说明"]],
    ["msgmenu", "跑鞋\n轻便透气\nhttps://shop.example/gone.jpg", ["咨询"]],
  ]);
});

test("sound that is not AMR and a film that is not MP4 are files; what a menu's head cannot hold is said before it", async () => {
  const { send, hear, say, fake } = await talk();
  await hear(say("hi"));
  await send({ type: "audio", url: "https://shop.example/a.mp3" });
  await send({ type: "video", url: "https://shop.example/a.mp4" }, undefined, "k2");
  const long = "请".repeat(400);
  await send({ type: "choices", text: long, choices: [{ label: "好", value: "ok" }] }, undefined, "k3");
  expect(fake.sent.map((sent) => [sent.method, sent.text])).toEqual([
    ["file", ""],
    ["video", ""],
    ["text", long],
    ["msgmenu", ""],
  ]);
});

test("a recall names what was taken back, and an account that is not the secret's is told of", async () => {
  const { hear, say, fake, userId, adapter } = await talk({
    answer: (path) => (path.endsWith("account/list") ? Response.json({ errcode: 0, account_list: [] }) : undefined),
  });
  const [said] = await hear(say("hi"));
  const [recalled] = await hear(fake.webhook({ type: "recall", userId }));
  expect(recalled).toMatchObject({ type: "recall", channelMessageId: Object(said).message.channelMessageId });
  expect(await adapter.check?.()).toContainEqual(expect.objectContaining({ check: "account", ok: false }));
});
