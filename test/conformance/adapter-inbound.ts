import assert from "node:assert/strict";
import type { FakeEvent } from "../../adapters/shared/fake.ts";
import { toWebhookRequest } from "../../adapters/shared/fake.ts";
import type { InboundEvent } from "../../src/core/adapter.ts";
import { contentSchema } from "../../src/core/content.ts";
import {
  type AdapterCheck,
  type AdapterSuite,
  assertRefused,
  type Bench,
  createBench,
  secretFieldsOf,
} from "./adapter-suite.ts";

export function configChecks<Config>(suite: AdapterSuite<Config>): AdapterCheck[] {
  const check = (name: string, run: () => void) => ({ section: "config" as const, name, run: async () => run() });
  return [
    check("takes its example", () => void suite.channel.config.parse(suite.config)),
    check("refuses a blank secret", () => {
      for (const name of secretFieldsOf(suite.channel)) {
        for (const blank of ["", " ", "                                        "]) {
          assert(!suite.channel.config.safeParse({ ...suite.config, [name]: blank }).success, name);
        }
      }
    }),
    check("refuses a field it does not know", () => {
      assert(!suite.channel.config.safeParse({ ...suite.config, surprise: 1 }).success);
    }),
  ];
}

export function signatureChecks<Config>(suite: AdapterSuite<Config>): AdapterCheck[] {
  const check = (name: string, run: (bench: Bench, request: Request) => Promise<unknown>): AdapterCheck => ({
    section: "signature",
    name,
    async run() {
      const bench = await createBench(suite);
      await run(bench, await bench.fake.webhook({ type: "text", userId: bench.fake.people[0], text: "hi" }));
    },
  });
  const altered = async (request: Request, change: (headers: Headers, url: URL) => void, body?: Uint8Array) => {
    const webhook = await toWebhookRequest(request.clone());
    const headers = new Headers(webhook.headers);
    const url = new URL(webhook.url);
    change(headers, url);
    return { ...webhook, headers, url, body: body ?? webhook.body };
  };
  return [
    check("takes what the platform signed", async ({ receive }, request) => {
      assert.equal((await receive(request)).length, 1);
    }),
    check("refuses a request without its signature", async ({ adapter }, request) => {
      const bare = await altered(request, (headers, url) => {
        for (const name of [...headers.keys()]) headers.delete(name);
        url.search = "";
      });
      await assertRefused(adapter.receive(bare));
      await assertRefused(adapter.receive({ ...bare, body: new TextEncoder().encode("{broken") }));
      await assertRefused(adapter.receive({ ...bare, method: "GET", body: new Uint8Array() }));
    }),
    check("refuses a changed, empty, cut or repeated signature", async ({ adapter }, request) => {
      const names = [...request.headers.keys()].filter((name) => !name.startsWith("content-"));
      for (const name of names) {
        const value = request.headers.get(name) ?? "";
        const flipped = value.slice(0, -1) + (value.endsWith("A") ? "B" : "A");
        for (const wrong of [flipped, "", "undefined", value.slice(1), `${value}A`, value.toUpperCase() + value]) {
          await assertRefused(adapter.receive(await altered(request, (headers) => headers.set(name, wrong))));
        }
        await assertRefused(adapter.receive(await altered(request, (headers) => headers.append(name, value))));
      }
      for (const [name, value] of new URL(request.url).searchParams) {
        await assertRefused(
          adapter.receive(await altered(request, (_, url) => url.searchParams.set(name, `${value}0`))),
        );
        await assertRefused(adapter.receive(await altered(request, (_, url) => url.searchParams.append(name, value))));
      }
    }),
    check("refuses a body changed by one byte", async ({ adapter }, request) => {
      const { body } = await toWebhookRequest(request.clone());
      for (let index = 0; index < body.length; index += Math.ceil(body.length / 50)) {
        const flipped = body.with(index, (body[index] ?? 0) ^ 1);
        await assertRefused(adapter.receive(await altered(request, () => undefined, flipped)));
      }
    }),
    check("refuses what another secret signed", async ({ adapter }, request) => {
      assert(suite.createFake);
      const other = suite.createFake(suite.channel.config.parse(suite.otherSecret), {
        clock: (await createBench(suite)).fake.clock,
      });
      const body = await request.text();
      await assertRefused(adapter.receive(await toWebhookRequest(await other.sign(body))));
    }),
  ];
}

export function inboundChecks<Config>(suite: AdapterSuite<Config>): AdapterCheck[] {
  const check = (name: string, run: (bench: Bench) => Promise<unknown>): AdapterCheck => ({
    section: "inbound",
    name,
    run: async () => void (await run(await createBench(suite))),
  });
  return [
    ...suite.fixtures.map((fixture) =>
      check(`reads ${fixture.name}`, async ({ fake, receive }) => {
        const events = await receive(await fake.sign(fixture.request.body));
        assert.deepEqual(plain(events), plain(fixture.events));
        assertSound(events);
      }),
    ),
    check("gives the same events for the same bytes", async ({ fake, receive }) => {
      for (const { request } of suite.fixtures) {
        const first = await receive(await fake.sign(request.body));
        assert.deepEqual(await receive(await fake.sign(request.body)), first);
      }
    }),
    check("gives every message its own id", async ({ fake, receive }) => {
      const ids = new Set<string>();
      for (let turn = 0; turn < 3; turn += 1) {
        for (const userId of fake.people) {
          for (const event of await receive(await fake.webhook({ type: "text", userId, text: "hi" }))) {
            if (event.type === "message") ids.add(event.message.channelMessageId);
          }
        }
      }
      assert.equal(ids.size, 6);
    }),
    check("reads every kind its platform has", async ({ fake, receive }) => {
      const [userId] = fake.people;
      for (const event of examples(userId).filter((example) => fake.plays.includes(example.type))) {
        const events = await receive(await fake.webhook(event));
        assert(events.length > 0, event.type);
        assertSound(events);
        if (event.type === "unknown") assert.equal(events[0]?.type, "unsupported");
        if (event.type !== "edit" && event.type !== "unknown") assert.equal(personOf(events[0]), userId, event.type);
      }
    }),
    check("keeps words as they were said", async ({ fake, receive }) => {
      for (const text of NAUGHTY) {
        const [event] = await receive(await fake.webhook({ type: "text", userId: fake.people[0], text }));
        assert(event?.type === "message" && event.message.content.type === "text");
        assert.equal(event.message.content.text, text.toWellFormed().replaceAll("\u0000", "").normalize("NFC"));
      }
    }),
    check("answers garbage with PayloadError or takes it as unsupported", async ({ receiveAnything }) => {
      const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
      const invalidUtf8 = new Uint8Array([0x22, 0xff, 0xfe, 0x22]);
      for (const body of ["", "\u0000", "garbage", "{", "[]", "null", "7", '"text"', "{}", deep, invalidUtf8]) {
        for (const event of (await receiveAnything(body)) ?? []) assert.equal(event.type, "unsupported");
      }
    }),
    check("survives wrong values in every place", async ({ receiveAnything }) => {
      for (const { request } of suite.fixtures) {
        if (typeof request.body !== "object") continue;
        for (const body of mutations(request.body)) assertSound((await receiveAnything(body)) ?? []);
      }
    }),
    check("survives changed bytes", async ({ receiveAnything }) => {
      const random = createRandom(7);
      for (const { request } of suite.fixtures) {
        const bytes = new TextEncoder().encode(JSON.stringify(request.body));
        for (let turn = 0; turn < 60; turn += 1) {
          const changed = bytes.slice();
          for (let flips = 0; flips <= turn % 4; flips += 1) changed[random(bytes.length)] = random(256);
          assertSound((await receiveAnything(changed)) ?? []);
        }
      }
    }),
  ];
}

/** What must hold of any event, however strange the body was: it can be stored, and sent to a browser. */
function assertSound(events: readonly InboundEvent[]): void {
  for (const event of events) {
    if (event.type === "unsupported") {
      assert(event.kind !== "" && event.kind.length <= 200);
      continue;
    }
    JSON.stringify(event, (_, value) => {
      if (typeof value === "string")
        assert(value.isWellFormed() && !value.includes("\u0000"), "Every text can be stored.");
      return value;
    });
    const { channelMessageId, at } = event.type === "message" ? event.message : event;
    assert(channelMessageId !== "" && channelMessageId.length <= 1000);
    assert(Number.isFinite(at), "A time is a number.");
    const content = event.type === "message" ? event.message.content : "content" in event ? event.content : undefined;
    if (content !== undefined) contentSchema.parse(content);
  }
}

function personOf(event: InboundEvent | undefined): string | undefined {
  if (event?.type === "message") return event.message.sender.id;
  return event?.type === "presence" ? event.sender.id : undefined;
}

function examples(userId: string): readonly Exclude<FakeEvent, { type: "tap" }>[] {
  return [
    { type: "join", userId },
    { type: "join", userId, payload: "sku_1001" },
    { type: "text", userId, text: "物流到哪了" },
    { type: "edit", userId, text: "物流到哪了？" },
    { type: "image", userId, caption: "坏了" },
    { type: "audio", userId },
    { type: "video", userId, name: "a.mp4" },
    { type: "file", userId, name: "发票.pdf" },
    { type: "location", userId, lat: 31.23, lng: 121.47 },
    { type: "sticker", userId, emoji: "👍" },
    { type: "recall", userId },
    { type: "unknown", userId },
    { type: "leave", userId },
  ];
}

/** Texts that break careless code. */
export const NAUGHTY: readonly string[] = [
  "<b>bold</b> & <script>alert(1)</script>",
  "*a* _b_ `c` [d](https://e.example) ~f~ |g|",
  "'; DROP TABLE messages; --",
  '{{ contact.phone }} {% raw %} $(id) "quoted" \\back',
  "שלום \u202egnorw\u202c مرحبا",
  "👨‍👩‍👧‍👦👍🏽🇯🇵 Z̷̢̛͎a̴l̵g̶o̸",
  "a\u0000b",
  "half \ud83d a pair",
  "line one\nline two\r\n\tthree",
  "007",
  "1e5",
  "undefined",
];

/** Every value of a body replaced by each of some it should not have; and every field left out. */
function* mutations(body: unknown): Generator<unknown> {
  const wrong = [
    null,
    "",
    "\u0000",
    "\ud800",
    "x".repeat(3000),
    -1,
    1e308,
    2 ** 60,
    true,
    [],
    {},
    [[]],
    { a: { b: [] } },
  ];
  for (const path of paths(body)) for (const value of [undefined, ...wrong]) yield replaced(body, path, value);
}

function* paths(value: unknown, path: readonly string[] = []): Generator<readonly string[]> {
  if (path.length > 0) yield path;
  if (typeof value !== "object" || value === null) return;
  for (const [key, inner] of Object.entries(value)) yield* paths(inner, [...path, key]);
}

function replaced(value: unknown, path: readonly string[], by: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return by;
  if (Array.isArray(value))
    return value.map((inner, index) => (String(index) === key ? replaced(inner, rest, by) : inner));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, name === key ? replaced(inner, rest, by) : inner]),
  );
}

/** Without `raw`, which repeats the body, and without fields that are undefined. */
function plain(events: readonly object[]): unknown {
  return JSON.parse(JSON.stringify(events, (key, value) => (key === "raw" ? undefined : value)));
}

/** Numerical Recipes' generator: the same run every time. */
function createRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
