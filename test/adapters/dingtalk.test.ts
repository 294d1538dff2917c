import { expect, test } from "vitest";
import { dingtalkConfig } from "../../adapters/dingtalk/config.ts";
import { createFakeDingtalk } from "../../adapters/dingtalk/fake.ts";
import { dingtalk } from "../../adapters/dingtalk/index.ts";
import { createFakeClock, createFakeState, toWebhookRequest } from "../../adapters/shared/fake.ts";
import type { Content } from "../../src/core/content.ts";
import { testAdapter } from "../conformance/adapter.ts";
import { readFixtures } from "../conformance/fixtures.ts";

const config = {
  appKey: "dingzmGpFBr0TbsYctGu",
  appSecret: "LD7uFcS50rZNYzPNNO7ySYLvZna77YUW1fKwNJjJmAijtG83uZ9xzMd4Uor_Jkpo",
  robotCode: "dingzmGpFBr0TbsYctGu",
};

testAdapter({
  channel: dingtalk,
  config,
  otherSecret: { ...config, appSecret: "another-secret-of-a-dingtalk-robot" },
  createFake: createFakeDingtalk,
  fixtures: readFixtures("dingtalk"),
  skip: {
    "refuses a body changed by one byte":
      "DingTalk signs a time, not the body; a used signature is bound to its body below",
  },
});

async function talk(answer?: (request: Request) => Response | undefined) {
  const parsed = dingtalkConfig.parse(config);
  const clock = createFakeClock();
  const fake = createFakeDingtalk(parsed, { clock });
  const urls: string[] = [];
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    urls.push(request.url);
    return answer?.(request) ?? fake.fetch(request);
  };
  const state = createFakeState(clock);
  const adapter = await dingtalk.create(parsed, { inboxId: "in_1", fetch, now: clock.now, state });
  const receive = async (request: Request) => adapter.receive(await toWebhookRequest(request));
  const { events } = await receive(await fake.webhook({ type: "text", userId: "user123", text: "hi" }));
  const address = events[0]?.type === "message" ? events[0].message.address : {};
  const send = (content: Content, to = address) =>
    adapter.send({ idempotencyKey: "k1", address: to, content, author: { kind: "bot" } });
  return { adapter, fake, clock, state, urls, send, receive };
}

const refused = { code: "channel.signature_invalid" };
const text = { type: "text", text: "hi" } as const;

test("a signature that was used is taken again for the same bytes only", async () => {
  const { adapter, fake } = await talk();
  const first = await toWebhookRequest(await fake.sign({ robotCode: config.robotCode, msgId: "m1" }));
  const received = await adapter.receive(first);
  await received.commit?.();
  expect((await adapter.receive(first)).events).toHaveLength(1);
  const other = { ...first, body: new TextEncoder().encode(`{"robotCode":"${config.robotCode}","msgId":"m2"}`) };
  await expect(adapter.receive(other)).rejects.toMatchObject(refused);
});

test("a message to another robot, and one signed more than an hour away, is refused", async () => {
  const { adapter, fake, clock, receive } = await talk();
  await expect(receive(await fake.sign({ robotCode: "ding-other" }))).rejects.toMatchObject(refused);
  const old = await toWebhookRequest(await fake.webhook({ type: "text", userId: "user123", text: "hi" }));
  clock.advance(3_600_100);
  await expect(adapter.receive(old)).rejects.toMatchObject(refused);
});

test("answers go by the session's webhook while it holds, and then by the API with one token", async () => {
  const { send, urls, clock, fake } = await talk();
  expect(await send(text)).toEqual({ ok: true, channelMessageId: "k1:0" });
  clock.advance(5_400_000);
  expect(await send(text)).toMatchObject({ ok: true });
  expect(await send(text)).toMatchObject({ ok: true });
  expect(urls.map((url) => new URL(url).pathname)).toEqual([
    "/robot/sendBySession",
    "/v1.0/oauth2/accessToken",
    "/v1.0/robot/oToMessages/batchSend",
    "/v1.0/robot/oToMessages/batchSend",
  ]);
  expect(fake.sent.map((sent) => sent.to)).toEqual(["user123", "user123", "user123"]);
});

test("a session's webhook elsewhere than at DingTalk is never called", async () => {
  const { send, urls, state, clock } = await talk();
  const evil = { url: "https://oapi.dingtalk.com.evil.example/x", until: clock.now() + 60_000 };
  await state.set("session:cid-user123", JSON.stringify(evil));
  expect(await send(text)).toMatchObject({ ok: true });
  expect(urls.every((url) => !url.includes("evil"))).toBe(true);
});

test("who is no member of the company cannot be written to once the session is over", async () => {
  const { send } = await talk();
  const to = { conversationId: "cid-else", kind: "single" };
  expect(await send(text, to)).toMatchObject({ ok: false, code: "delivery.window_closed" });
  expect(await send(text, { ...to, staffId: "gone" })).toMatchObject({ ok: false, code: "delivery.recipient_gone" });
});

test.each([
  [200, { errcode: 130101, errmsg: "send too fast" }, "delivery.rate_limited"],
  [200, { errcode: 310000, errmsg: "sign not match" }, "delivery.unauthorized"],
  [200, { errcode: 430102, errmsg: "text" }, "delivery.bad_request"],
  [403, { code: "Forbidden.AccessDenied.QpsLimitForApi", message: "qps" }, "delivery.rate_limited"],
  [403, { code: "Forbidden.AccessDenied.AccessTokenPermissionDenied", message: "no" }, "delivery.unauthorized"],
  [400, { code: "staffId.notExisted", message: "no" }, "delivery.recipient_gone"],
  [504, {}, "delivery.outcome_unknown"],
])("HTTP %i with %o means %s", async (status, body, code) => {
  const { send } = await talk(() => Response.json(body, { status }));
  const receipt = await send(text);
  expect(receipt).toMatchObject({ ok: false, code });
  if (code === "delivery.rate_limited") expect(receipt).toMatchObject({ retryable: true });
});

test("cards and lists read the same by the session and by the API", async () => {
  const { send, fake, clock } = await talk();
  const card = {
    type: "card",
    title: "跑鞋",
    text: "轻便\n透气",
    imageUrl: "https://shop.example/a(1).jpg",
    actions: [
      { label: "查看", url: "https://shop.example/a" },
      { label: "咨询", value: "ask" },
    ],
  } as const;
  const both: Content[] = [
    { ...card, actions: [...card.actions] },
    { ...card, actions: [card.actions[0]] },
  ];
  for (const content of both) await send(content);
  clock.advance(5_400_000);
  for (const content of both) await send(content);
  const [a, b, c, d] = fake.sent.map(({ text: shown, buttons }) => ({ shown, buttons }));
  expect([c, d]).toEqual([a, b]);
  expect(a).toEqual({
    shown: "![](https://shop.example/a%281%29.jpg)\n\n### 跑鞋\n\n轻便  \n透气",
    buttons: ["查看", "咨询"],
  });
});
