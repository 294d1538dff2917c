import assert from "node:assert/strict";
import type { FakeFailure } from "../../adapters/shared/fake.ts";
import type { Address, DeliveryCode, OutboundMessage, Receipt } from "../../src/core/adapter.ts";
import type { Content } from "../../src/core/content.ts";
import { lower, offeredChoices, resolveChoice } from "../../src/core/lower.ts";
import { NAUGHTY } from "./adapter-inbound.ts";
import { type AdapterCheck, type AdapterSuite, type Bench, createBench } from "./adapter-suite.ts";

/** A bench whose first person has written, so that there is somewhere to answer. */
interface Talk extends Bench {
  readonly address: Address;
  say(content: Content, options?: { readonly signal?: AbortSignal }): Promise<Receipt>;
}

async function createTalk<Config>(suite: AdapterSuite<Config>): Promise<Talk> {
  const bench = await createBench(suite);
  const [event] = await bench.receive(
    await bench.fake.webhook({ type: "text", userId: bench.fake.people[0], text: "hi" }),
  );
  assert(event?.type === "message");
  const { address } = event.message;
  let count = 0;
  const toMessage = (content: Content): OutboundMessage => {
    count += 1;
    // LINE and others want a UUID.
    const idempotencyKey = `00000000-0000-4000-8000-${String(count).padStart(12, "0")}`;
    return { idempotencyKey, address, content, author: { kind: "bot" } };
  };
  return { ...bench, address, say: (content, options) => bench.adapter.send(toMessage(content), options) };
}

export function outboundChecks<Config>(suite: AdapterSuite<Config>): AdapterCheck[] {
  const check = (name: string, run: (talk: Talk) => Promise<unknown>): AdapterCheck => ({
    section: "outbound",
    name,
    run: async () => void (await run(await createTalk(suite))),
  });
  const { capabilities } = suite.channel;
  return [
    ...CONTENTS.map((content) =>
      check(`sends ${content.type}`, async (talk) => {
        const ids = new Set<string>();
        for (const part of lower(content, capabilities)) {
          const receipt = await talk.say(part);
          assert(receipt.ok, JSON.stringify(receipt));
          ids.add(receipt.channelMessageId);
        }
        assert.equal(ids.size, lower(content, capabilities).length, "Every part has its own id.");
        assert(talk.fake.sent.length >= ids.size);
      }),
    ),
    check("shows words as they were written", async (talk) => {
      for (const text of NAUGHTY.map((naughty) => naughty.toWellFormed().replaceAll("\u0000", ""))) {
        const receipt = await talk.say({ type: "text", text });
        assert(receipt.ok, text);
        assert(talk.fake.sent.at(-1)?.text.includes(text.trim()), text);
      }
    }),
    check("sends the longest text whole and a longer one in parts", async (talk) => {
      const { maxTextLength, textUnit } = capabilities;
      const full = textUnit === "bytes" ? "a".repeat(maxTextLength) : "字".repeat(maxTextLength);
      for (const text of [full, "亲，您的订单已经发货。😀\n".repeat(Math.ceil(maxTextLength / 10))]) {
        const before = talk.fake.sent.length;
        for (const part of lower({ type: "text", text }, capabilities)) assert((await talk.say(part)).ok);
        const shown = talk.fake.sent.slice(before).map((sent) => sent.text);
        assert.equal(shown.join("").replaceAll(/\s/g, ""), text.replaceAll(/\s/g, ""));
      }
    }),
    check("brings back the value of what is tapped or typed", async (talk) => {
      const values = ["v1", `long ${"订单".repeat(200)}`, "~tilde"];
      const choices = values.map((value, index) => ({ label: `选项${index + 1}`, value }));
      for (const content of [
        { type: "choices", text: "哪一个？", choices },
        { type: "card", title: "哪一个？", actions: choices },
      ] satisfies Content[]) {
        for (const part of lower(content, capabilities)) assert((await talk.say(part)).ok);
        for (const { label, value } of choices) assert.equal(await answered(talk, content, label), value);
      }
    }),
    check("refuses an address that is nobody's without throwing", async ({ adapter }) => {
      const content = { type: "text", text: "CANARY" } as const;
      const message = { idempotencyKey: "k", address: {}, content, author: { kind: "bot" } } as const;
      assert(!(await adapter.send(message)).ok);
    }),
    check("shows that an answer is being written, and never fails by it", async ({ adapter, address, fake }) => {
      if (adapter.typing === undefined) return;
      await adapter.typing(address);
      fake.fail("500");
      await adapter.typing(address);
      fake.fail("refused");
      await adapter.typing(address);
    }),
    check("reports whether its configuration works", async ({ adapter, fake }) => {
      if (adapter.check === undefined) return;
      const lines = await adapter.check();
      assert(lines.length > 0 && lines.every((line) => line.ok), JSON.stringify(lines));
      fake.fail("401");
      assert((await adapter.check()).some((line) => !line.ok));
      fake.fail("refused", 2);
      assert((await adapter.check()).some((line) => !line.ok));
    }),
    check("tells the platform where to call", async ({ adapter, fake }) => {
      if (adapter.register === undefined) return;
      const url = "https://desk.test/webhooks/in_1";
      assert((await adapter.register(url)).ok);
      if (adapter.check !== undefined) assert((await adapter.check({ webhookUrl: url })).every((line) => line.ok));
      fake.fail("401");
      assert(!(await adapter.register(url)).ok);
    }),
    check("fetches a file the platform named", async ({ adapter, fake, receive }) => {
      if (adapter.fetchMedia === undefined) return;
      const [event] = await receive(await fake.webhook({ type: "image", userId: fake.people[0] }));
      assert(event?.type === "message" && event.message.mediaRef !== undefined);
      const media = await adapter.fetchMedia(event.message.mediaRef);
      assert(media !== undefined);
      assert((await new Response(media.body).arrayBuffer()).byteLength > 0);
    }),
  ];
}

async function answered(talk: Talk, content: Content, label: string): Promise<string | undefined> {
  const { fake } = talk;
  const [userId] = fake.people;
  const canTap = fake.plays.includes("tap") && fake.sent.some((sent) => sent.buttons.includes(label));
  const offered = offeredChoices(content);
  const number = offered.findIndex((choice) => choice.label === label) + 1;
  const event = canTap
    ? ({ type: "tap", userId, label } as const)
    : ({ type: "text", userId, text: String(number) } as const);
  const [received] = await talk.receive(await fake.webhook(event));
  assert(received?.type === "message" && received.message.content.type === "text");
  const { text, value } = received.message.content;
  return value ?? resolveChoice(text, offered)?.value;
}

const FAILURES: readonly (readonly [FakeFailure, readonly DeliveryCode[], retryable: boolean])[] = [
  ["429", ["delivery.rate_limited"], true],
  ["500", ["delivery.unavailable", "delivery.outcome_unknown"], true],
  ["502", ["delivery.outcome_unknown"], true],
  ["401", ["delivery.unauthorized"], false],
  ["gone", ["delivery.recipient_gone"], false],
  ["timeout", ["delivery.outcome_unknown"], true],
  ["refused", ["delivery.unavailable"], true],
  ["reset", ["delivery.outcome_unknown"], true],
  ["accepted-then-reset", ["delivery.outcome_unknown"], true],
];

export function failureChecks<Config>(suite: AdapterSuite<Config>): AdapterCheck[] {
  const check = (name: string, run: (talk: Talk) => Promise<unknown>): AdapterCheck => ({
    section: "failure",
    name,
    run: async () => void (await run(await createTalk(suite))),
  });
  const text = { type: "text", text: "CANARY" } as const;
  return [
    ...FAILURES.map(([failure, codes, retryable]) =>
      check(`reports ${failure}`, async ({ fake, say }) => {
        fake.fail(failure);
        const receipt = await say(text);
        assert(!receipt.ok);
        assert(codes.includes(receipt.code), `${receipt.code} for ${failure}`);
        assert.equal(receipt.retryable, retryable);
        if (failure === "429") assert((receipt.retryAfterMs ?? 0) > 0);
        assert.equal(
          fake.sent.length,
          failure === "accepted-then-reset" ? 1 : 0,
          "An adapter repeats nothing by itself.",
        );
        assert((await say(text)).ok, "The next message goes out.");
      }),
    ),
    check("sends nothing once cancelled", async ({ fake, say }) => {
      const receipt = await say(text, { signal: AbortSignal.abort() });
      assert(!receipt.ok);
      assert.equal(receipt.code, "delivery.cancelled");
      assert.equal(receipt.retryable, true);
      assert.equal(fake.sent.length, 0);
    }),
    check("stops waiting when cancelled", async ({ fake, say }) => {
      fake.fail("timeout");
      const cancel = new AbortController();
      setTimeout(() => cancel.abort(), 5);
      const receipt = await say(text, { signal: cancel.signal });
      assert(!receipt.ok);
      assert.equal(receipt.code, "delivery.cancelled");
      assert.equal(receipt.retryable, false);
    }),
  ];
}

const card = (title: string) => ({
  type: "card" as const,
  title,
  text: "轻便透气 & 耐磨 <新款>",
  imageUrl: "https://shop.example/shoes.jpg",
  actions: [
    { label: "查看", url: "https://shop.example/shoes" },
    { label: "咨询客服", value: `ask:${title}` },
  ],
});

/** One of each kind, as a shop would send it. */
const CONTENTS: readonly Content[] = [
  { type: "text", text: "亲，您的订单已发货 📦" },
  { type: "image", url: "https://shop.example/a.jpg", name: "a.jpg", mime: "image/jpeg", alt: "尺码表" },
  { type: "audio", url: "https://shop.example/a.mp3", name: "a.mp3", mime: "audio/mpeg" },
  { type: "video", url: "https://shop.example/a.mp4", name: "a.mp4", mime: "video/mp4" },
  { type: "file", url: "https://shop.example/a.xlsx", name: "对账单.xlsx" },
  { type: "location", lat: 31.23, lng: 121.47, title: "上海门店", address: "南京东路 1 号" },
  { type: "link", url: "https://shop.example/help", title: "退货说明", description: "7 天无理由" },
  card("跑鞋"),
  { type: "carousel", cards: [card("跑鞋"), card("板鞋")] },
  {
    type: "product",
    productId: "p1",
    title: "跑鞋",
    price: { amount: 25900, currency: "CNY" },
    url: "https://shop.example/p1",
  },
  {
    type: "order",
    orderId: "A1001",
    status: "已发货",
    items: [{ title: "跑鞋", quantity: 1 }],
    total: { amount: 25900, currency: "CNY" },
    url: "https://shop.example/o/A1001",
  },
  {
    type: "choices",
    text: "想问哪个？",
    choices: Array.from({ length: 20 }, (_, n) => ({ label: `订单 ${n + 1}`, value: `o${n}` })),
  },
  { type: "sticker", emoji: "🎉" },
  { type: "system", code: "handoff", text: "已转人工" },
  { type: "unsupported", kind: "poll" },
];
