import { expect, test } from "vitest";
import { feishuConfig } from "../../adapters/feishu/config.ts";
import { createFakeFeishu } from "../../adapters/feishu/fake.ts";
import { feishu } from "../../adapters/feishu/index.ts";
import { createFakeClock, createFakeState, toWebhookRequest } from "../../adapters/shared/fake.ts";
import type { Content } from "../../src/core/content.ts";
import { testAdapter } from "../conformance/adapter.ts";
import { readFixtures } from "../conformance/fixtures.ts";

const config = {
  appId: "cli_9f5343c580712544",
  appSecret: "feishu-app-secret-of-the-fake",
  verificationToken: "vt_f7BnQSPjpo0KAbF5e08ohReA",
  encryptKey: "ek_m0hH01BDqJbT1pmHrjUOIzGP",
};
const { encryptKey: _, ...plain } = config;

testAdapter({
  channel: feishu,
  config,
  otherSecret: { ...config, encryptKey: "another-encrypt-key-of-feishu" },
  createFake: createFakeFeishu,
  fixtures: readFixtures("feishu"),
});

const USER = "ou_84aad35d084aa403a838cf73ee18467";

async function talk(input: object = config, answer?: (path: string, count: number) => Response | undefined) {
  const parsed = feishuConfig.parse(input);
  const clock = createFakeClock();
  const fake = createFakeFeishu(parsed, { clock });
  const paths: string[] = [];
  const fetch: typeof globalThis.fetch = async (resource, init) => {
    const request = new Request(resource, init);
    const path = new URL(request.url).pathname;
    paths.push(path);
    return answer?.(path, paths.length) ?? fake.fetch(request);
  };
  const adapter = await feishu.create(parsed, {
    inboxId: "in_1",
    fetch,
    now: clock.now,
    state: createFakeState(clock),
  });
  await fake.webhook({ type: "text", userId: USER, text: "hi" });
  const send = (content: Content, idempotencyKey = "k1") =>
    adapter.send({ idempotencyKey, address: { chatId: `oc_${USER}` }, content, author: { kind: "bot" } });
  const receive = async (body: unknown) => adapter.receive(await toWebhookRequest(await fake.sign(body)));
  return { adapter, fake, clock, paths, send, receive };
}

const SEND = "/open-apis/im/v1/messages";
const TOKEN = "/open-apis/auth/v3/tenant_access_token/internal";
const refused = { code: "channel.signature_invalid" };

test("the URL check gives its challenge back, encrypted or plain, for our token alone", async () => {
  const check = { challenge: "ajls384kdjx98XX", token: config.verificationToken, type: "url_verification" };
  for (const input of [config, plain]) {
    const { receive } = await talk(input);
    const { events, response } = await receive(check);
    expect(events).toEqual([]);
    expect(await response.json()).toEqual({ challenge: "ajls384kdjx98XX" });
  }
  const { receive } = await talk(plain);
  await expect(receive({ ...check, token: "other-token-of-feishu" })).rejects.toMatchObject(refused);
});

const event = (header: object) => ({ schema: "2.0", header: { event_id: "e", event_type: "x", ...header }, event: {} });

test("without an encrypt key the token in the body is asked for, and with one plain bodies are refused", async () => {
  const bare = await talk(plain);
  expect((await bare.receive(event({ token: config.verificationToken }))).events).toHaveLength(1);
  await expect(bare.receive(event({ token: "other-token-of-feishu" }))).rejects.toMatchObject(refused);
  await expect(bare.receive(event({}))).rejects.toMatchObject(refused);
  await expect(bare.receive("{broken")).rejects.toMatchObject(refused);
  const { adapter } = await talk();
  const unsigned = await toWebhookRequest(await bare.fake.sign(event({ token: config.verificationToken })));
  await expect(adapter.receive(unsigned)).rejects.toMatchObject(refused);
});

test("an event of another app is refused, and so is one signed long ago", async () => {
  const { receive, fake, adapter, clock } = await talk();
  await expect(receive(event({ app_id: "cli_other" }))).rejects.toMatchObject(refused);
  const old = await toWebhookRequest(await fake.webhook({ type: "text", userId: USER, text: "hi" }));
  clock.advance(8 * 3_600_000);
  await expect(adapter.receive(old)).rejects.toMatchObject(refused);
});

test("a token that ended is renewed once, and the message sent with the new one", async () => {
  let isStale = true;
  const { send, paths, fake } = await talk(config, (path) => {
    if (path !== SEND || !isStale) return undefined;
    isStale = false;
    return Response.json({ code: 99991663, msg: "Invalid access token" }, { status: 400 });
  });
  expect(await send({ type: "text", text: "hi" })).toMatchObject({ ok: true });
  expect(paths).toEqual([TOKEN, SEND, TOKEN, SEND]);
  expect(fake.sent).toHaveLength(1);
});

test("many sends at once ask for one token", async () => {
  const { send, paths } = await talk();
  await Promise.all(Array.from({ length: 5 }, (_, n) => send({ type: "text", text: "hi" }, `k${n}`)));
  expect(paths.filter((path) => path === TOKEN)).toHaveLength(1);
});

test.each([
  [429, 99991400, "delivery.rate_limited"],
  [400, 99991400, "delivery.rate_limited"],
  [400, 230002, "delivery.recipient_gone"],
  [400, 230027, "delivery.unauthorized"],
  [400, 230001, "delivery.bad_request"],
  [504, 5000, "delivery.outcome_unknown"],
])("HTTP %i with code %i means %s", async (status, code, meaning) => {
  const headers = { "x-ogw-ratelimit-reset": "52" };
  const { send } = await talk(config, (path) =>
    path === SEND ? Response.json({ code, msg: "no" }, { status, headers }) : undefined,
  );
  const receipt = await send({ type: "text", text: "hi" });
  expect(receipt).toMatchObject({ ok: false, code: meaning });
  if (meaning === "delivery.rate_limited") expect(receipt).toMatchObject({ retryAfterMs: 52_000 });
});

test("when no token can be had, nothing was sent, and it may be tried again", async () => {
  const { send } = await talk(config, (path) => (path === TOKEN ? new Response("<html>", { status: 502 }) : undefined));
  expect(await send({ type: "text", text: "hi" })).toMatchObject({ code: "delivery.unavailable", retryable: true });
  const wrong = await talk(config, (path) => (path === TOKEN ? Response.json({ code: 10014, msg: "no" }) : undefined));
  expect(await wrong.send({ type: "text", text: "hi" })).toMatchObject({ code: "delivery.unauthorized" });
});

test("marks and mentions in a shop's words stay words, however long", async () => {
  const { send, fake } = await talk();
  await send({ type: "text", text: '<at user_id="all"></at> <b>x</b>' });
  await send({ type: "text", text: `<at user_id="all"></at>${"字".repeat(15_000)}` }, "k2");
  expect(fake.sent.map((sent) => sent.method)).toEqual(["post", "text"]);
  expect(fake.sent[1]?.text).not.toMatch(/<at/);
});

test("pictures and files are uploaded first; what cannot be had is said in words", async () => {
  const { send, fake } = await talk(config, (path) =>
    path.endsWith("gone.jpg") ? new Response(null, { status: 404 }) : undefined,
  );
  await send({ type: "image", url: "https://shop.example/a.jpg" });
  await send({ type: "file", url: "https://shop.example/a.pdf", name: "发票.pdf" }, "k2");
  await send({ type: "image", url: "https://shop.example/gone.jpg" }, "k3");
  expect(fake.sent.map((sent) => [sent.method, sent.text])).toEqual([
    ["image", ""],
    ["file", ""],
    ["post", "https://shop.example/gone.jpg"],
  ]);
});
