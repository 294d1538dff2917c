import { expect, test } from "vitest";
import { lineConfig } from "../../adapters/line/config.ts";
import { createFakeLine } from "../../adapters/line/fake.ts";
import { line } from "../../adapters/line/index.ts";
import { createFakeClock, createFakeState, toWebhookRequest } from "../../adapters/shared/fake.ts";
import type { Content } from "../../src/core/content.ts";
import { SignatureError } from "../../src/core/errors.ts";
import { testAdapter } from "../conformance/adapter.ts";
import { readFixtures } from "../conformance/fixtures.ts";

const config = {
  channelAccessToken: "xiaoer-test-channel-access-token-0123456789==",
  channelSecret: "8c570fa6dd201bb328f1c1eac23a96d8",
};

testAdapter({
  channel: line,
  config,
  otherSecret: { ...config, channelSecret: "fe10a3ab143e493c44218e0cc950071c" },
  createFake: createFakeLine,
  fixtures: readFixtures("line"),
});

const PERSON = "U4af4980629aabbccddeeff0011223344";
const hi = { type: "text", text: "hi" } as const;

async function talk(answer?: (request: Request) => Response | undefined | Promise<Response | undefined>) {
  const parsed = lineConfig.parse(config);
  const clock = createFakeClock();
  const fake = createFakeLine(parsed, { clock });
  const state = createFakeState(clock);
  const calls: { path: string; headers: Headers; json: Record<string, unknown> }[] = [];
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    const json = request.method === "GET" ? {} : await request.clone().json();
    calls.push({ path: new URL(request.url).pathname, headers: request.headers, json });
    return (await answer?.(request)) ?? fake.fetch(request);
  };
  const adapter = await line.create(parsed, { inboxId: "in_1", fetch, now: clock.now, state, timeoutMs: 60 });
  const receive = async (request: Request) => adapter.receive(await toWebhookRequest(request));
  const hear = () => fake.webhook({ type: "text", userId: PERSON, text: "hi" }).then(receive);
  const send = (content: Content = hi, idempotencyKey = "dlv_1") =>
    adapter.send({ idempotencyKey, address: { to: PERSON, kind: "user" }, content, author: { kind: "bot" } });
  const paths = () => calls.map((call) => call.path.split("/").at(-1));
  return { adapter, fake, clock, state, calls, paths, receive, hear, send };
}

const refuse = (status: number, body: unknown) => () => Response.json(body, { status });

test("LINE's own example of a signature is taken, and its empty list of events is no event", async () => {
  const { adapter } = await talk();
  const body = new TextEncoder().encode('{"destination":"U8e742f61d673b39c7fff3cecb7536ef0","events":[]}');
  const headers = new Headers({ "X-Line-Signature": "GhRKmvmHys4Pi8DxkF4+EayaH0OqtJtaZxgTD9fMDLs=" });
  const request = { method: "POST", url: new URL("https://desk.test"), headers, body };
  expect((await adapter.receive(request)).events).toEqual([]);
  const urlSafe = new Headers({ "X-Line-Signature": "GhRKmvmHys4Pi8DxkF4-EayaH0OqtJtaZxgTD9fMDLs=" });
  await expect(adapter.receive({ ...request, headers: urlSafe })).rejects.toThrow(SignatureError);
});

test("a body for another bot is refused, though our secret signed it; LINE is asked once who we are", async () => {
  const { fake, receive, hear, paths } = await talk();
  await hear();
  await expect(fake.sign({ destination: "U0", events: [] }).then(receive)).rejects.toThrow(SignatureError);
  await hear();
  expect(paths()).toEqual(["info"]);
});

test("while LINE does not say who we are, the first destination holds", async () => {
  const { fake, receive, hear } = await talk((request) =>
    request.url.endsWith("/info") ? new Response(null, { status: 500 }) : undefined,
  );
  expect((await hear()).events).toHaveLength(1);
  await expect(fake.sign({ destination: "U0", events: [] }).then(receive)).rejects.toThrow(SignatureError);
});

test("an answer goes by the free reply, the next by push, and so does one after the token's minute", async () => {
  const { hear, send, paths, clock } = await talk();
  await hear();
  await send(hi, "dlv_1");
  await send(hi, "dlv_2");
  await hear();
  clock.advance(55_000);
  await send(hi, "dlv_3");
  expect(paths()).toEqual(["info", "reply", "push", "push"]);
});

test("a token LINE no longer takes is followed by a push at once", async () => {
  const { hear, send, fake, paths } = await talk((request) =>
    request.url.endsWith("/reply") ? Response.json({ message: "Invalid reply token" }, { status: 400 }) : undefined,
  );
  await hear();
  expect(await send()).toMatchObject({ ok: true });
  expect(paths()).toEqual(["info", "reply", "push"]);
  expect(fake.sent).toHaveLength(1);
});

test("a redelivered event does not bring its used token back", async () => {
  const { fake, receive, send, paths } = await talk();
  const request = await fake.webhook({ type: "text", userId: PERSON, text: "hi" });
  await receive(request.clone());
  await send(hi, "dlv_1");
  await receive(request);
  await send(hi, "dlv_2");
  expect(paths()).toEqual(["info", "reply", "push"]);
});

test("a reply whose outcome is unknown is repeated by the same token, and is shown once", async () => {
  const { hear, send, fake } = await talk();
  await hear();
  fake.fail("accepted-then-reset");
  expect(await send()).toMatchObject({ code: "delivery.outcome_unknown" });
  expect(await send()).toMatchObject({ ok: true });
  fake.fail("reset");
  expect(await send(hi, "dlv_2")).toMatchObject({ code: "delivery.outcome_unknown" });
  expect(await send(hi, "dlv_2")).toMatchObject({ ok: true });
  expect(fake.sent).toHaveLength(2);
});

test("a reply that was certainly not taken keeps its token for the repeat", async () => {
  const { hear, send, fake, paths } = await talk();
  await hear();
  fake.fail("429");
  await send();
  await send();
  expect(paths()).toEqual(["info", "reply", "reply"]);
});

test("a push carries a UUID of our key, and repeated after an unknown outcome is shown once", async () => {
  const { hear, send, fake, calls, clock } = await talk();
  await hear();
  clock.advance(60_000);
  fake.fail("accepted-then-reset");
  expect(await send()).toMatchObject({ code: "delivery.outcome_unknown" });
  expect(await send()).toEqual({ ok: true, channelMessageId: fake.sent[0]?.messageId, route: "push" });
  expect(fake.sent).toHaveLength(1);
  const keys = calls.filter(({ path }) => path.endsWith("/push")).map(({ headers }) => headers.get("x-line-retry-key"));
  expect(keys[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(keys[1]).toBe(keys[0]);
});

const texts = (count: number) =>
  Array.from({ length: count }, (_, n): Content => ({ type: "text", text: `第 ${n + 1} 句` }));
const image: Content = { type: "image", url: "https://shop.example/a.jpg", alt: "尺码表" };

test("several contents go in one call, which is one free reply or one counted push", async () => {
  const { adapter, hear, fake, paths, clock } = await talk();
  const batch = (key: string) =>
    adapter.batch?.send(
      [...texts(3), image].map((content, n) => ({
        idempotencyKey: `${key}_${n}`,
        address: { to: PERSON, kind: "user" },
        content,
        author: { kind: "bot" as const },
      })),
    );
  await hear();
  const free = await batch("dlv_a");
  expect(free).toMatchObject({ ok: true, route: "reply" });
  expect(fake.sent.map((sent) => sent.text)).toEqual(["第 1 句", "第 2 句", "第 3 句", "", "尺码表"]);
  const ids = fake.sent.map((sent) => sent.messageId);
  expect(free).toMatchObject({ channelMessageIds: ids.slice(0, 4) });
  clock.advance(60_000);
  fake.fail("accepted-then-reset");
  expect(await batch("dlv_b")).toMatchObject({ code: "delivery.outcome_unknown" });
  expect(await batch("dlv_b")).toMatchObject({
    ok: true,
    route: "push",
    channelMessageIds: fake.sent.slice(5, 9).map((sent) => sent.messageId),
  });
  expect(paths()).toEqual(["info", "reply", "push", "push"]);
  expect(fake.sent).toHaveLength(10);
});

test.each([
  [texts(7), 5],
  [[...texts(3), image, ...texts(1)], 4],
  [[...texts(4), image], 4],
  [[{ type: "card", title: "a", actions: [] }, ...texts(2)], 1],
  [[...texts(2), { type: "card", title: "a", actions: [] }], 2],
] satisfies [Content[], number][])("one call takes so many of %j: %i", async (contents, count) => {
  const { adapter } = await talk();
  expect(adapter.batch?.fits(contents)).toBe(count);
});

test.each([
  [429, { message: "You have reached your monthly limit." }, "delivery.quota_exhausted", false],
  [429, { message: "The API rate limit has been exceeded. Try again later." }, "delivery.rate_limited", true],
  [400, { message: "Failed to send messages" }, "delivery.recipient_gone", false],
  [400, { message: "The property, 'to', in the request body is invalid" }, "delivery.recipient_gone", false],
  [
    400,
    { message: "bad", details: [{ message: "May not be empty", property: "messages[0].text" }] },
    "delivery.bad_request",
    false,
  ],
  [403, { message: "Not allowed" }, "delivery.unauthorized", false],
  [503, { message: "" }, "delivery.unavailable", true],
  [200, {}, "delivery.outcome_unknown", true],
])("%i %j means %s", async (status, body, code, retryable) => {
  const { send } = await talk(refuse(status, body));
  expect(await send()).toMatchObject({ ok: false, code, retryable });
});

test("a button's label comes back with its value, however long, and after the value is forgotten", async () => {
  const { fake, receive, hear, send, clock } = await talk();
  await hear();
  const value = "订单".repeat(200);
  await send({ type: "choices", text: "?", choices: [{ label: "好", value }] });
  const tap = () => fake.webhook({ type: "tap", userId: PERSON, label: "好" }).then(receive);
  expect((await tap()).events[0]).toMatchObject({ message: { content: { type: "text", text: "好", value } } });
  clock.advance(365 * 24 * 3_600_000);
  const late = (await tap()).events[0];
  expect(late).toMatchObject({ message: { content: { type: "text", text: "好" } } });
  expect(JSON.stringify(late)).not.toContain("~");
});

test("a carousel too large for one message goes as several, and nothing is left out", async () => {
  const { hear, send, fake, paths } = await talk();
  await hear();
  const long = `https://shop.example/${"a".repeat(1500)}`;
  const cards = Array.from({ length: 10 }, (_, index) => ({
    type: "card" as const,
    title: `商品 ${index}`,
    text: "字".repeat(990),
    imageUrl: "http://shop.example/a.jpg",
    actions: [
      { label: "查看", url: `https://shop.example/${"b".repeat(900)}` },
      { label: "详情", url: long },
      ...Array.from({ length: 4 }, (__, n) => ({ label: `咨询 ${n}`, value: `${index}:${n}` })),
    ],
  }));
  expect(await send({ type: "carousel", cards })).toMatchObject({ ok: true });
  expect(paths()).toEqual(["info", "reply", "push"]);
  const shown = fake.sent.map((sent) => sent.text).join("\n");
  for (const { title } of cards) expect(shown).toContain(title);
  expect(shown).toContain(`详情: ${long}`);
  expect(shown).toContain("http://shop.example/a.jpg");
  expect(fake.sent.flatMap((sent) => sent.buttons)).toHaveLength(50);
});

test("a picture LINE cannot show is said in words, and its caption is said after one it can", async () => {
  const { hear, send, fake } = await talk();
  await hear();
  await send({ type: "image", url: "https://shop.example/a.webp", alt: "尺码表" }, "dlv_1");
  await send({ type: "image", url: "https://shop.example/a.jpg", alt: "尺码表" }, "dlv_2");
  expect(fake.sent.map((sent) => sent.text)).toEqual(["尺码表\nhttps://shop.example/a.webp", "", "尺码表"]);
  expect(await send({ type: "image", url: "/files/a.jpg" })).toMatchObject({ code: "delivery.bad_request" });
});

test.each([
  [202, "channel.media_unavailable"],
  [500, "channel.media_unavailable"],
  [410, undefined],
])("a file answered with %i", async (status, code) => {
  const { adapter } = await talk(() => new Response(null, { status }));
  const result = await adapter.fetchMedia?.("1").catch((error: { code: string }) => error.code);
  expect(result).toBe(code);
});
