import { expect, test } from "vitest";
import { whatsapp } from "../../adapters/meta/whatsapp.ts";
import { whatsappConfig } from "../../adapters/meta/whatsapp-config.ts";
import { createFakeWhatsApp } from "../../adapters/meta/whatsapp-fake.ts";
import { createFakeClock, createFakeState, toWebhookRequest } from "../../adapters/shared/fake.ts";
import type { Content } from "../../src/core/content.ts";
import { testAdapter } from "../conformance/adapter.ts";
import { readFixtures } from "../conformance/fixtures.ts";

const config = {
  phoneNumberId: "106540352242922",
  accessToken: "EAAtest-token-of-the-fake-platform",
  appSecret: "b78b244c8d86903333fe4e36bca0ed39",
  verifyToken: "verify_Inxu0eS68laX",
};

testAdapter({
  channel: whatsapp,
  config,
  otherSecret: { ...config, appSecret: "0123456789abcdef0123456789abcdef" },
  createFake: createFakeWhatsApp,
  fixtures: readFixtures("whatsapp"),
});

async function talk(answer?: (payload: Record<string, unknown>, url: string) => Response | undefined) {
  const parsed = whatsappConfig.parse(config);
  const clock = createFakeClock();
  const fake = createFakeWhatsApp(parsed, { clock });
  const calls: Record<string, unknown>[] = [];
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    const payload = request.method === "GET" ? {} : await request.clone().json();
    calls.push(payload);
    return answer?.(payload, request.url) ?? fake.fetch(request);
  };
  const adapter = await whatsapp.create(parsed, {
    inboxId: "in_1",
    fetch,
    now: clock.now,
    state: createFakeState(clock),
  });
  await fake.webhook({ type: "text", userId: "16505551234", text: "hi" });
  const send = (content: Content, address: Record<string, string> = { to: "16505551234" }) =>
    adapter.send({ idempotencyKey: "k1", address, content, author: { kind: "bot" } });
  return { adapter, fake, calls, send };
}

const refuse = (code: number, status = 400, headers = {}) =>
  Response.json({ error: { code, message: `(#${code}) no` } }, { status, headers });

const batch = (...numbers: readonly string[]) => ({
  object: "whatsapp_business_account",
  entry: numbers.map((phone_number_id) => ({
    id: "1",
    changes: [
      {
        field: "messages",
        value: {
          metadata: { phone_number_id },
          messages: [
            { from: "1", id: `m${phone_number_id}`, timestamp: "1718701234", type: "text", text: { body: "hi" } },
          ],
        },
      },
    ],
  })),
});

test("a signed body of another number is refused, and beside ours it is counted without its words", async () => {
  const { adapter, fake } = await talk();
  const receive = async (body: unknown) => adapter.receive(await toWebhookRequest(await fake.sign(body)));
  await expect(receive(batch("999"))).rejects.toMatchObject({ code: "channel.signature_invalid" });
  const { events } = await receive(batch("999", config.phoneNumberId));
  expect(events).toMatchObject([
    { type: "unsupported", kind: "another_account", raw: {} },
    { type: "message", message: { channelMessageId: `m${config.phoneNumberId}` } },
  ]);
});

test.each([
  [`hub.mode=subscribe&hub.challenge=5971333091&hub.verify_token=${config.verifyToken}`, "5971333091"],
  [`hub.mode=subscribe&hub.challenge=5971333091&hub.verify_token=${config.verifyToken}x`, undefined],
  [`hub.mode=unsubscribe&hub.challenge=5971333091&hub.verify_token=${config.verifyToken}`, undefined],
  [`hub.mode=subscribe&hub.challenge=%3Cscript%3E&hub.verify_token=${config.verifyToken}`, undefined],
  [`hub.mode=subscribe&hub.challenge=1&hub.challenge=2&hub.verify_token=${config.verifyToken}`, undefined],
  ["", undefined],
])("the subscription check %s is answered with %s", async (query, challenge) => {
  const { adapter } = await talk();
  const url = new URL(`https://desk.test/webhooks/in_1?${query}`);
  const asked = adapter.receive({ method: "GET", url, headers: new Headers(), body: new Uint8Array() });
  if (challenge === undefined) await expect(asked).rejects.toMatchObject({ code: "channel.signature_invalid" });
  else expect(await (await asked).response.text()).toBe(challenge);
});

test.each([
  [130429, "delivery.rate_limited", true],
  [131056, "delivery.rate_limited", true],
  [131047, "delivery.window_closed", false],
  [131049, "delivery.quota_exhausted", false],
  [131026, "delivery.recipient_gone", false],
  [190, "delivery.unauthorized", false],
  [131016, "delivery.unavailable", true],
  [132000, "delivery.bad_request", false],
])("error %i means %s", async (code, meaning, retryable) => {
  const { send } = await talk(() => refuse(code));
  expect(await send({ type: "text", text: "hi" })).toMatchObject({ ok: false, code: meaning, retryable });
});

test("a rate limit waits as long as Meta says", async () => {
  const usage = JSON.stringify({ "1": [{ type: "messenger", estimated_time_to_regain_access: 3 }] });
  const { send } = await talk(() => refuse(80007, 400, { "x-business-use-case-usage": usage }));
  expect(await send({ type: "text", text: "hi" })).toMatchObject({ retryAfterMs: 180_000 });
});

test("up to three choices are buttons, up to ten a list, and labels that are too long in Meta's unit are said in words", async () => {
  const { send, calls } = await talk();
  const choices = (count: number, label = "order") =>
    Array.from({ length: count }, (_, n) => ({ label: `${label} ${n}`, value: `v${n}` }));
  await send({ type: "choices", text: "?", choices: choices(3) });
  await send({ type: "choices", text: "?", choices: choices(10) });
  await send({ type: "choices", text: "?", choices: choices(2, "👨‍👩‍👧‍👦👨‍👩‍👧‍👦") });
  expect(calls.map((call) => [call.type, Object(call.interactive).type])).toEqual([
    ["interactive", "button"],
    ["interactive", "list"],
    ["text", undefined],
  ]);
  expect(Object(calls[2]?.text).body).toContain("2. 👨‍👩‍👧‍👦👨‍👩‍👧‍👦 1");
});

test("a card with one link is a link button, with answers reply buttons and the links in its words", async () => {
  const { send, calls } = await talk();
  const card = { type: "card", title: "Shoes", imageUrl: "https://shop.example/a.jpg" } as const;
  const link = { label: "View", url: "https://shop.example/a" };
  await send({ ...card, actions: [link] });
  await send({ ...card, actions: [link, { label: "Ask", value: "ask" }] });
  expect(calls.map((call) => call.interactive)).toEqual([
    {
      type: "cta_url",
      header: { type: "image", image: { link: "https://shop.example/a.jpg" } },
      body: { text: "Shoes" },
      action: { name: "cta_url", parameters: { display_text: "View", url: "https://shop.example/a" } },
    },
    {
      type: "button",
      header: { type: "image", image: { link: "https://shop.example/a.jpg" } },
      body: { text: "Shoes\nView: https://shop.example/a" },
      action: { buttons: [{ type: "reply", reply: { id: "ask", title: "Ask" } }] },
    },
  ]);
});

test("a file Meta cannot read is said in words", async () => {
  const { send, fake } = await talk(({ type }) => (type === "document" ? refuse(131053) : undefined));
  expect(await send({ type: "file", url: "https://shop.example/a.xyz", name: "a.xyz" })).toMatchObject({ ok: true });
  expect(fake.sent.map((sent) => sent.text)).toEqual(["a.xyz\nhttps://shop.example/a.xyz"]);
});

test("who shows no number is written to by their business-scoped id", async () => {
  const { send, calls } = await talk();
  await send({ type: "text", text: "hi" }, { userId: "US.13491208655302741918" });
  expect(calls[0]).toMatchObject({ recipient: "US.13491208655302741918" });
  expect(calls[0]).not.toHaveProperty("to");
});

test("an error never shows the token Meta quotes", async () => {
  const { send } = await talk(() =>
    Response.json({ error: { code: 190, message: `Malformed access token ${config.accessToken}` } }, { status: 401 }),
  );
  const receipt = await send({ type: "text", text: "hi" });
  expect(receipt).toMatchObject({ code: "delivery.unauthorized" });
  expect(JSON.stringify(receipt)).not.toContain(config.accessToken);
});

test("a file's address at another host is not asked, and one that ended is gone", async () => {
  const other = await talk((_, url) =>
    url.includes("/77") ? Response.json({ url: "https://evil.example/f" }) : undefined,
  );
  expect(await other.adapter.fetchMedia?.("77")).toBeUndefined();
  expect(other.calls).toHaveLength(1);
  const gone = await talk(() => refuse(100));
  expect(await gone.adapter.fetchMedia?.("77")).toBeUndefined();
  const down = await talk(() => refuse(2, 500));
  await expect(down.adapter.fetchMedia?.("77")).rejects.toMatchObject({ code: "channel.media_unavailable" });
});

const asTemplate = (vendorId: string, params: Record<string, string>, locale = "zh_CN") => ({
  idempotencyKey: "k1",
  address: { to: "16505551234" },
  content: { type: "text", text: "as it reads" } as const,
  author: { kind: "agent" } as const,
  template: { vendorId, locale, params: Object.entries(params).map(([key, value]) => ({ key, value })) },
});

test("a template is sent as the platform's own, after the 24 hours too", async () => {
  const { adapter, fake, send } = await talk();
  fake.clock.advance(25 * 3_600_000);
  expect(await send({ type: "text", text: "hi" })).toMatchObject({ code: "delivery.window_closed" });
  expect(await adapter.send(asTemplate("order_update", { 2: "A1024", 1: "陈女士" }))).toMatchObject({ ok: true });
  expect(await adapter.send(asTemplate("follow_up", { name: "Chen" }, "en_US"))).toMatchObject({ ok: true });
  expect(await adapter.send(asTemplate("hello_world", {}, "en_US"))).toMatchObject({ ok: true });
  expect(fake.sent.map((sent) => sent.text)).toEqual([
    "陈女士您好，您的订单 A1024 已发货。",
    "Hello Chen, we have an answer for you.",
    "Welcome and congratulations!",
  ]);
});

test.each([
  ["nobody_approved_this", {}, "zh_CN"],
  ["order_update", { 1: "陈", 2: "A1" }, "fr_FR"],
  ["order_update", { 1: "陈" }, "zh_CN"],
  ["follow_up", { surname: "Chen" }, "en_US"],
])("Meta refuses the template %s with %j in %s", async (name, params, locale) => {
  const { adapter, fake } = await talk();
  expect(await adapter.send(asTemplate(name, params, locale))).toMatchObject({ code: "delivery.bad_request" });
  expect(fake.sent).toEqual([]);
});
