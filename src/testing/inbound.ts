import assert from "node:assert/strict";
import type { FakeEvent } from "../../adapters/shared/fake.ts";
import type { InboundEvent } from "../core/adapter.ts";
import { contentSchema } from "../core/content.ts";
import { createRandom, mutations, NAUGHTY } from "./nastiness.ts";
import { type AdapterCheck, type AdapterSuite, type Bench, createBench } from "./suite.ts";

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
      let said: string | undefined;
      for (const event of examples(userId).filter((example) => fake.plays.includes(example.type))) {
        const events = await receive(await fake.webhook(event));
        const [first] = events;
        assert(first !== undefined, event.type);
        assertSound(events);
        if (event.type === "unknown") assert.equal(first.type, "unsupported");
        else if (event.type !== "edit" && event.type !== "recall") {
          assert.equal(personOf(first), userId, event.type);
          said = first.type === "message" ? first.message.channelMessageId : said;
        } else {
          // Who it was the message tells that is named.
          assert.equal(first.type, event.type);
          assert("channelMessageId" in first && first.channelMessageId === said, `${event.type} names another message`);
        }
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

/** Without `raw`, which repeats the body, and without fields that are undefined. */
function plain(events: readonly object[]): unknown {
  return JSON.parse(JSON.stringify(events, (key, value) => (key === "raw" ? undefined : value)));
}
