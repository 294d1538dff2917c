import assert from "node:assert/strict";
import type { Content } from "../core/content.ts";
import { lower, offeredChoices, resolveChoice } from "../core/lower.ts";
import { CONTENTS } from "./contents.ts";
import { NAUGHTY } from "./nastiness.ts";
import type { AdapterCheck, AdapterSuite } from "./suite.ts";
import { createTalk, type Talk } from "./talk.ts";

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
    check("says the words that go with a file", async (talk) => {
      for (const type of ["image", "audio", "video", "file"] as const) {
        const content = { type, url: `https://shop.example/${type}.bin`, alt: `请看${type}：尺码表` } satisfies Content;
        const before = talk.fake.sent.length;
        for (const part of lower(content, capabilities)) assert((await talk.say(part)).ok, type);
        const shown = talk.fake.sent.slice(before).map((sent) => sent.text);
        assert(shown.join("\n").includes(content.alt), `${type}: ${shown}`);
      }
    }),
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
