import { expect, test } from "vitest";
import { messengerConfig } from "../../adapters/meta/messenger-config.ts";
import { createFakeInstagram, createFakeMessenger } from "../../adapters/meta/messenger-fake.ts";
import { instagram, messenger } from "../../adapters/meta/page.ts";
import { createFakeClock, createFakeState, toWebhookRequest } from "../../adapters/shared/fake.ts";
import type { Content } from "../../src/core/content.ts";
import { testAdapter } from "../conformance/adapter.ts";
import { readFixtures } from "../conformance/fixtures.ts";

const config = {
  pageId: "100000000000001",
  accessToken: "EAAtest-token-of-the-fake-platform",
  appSecret: "b78b244c8d86903333fe4e36bca0ed39",
  verifyToken: "verify_Inxu0eS68laX",
};
const otherSecret = { ...config, appSecret: "0123456789abcdef0123456789abcdef" };
const account = { pageId: "17841400000000000" };

testAdapter({
  channel: messenger,
  config,
  otherSecret,
  createFake: createFakeMessenger,
  fixtures: readFixtures("messenger"),
});

testAdapter({
  channel: instagram,
  config: { ...config, ...account },
  otherSecret: { ...otherSecret, ...account },
  createFake: createFakeInstagram,
  fixtures: readFixtures("instagram"),
});

const PSID = "200000000000001";

async function talk(channel = messenger, answer?: (payload: Record<string, unknown>) => Response | undefined) {
  const parsed = messengerConfig.parse(channel === messenger ? config : { ...config, ...account });
  const clock = createFakeClock();
  const fake = (channel === messenger ? createFakeMessenger : createFakeInstagram)(parsed, { clock });
  const calls: Record<string, unknown>[] = [];
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    const payload = request.method === "GET" ? {} : await request.clone().json();
    calls.push(payload);
    return answer?.(payload) ?? fake.fetch(request);
  };
  const adapter = await channel.create(parsed, {
    inboxId: "in_1",
    fetch,
    now: clock.now,
    state: createFakeState(clock),
  });
  await fake.webhook({ type: "text", userId: PSID, text: "hi" });
  const send = (content: Content) =>
    adapter.send({ idempotencyKey: "k1", address: { psid: PSID }, content, author: { kind: "bot" } });
  const receive = async (event: object, entry: object = {}) => {
    const frame = { sender: { id: PSID }, recipient: { id: parsed.pageId }, timestamp: clock.now() };
    const object = channel === messenger ? "page" : "instagram";
    const body = { object, entry: [{ id: parsed.pageId, messaging: [{ ...frame, ...event }], ...entry }] };
    return (await adapter.receive(await toWebhookRequest(await fake.sign(body)))).events;
  };
  return { adapter, fake, clock, calls, send, receive };
}

test("a signed body of another page is refused", async () => {
  const { receive } = await talk();
  const other = receive({ message: { mid: "m", text: "hi" } }, { id: "999" });
  await expect(other).rejects.toMatchObject({ code: "channel.signature_invalid" });
});

test("read up to a time means those of our messages that were sent by then", async () => {
  const { send, receive, clock } = await talk();
  const ids = [];
  for (const text of ["one", "two", "three"]) {
    const receipt = await send({ type: "text", text });
    if (receipt.ok) ids.push(receipt.channelMessageId);
    clock.advance(1000);
  }
  const events = await receive({ read: { watermark: clock.now() - 1500 } });
  expect(events).toEqual(
    ids.slice(0, 2).map((channelMessageId) => ({ type: "status", channelMessageId, status: "read", at: clock.now() })),
  );
});

test("our own echo is a status, another's a message nobody answers, in the person's conversation", async () => {
  const { send, receive } = await talk(instagram);
  const receipt = await send({ type: "text", text: "ours" });
  const mid = receipt.ok ? receipt.channelMessageId : "";
  const echo = { sender: { id: account.pageId }, recipient: { id: PSID } };
  const ours = await receive({ ...echo, message: { mid, text: "ours", is_echo: true } });
  expect(ours).toMatchObject([{ type: "status", channelMessageId: mid, status: "sent" }]);
  const theirs = await receive({ ...echo, message: { mid: "m_else", text: "by hand", is_echo: true } });
  expect(theirs).toMatchObject([
    { type: "message", message: { sender: { id: PSID, isBot: true }, address: { psid: PSID } } },
  ]);
});

const refuse = (code: number, subcode?: number, message = "no") =>
  Response.json({ error: { code, error_subcode: subcode, message } }, { status: 400 });

test.each([
  [613, undefined, "no", "delivery.rate_limited"],
  [10, 2018278, "no", "delivery.window_closed"],
  [10, undefined, "no", "delivery.unauthorized"],
  [100, 2018001, "no", "delivery.recipient_gone"],
  [200, undefined, "This person isn't receiving messages from you right now.", "delivery.recipient_gone"],
  [200, undefined, "Permissions error", "delivery.unauthorized"],
  [551, undefined, "no", "delivery.recipient_gone"],
  [100, undefined, "no", "delivery.bad_request"],
  [2, undefined, "no", "delivery.unavailable"],
])("error %i/%s %s means %s", async (code, subcode, message, meaning) => {
  const { send } = await talk(messenger, () => refuse(code, subcode, message));
  expect(await send({ type: "text", text: "hi" })).toMatchObject({ ok: false, code: meaning });
});

test("a picture Meta cannot fetch is said in words, and one it can is shown without: they follow it as a part of their own", async () => {
  const picture = { type: "image", url: "https://shop.example/a.jpg", alt: "size chart" } as const;
  const bad = await talk(messenger, ({ message }) => (Object(message).attachment ? refuse(100, 2018008) : undefined));
  expect(await bad.send(picture)).toMatchObject({ ok: true });
  expect(bad.fake.sent.map((sent) => sent.text)).toEqual(["size chart\nhttps://shop.example/a.jpg"]);
  const good = await talk();
  await good.send(picture);
  expect(good.fake.sent.map((sent) => sent.text)).toEqual([""]);
});

test("cards side by side are one template", async () => {
  const { send, calls } = await talk();
  const card = { type: "card", title: "Shoes", text: "Light", actions: [{ label: "Ask", value: "ask" }] } as const;
  await send({ type: "carousel", cards: [{ ...card, actions: [...card.actions] }] });
  expect(Object(calls[0]?.message).attachment).toEqual({
    type: "template",
    payload: {
      template_type: "generic",
      elements: [{ title: "Shoes", subtitle: "Light", buttons: [{ type: "postback", title: "Ask", payload: "ask" }] }],
    },
  });
});

test("a file elsewhere than at Meta is not fetched", async () => {
  const { adapter, calls } = await talk();
  expect(await adapter.fetchMedia?.("https://evil.example/a.jpg")).toBeUndefined();
  expect(await adapter.fetchMedia?.("http://cdn.fbsbx.com/a.jpg")).toBeUndefined();
  expect(calls).toEqual([]);
});

test("a person answers for a week under the human agent's tag, and no other way", async () => {
  const { adapter, clock, calls } = await talk();
  const send = (route?: string) =>
    adapter.send({
      idempotencyKey: "k1",
      address: { psid: PSID },
      content: { type: "text", text: "hi" },
      author: { kind: "agent" },
      ...(route === undefined ? {} : { route }),
    });
  clock.advance(25 * 3_600_000);
  expect(await send("message")).toMatchObject({ code: "delivery.window_closed" });
  expect(await send("human_agent")).toMatchObject({ ok: true });
  expect(calls.at(-1)).toMatchObject({ messaging_type: "MESSAGE_TAG", tag: "HUMAN_AGENT" });
  clock.advance(7 * 24 * 3_600_000);
  expect(await send("human_agent")).toMatchObject({ code: "delivery.window_closed" });
});
