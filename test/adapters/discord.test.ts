import { expect, test } from "vitest";
import { discordConfig } from "../../adapters/discord/config.ts";
import { createFakeDiscord, FAKE_PUBLIC_KEYS } from "../../adapters/discord/fake.ts";
import { discord } from "../../adapters/discord/index.ts";
import { createFakeClock, createFakeState, toWebhookRequest } from "../../adapters/shared/fake.ts";
import type { Content } from "../../src/core/content.ts";
import { SignatureError } from "../../src/core/errors.ts";
import { testAdapter } from "../conformance/adapter.ts";
import { readFixtures } from "../conformance/fixtures.ts";

const config = {
  applicationId: "1252500000000000001",
  publicKey: FAKE_PUBLIC_KEYS[0],
  botToken: "MTI1MjUwMDAwMDAwMDAwMDAwMQ.test.token-of-the-fake",
};

testAdapter({
  channel: discord,
  config,
  otherSecret: { ...config, publicKey: FAKE_PUBLIC_KEYS[1] },
  createFake: createFakeDiscord,
  fixtures: readFixtures("discord"),
});

const PERSON = "80351110224678912";
const CHANNEL = `9${PERSON}`;
const hi = { type: "text", text: "hi" } as const;

async function talk(answer?: (request: Request) => Response | undefined) {
  const parsed = discordConfig.parse(config);
  const clock = createFakeClock();
  const fake = createFakeDiscord(parsed, { clock });
  const calls: { method: string; path: string; headers: Headers; json: Record<string, unknown> }[] = [];
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    const path = new URL(request.url).pathname;
    const json = request.method === "GET" ? {} : await request.clone().json();
    calls.push({ method: request.method, path, headers: request.headers, json });
    return answer?.(request) ?? fake.fetch(request);
  };
  const deps = { inboxId: "in_1", fetch, now: clock.now, state: createFakeState(clock), timeoutMs: 60 };
  const adapter = await discord.create(parsed, deps);
  const receive = async (request: Request) => adapter.receive(await toWebhookRequest(request));
  const ask = (text = "hi") => fake.webhook({ type: "text", userId: PERSON, text }).then(receive);
  const send = (content: Content = hi, idempotencyKey = "dlv_1") =>
    adapter.send({ idempotencyKey, address: { channelId: CHANNEL, userId: PERSON }, content, author: { kind: "bot" } });
  const kinds = () => calls.map(({ method, path }) => `${method} ${/webhooks|channels/.exec(path)?.[0]}`);
  return { adapter, fake, clock, calls, kinds, receive, ask, send };
}

test("Discord's probe gets its answer, and a body of another application 401", async () => {
  const { fake, receive } = await talk();
  const ping = { id: "1", application_id: config.applicationId, type: 1, token: "tok", version: 1 };
  expect(await (await receive(await fake.sign(ping))).response.json()).toEqual({ type: 1 });
  await expect(fake.sign({ ...ping, application_id: "42" }).then(receive)).rejects.toThrow(SignatureError);
  const events = await receive(await fake.sign({ version: 1, application_id: config.applicationId, type: 0 }));
  expect([events.events, events.response.status]).toEqual([[], 204]);
});

test("a command waits with three dots, a button just stops turning, a suggestion is none", async () => {
  const { fake, receive, ask, send } = await talk();
  expect(await (await ask()).response.json()).toEqual({ type: 5 });
  await send({ type: "choices", text: "?", choices: [{ label: "好", value: "yes" }] });
  const tap = await receive(await fake.webhook({ type: "tap", userId: PERSON, label: "好" }));
  expect(await tap.response.json()).toEqual({ type: 6 });
  const typed = await receive(await fake.sign({ application_id: config.applicationId, type: 4, data: {} }));
  expect(await typed.response.json()).toEqual({ type: 8, data: { choices: [] } });
});

test("the first answer takes the place of the three dots, further ones follow, and late ones come from the bot", async () => {
  const { ask, send, kinds, clock, calls } = await talk();
  await ask();
  await send(hi, "dlv_1");
  await send(hi, "dlv_2");
  clock.advance(15 * 60_000);
  await send(hi, "dlv_3");
  expect(kinds()).toEqual(["PATCH webhooks", "POST webhooks", "POST channels"]);
  expect(calls.map(({ headers }) => headers.has("authorization"))).toEqual([false, false, true]);
  expect(calls[2]?.json).toMatchObject({ enforce_nonce: true, allowed_mentions: { parse: [] } });
});

test("a token that is over is followed by the bot's own message at once", async () => {
  const { ask, send, kinds } = await talk((request) =>
    request.url.includes("/webhooks/")
      ? Response.json({ message: "Unknown Webhook", code: 10015 }, { status: 404 })
      : undefined,
  );
  await ask();
  expect(await send()).toMatchObject({ ok: true });
  expect(kinds()).toEqual(["PATCH webhooks", "POST channels"]);
});

test("an answer whose outcome is unknown is repeated in its place, and shown once", async () => {
  const { ask, send, fake, clock } = await talk();
  await ask();
  fake.fail("accepted-then-reset");
  expect(await send()).toMatchObject({ code: "delivery.outcome_unknown" });
  expect(await send()).toMatchObject({ ok: true });
  expect(fake.sent).toHaveLength(1);
  clock.advance(15 * 60_000);
  fake.fail("accepted-then-reset");
  await send(hi, "dlv_2");
  expect(await send(hi, "dlv_2")).toMatchObject({ ok: true });
  expect(fake.sent).toHaveLength(2);
});

test.each([
  [404, { message: "Unknown Channel", code: 10003 }, "delivery.recipient_gone", false],
  [403, { message: "Cannot send messages to this user", code: 50007 }, "delivery.recipient_gone", false],
  [400, { message: "Invalid Form Body", code: 50035 }, "delivery.bad_request", false],
  [401, { message: "401: Unauthorized", code: 0 }, "delivery.unauthorized", false],
  [503, {}, "delivery.unavailable", true],
  [200, {}, "delivery.outcome_unknown", true],
])("%i %j means %s", async (status, body, code, retryable) => {
  const { send } = await talk(() => Response.json(body, { status }));
  expect(await send()).toMatchObject({ ok: false, code, retryable });
});

test("a rate limit tells how long to wait, to the millisecond", async () => {
  const body = { message: "You are being rate limited.", retry_after: 64.57, global: false };
  const { send } = await talk(() => Response.json(body, { status: 429, headers: { "retry-after": "65" } }));
  expect(await send()).toMatchObject({ code: "delivery.rate_limited", retryAfterMs: 64_570 });
});

test("two choices of one value are two buttons", async () => {
  const { ask, send, fake, receive } = await talk();
  await ask();
  const choices = [
    { label: "是", value: "yes" },
    { label: "对", value: "yes" },
  ];
  expect(await send({ type: "choices", text: "?", choices })).toMatchObject({ ok: true });
  const { events } = await receive(await fake.webhook({ type: "tap", userId: PERSON, label: "对" }));
  expect(events[0]).toMatchObject({ message: { content: { text: "对", value: "yes" } } });
});

test("a shop's marks are words, its links stay links, and one too long for a button stands in the text", async () => {
  const { ask, send, calls } = await talk();
  await ask();
  await send({ type: "text", text: "3*4*5 _a_ https://shop.example/a_b_c" });
  expect(calls[0]?.json.content).toBe("3\\*4\\*5 \\_a\\_ https://shop.example/a_b_c");
  const url = `https://shop.example/${"a".repeat(600)}`;
  await send({ type: "card", title: "鞋", actions: [{ label: "看", url }] }, "dlv_2");
  expect(JSON.stringify(calls[1]?.json)).toContain(`看: ${url}`);
  const full = "*".repeat(2000);
  await send({ type: "text", text: full }, "dlv_3");
  expect(calls[2]?.json.content).toBe(full);
});

test("registering names the command by which people ask", async () => {
  const { adapter, calls } = await talk();
  expect(await adapter.register?.("https://desk.test/webhooks/in_9")).toMatchObject({ ok: true });
  expect(calls.map(({ method, path }) => `${method} ${path}`)).toEqual([
    "PATCH /api/v10/applications/@me",
    `POST /api/v10/applications/${config.applicationId}/commands`,
  ]);
});
