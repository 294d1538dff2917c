import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { serve } from "@hono/node-server";
import { expect, test } from "vitest";
import { createFakeClock, createFakeState, toWebhookRequest } from "../../adapters/shared/fake.ts";
import { telegramConfig } from "../../adapters/telegram/config.ts";
import { createFakeTelegram } from "../../adapters/telegram/fake.ts";
import { telegram } from "../../adapters/telegram/index.ts";
import type { Content } from "../../src/core/content.ts";
import { testAdapter } from "../conformance/adapter.ts";
import { readFixtures } from "../conformance/fixtures.ts";

const config = {
  token: "123456:AAtest-token_of_the_fake_platform",
  secretToken: "s3cret-of_the_telegram_webhook_0123",
};

testAdapter({
  channel: telegram,
  config,
  otherSecret: { ...config, secretToken: "an0ther-secret_of_the_telegram_hook" },
  createFake: createFakeTelegram,
  fixtures: readFixtures("telegram"),
  skip: { "refuses a body changed by one byte": "Telegram signs no body: its header is the only proof" },
});

async function talk(answer?: (method: string, payload: Record<string, unknown>) => Response | undefined) {
  const parsed = telegramConfig.parse(config);
  const clock = createFakeClock();
  const fake = createFakeTelegram(parsed, { clock });
  const state = createFakeState(clock);
  const calls: { method: string; payload: Record<string, unknown> }[] = [];
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    const call = { method: request.url.split("/").at(-1) ?? "", payload: await request.clone().json() };
    calls.push(call);
    return answer?.(call.method, call.payload) ?? fake.fetch(request);
  };
  const adapter = await telegram.create(parsed, { inboxId: "in_1", fetch, now: clock.now, state });
  await fake.webhook({ type: "text", userId: "5000000001", text: "hi" });
  const send = (content: Content, chatId = "5000000001") =>
    adapter.send({ idempotencyKey: "k1", address: { chatId }, content, author: { kind: "bot" } });
  return { adapter, fake, state, calls, send };
}

const refuse = (description: string, parameters?: object, code = 400) =>
  Response.json({ ok: false, error_code: code, description, parameters }, { status: code });

test("a group that became a supergroup is written to under its new id, from then on at once", async () => {
  const moved = (method: string, payload: Record<string, unknown>) => {
    if (method !== "sendMessage") return undefined;
    if (payload.chat_id === -5) return refuse("group chat was upgraded", { migrate_to_chat_id: -1001234567890 });
    return Response.json({ ok: true, result: { message_id: 9, chat: { id: payload.chat_id } } });
  };
  const { send, calls } = await talk(moved);
  expect(await send({ type: "text", text: "hi" }, "-5")).toEqual({ ok: true, channelMessageId: "-1001234567890:9" });
  await send({ type: "text", text: "again" }, "-5");
  expect(calls.map((call) => call.payload.chat_id)).toEqual([-5, -1001234567890, -1001234567890]);
});

test.each([
  ["Bad Request: chat not found", 400, "delivery.recipient_gone"],
  ["Forbidden: user is deactivated", 403, "delivery.recipient_gone"],
  ["Forbidden: bot can't initiate conversation with a user", 403, "delivery.window_closed"],
  ["Bad Request: message text is empty", 400, "delivery.bad_request"],
  ["Not Found", 404, "delivery.unauthorized"],
])("%s is %i and means %s", async (description, code, meaning) => {
  const { send } = await talk(() => refuse(description, undefined, code));
  expect(await send({ type: "text", text: "hi" })).toMatchObject({ ok: false, code: meaning, retryable: false });
});

test("an answer that is not Telegram's leaves open whether the message was taken", async () => {
  const { send } = await talk(() => new Response("<html>proxy</html>"));
  expect(await send({ type: "text", text: "hi" })).toMatchObject({ ok: false, code: "delivery.outcome_unknown" });
});

test("what Telegram will not fetch is said in words instead", async () => {
  const { send, fake } = await talk();
  expect(await send({ type: "file", url: "https://shop.example/a.xlsx", name: "对账单.xlsx" })).toMatchObject({
    ok: true,
  });
  expect(fake.sent.map((sent) => [sent.method, sent.text])).toEqual([
    ["sendMessage", "对账单.xlsx\nhttps://shop.example/a.xlsx"],
  ]);
});

test("a file Telegram takes no address of is uploaded, its words with it", async () => {
  const parsed = telegramConfig.parse(config);
  const fake = createFakeTelegram(parsed, { clock: createFakeClock() });
  const shop: typeof globalThis.fetch = async (input, init) => {
    const { host, pathname } = new URL(input instanceof Request ? input.url : input);
    if (host !== "shop.example") return fake.fetch(input, init);
    return pathname === "/gone.xlsx" ? new Response(null, { status: 404 }) : new Response("bytes of a table");
  };
  const state = createFakeState(fake.clock);
  const adapter = await telegram.create(parsed, { inboxId: "in_1", fetch: shop, now: fake.clock.now, state });
  await fake.webhook({ type: "text", userId: "5000000001", text: "hi" });
  const send = (content: Content) =>
    adapter.send({ idempotencyKey: "k1", address: { chatId: "5000000001" }, content, author: { kind: "agent" } });
  const table = { type: "file", url: "https://shop.example/a.xlsx", name: "对账单.xlsx", alt: "上月的" } as const;
  expect(await send(table)).toMatchObject({ ok: true });
  expect(fake.sent.at(-1)).toMatchObject({
    method: "sendDocument",
    text: "上月的",
    payload: { document: { name: "对账单.xlsx", size: 16 } },
  });
  // What cannot be had is named with its address.
  await send({ ...table, url: "https://shop.example/gone.xlsx" });
  expect(fake.sent.at(-1)).toMatchObject({ method: "sendMessage", text: expect.stringContaining("gone.xlsx") });
});

test("a file without a public address is refused before any call", async () => {
  const { send, calls } = await talk();
  expect(await send({ type: "image", url: "/files/a.jpg" })).toMatchObject({ ok: false, code: "delivery.bad_request" });
  expect(calls).toEqual([]);
});

test("a card is a photo with its words, marked by position, and buttons", async () => {
  const { send, calls } = await talk();
  await send({
    type: "card",
    title: "<跑鞋>",
    text: "a & b",
    imageUrl: "https://shop.example/a.jpg",
    actions: [
      { label: "查看", url: "https://shop.example/a" },
      { label: "咨询", value: "ask" },
    ],
  });
  expect(calls[0]).toEqual({
    method: "sendPhoto",
    payload: {
      chat_id: 5000000001,
      photo: "https://shop.example/a.jpg",
      caption: "<跑鞋>\na & b",
      caption_entities: [{ type: "bold", offset: 0, length: 4 }],
      reply_markup: {
        inline_keyboard: [
          [
            { text: "查看", url: "https://shop.example/a" },
            { text: "咨询", callback_data: "ask" },
          ],
        ],
      },
    },
  });
});

test("a tap is answered in the webhook's response, and brings its label when its value is forgotten", async () => {
  const { adapter, fake, send } = await talk();
  const value = "x".repeat(100);
  await send({ type: "choices", text: "?", choices: [{ label: "好", value }] });
  const tap = () => fake.webhook({ type: "tap", userId: "5000000001", label: "好" });
  const { events, response } = await adapter.receive(await toWebhookRequest(await tap()));
  expect(events[0]).toMatchObject({ message: { content: { type: "text", text: "好", value } } });
  expect(await response.json()).toMatchObject({ method: "answerCallbackQuery" });
  fake.clock.advance(365 * 24 * 3_600_000);
  const late = await adapter.receive(await toWebhookRequest(await tap()));
  expect(late.events[0]).toMatchObject({ message: { content: { type: "text", text: "好" } } });
  expect(JSON.stringify(late.events)).not.toContain("~");
});

test("a file that is too big or whose path is on the server's own disk is gone", async () => {
  const tooBig = await talk(() => refuse("Bad Request: file is too big"));
  expect(await tooBig.adapter.fetchMedia?.("f")).toBeUndefined();
  const local = await talk(() => Response.json({ ok: true, result: { file_path: "/var/lib/telegram/photo.jpg" } }));
  expect(await local.adapter.fetchMedia?.("f")).toBeUndefined();
});

test("a file that cannot be had now is tried again, and its error does not show the token", async () => {
  const { adapter } = await talk((method) => {
    if (method === "getFile") return Response.json({ ok: true, result: { file_path: "photos/a.jpg" } });
    throw new TypeError(`Failed to fetch https://api.telegram.org/file/bot${config.token}/photos/a.jpg`);
  });
  const error: unknown = await adapter.fetchMedia?.("f").catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: "channel.media_unavailable" });
  expect(String(error) + JSON.stringify(error)).not.toContain(config.token);
});

test("an apiRoot with a path, with or without its last slash, is kept", async () => {
  for (const apiRoot of ["https://proxy.example/tg", "https://proxy.example/tg/"]) {
    const urls: string[] = [];
    const fetch: typeof globalThis.fetch = async (input) => {
      urls.push(String(input));
      return Response.json({ ok: true, result: { message_id: 1 } });
    };
    const clock = createFakeClock();
    const deps = { inboxId: "in_1", fetch, now: clock.now, state: createFakeState(clock) };
    const adapter = await telegram.create(telegramConfig.parse({ ...config, apiRoot }), deps);
    await adapter.send({
      idempotencyKey: "k",
      address: { chatId: "1" },
      content: { type: "text", text: "x" },
      author: { kind: "bot" },
    });
    expect(urls).toEqual([`https://proxy.example/tg/bot${config.token}/sendMessage`]);
  }
});

test("the fake serves its API over HTTP, and a person who blocked the bot is gone", async () => {
  let fake: ReturnType<typeof createFakeTelegram> | undefined;
  const server = serve({
    fetch: (request: Request) => fake?.handle(request) ?? new Response(null, { status: 503 }),
    port: 0,
  });
  const { port } = await new Promise<{ port: number }>((resolve) =>
    server.on("listening", () => resolve(server.address() as AddressInfo)),
  );
  try {
    const parsed = telegramConfig.parse({ ...config, apiRoot: `http://127.0.0.1:${port}` });
    const clock = createFakeClock();
    fake = createFakeTelegram(parsed, { clock });
    const deps = { inboxId: "in_1", fetch: globalThis.fetch, now: clock.now, state: createFakeState(clock) };
    const adapter = await telegram.create(parsed, deps);
    await fake.webhook({ type: "text", userId: "5000000001", text: "hi" });
    const message = {
      idempotencyKey: "k",
      address: { chatId: "5000000001" },
      content: { type: "text", text: "亲" },
      author: { kind: "bot" },
    } as const;
    expect(await adapter.send(message)).toMatchObject({ ok: true });
    expect(fake.sent.map((sent) => sent.text)).toEqual(["亲"]);
    await fake.webhook({ type: "leave", userId: "5000000001" });
    expect(await adapter.send(message)).toMatchObject({ ok: false, code: "delivery.recipient_gone" });
  } finally {
    server.close();
  }
});

test("a port where nobody listens has taken nothing", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  const deps = { inboxId: "in_1", fetch: globalThis.fetch, now: Date.now, state: createFakeState(createFakeClock()) };
  const parsed = telegramConfig.parse({ ...config, apiRoot: `http://127.0.0.1:${port}` });
  const message = {
    idempotencyKey: "k",
    address: { chatId: "1" },
    content: { type: "text", text: "x" },
    author: { kind: "bot" },
  } as const;
  expect(await (await telegram.create(parsed, deps)).send(message)).toMatchObject({
    code: "delivery.unavailable",
    retryable: true,
  });
});
