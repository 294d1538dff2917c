import { expect, test } from "vitest";
import { createFakeClock, createFakeState, toWebhookRequest } from "../../adapters/shared/fake.ts";
import { slackConfig } from "../../adapters/slack/config.ts";
import { createFakeSlack } from "../../adapters/slack/fake.ts";
import { slack } from "../../adapters/slack/index.ts";
import type { Content } from "../../src/core/content.ts";
import { SignatureError } from "../../src/core/errors.ts";
import { testAdapter } from "../conformance/adapter.ts";
import { readFixtures } from "../conformance/fixtures.ts";

const config = { botToken: "xoxb-0000-test-token-of-the-fake", signingSecret: "8f742231b10e8888abcd99yyyzzz85a5" };

testAdapter({
  channel: slack,
  config,
  otherSecret: { ...config, signingSecret: "00000000b10e8888abcd99yyyzzz85a5" },
  createFake: createFakeSlack,
  fixtures: readFixtures("slack"),
});

const PERSON = "U2147483697";
const hi = { type: "text", text: "hi" } as const;

async function talk(answer?: (request: Request) => Response | undefined | Promise<Response | undefined>) {
  const parsed = slackConfig.parse(config);
  const clock = createFakeClock();
  const fake = createFakeSlack(parsed, { clock });
  const posts: Record<string, unknown>[] = [];
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    if (request.method === "POST") posts.push(await request.clone().json());
    return (await answer?.(request)) ?? fake.fetch(request);
  };
  const deps = { inboxId: "in_1", fetch, now: clock.now, state: createFakeState(clock), timeoutMs: 60 };
  const adapter = await slack.create(parsed, deps);
  const receive = async (request: Request) => adapter.receive(await toWebhookRequest(request));
  await fake.webhook({ type: "text", userId: PERSON, text: "hi" });
  const send = (content: Content = hi, address: Record<string, string> = { channel: "D2147483697" }) =>
    adapter.send({ idempotencyKey: "k", address, content, author: { kind: "bot" } });
  return { adapter, fake, clock, posts, receive, send };
}

test("Slack's own example of a signature is taken in its five minutes only", async () => {
  const example = {
    method: "POST",
    url: new URL("https://desk.test"),
    headers: new Headers({
      "content-type": "application/x-www-form-urlencoded",
      "x-slack-request-timestamp": "1531420618",
      "x-slack-signature": "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
    }),
    body: new TextEncoder().encode(
      "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c",
    ),
  };
  for (const [second, taken] of [
    [0, true],
    [300, true],
    [-300, true],
    [301, false],
    [-301, false],
  ] as const) {
    const clock = createFakeClock((1531420618 + second) * 1000);
    const deps = { inboxId: "in_1", fetch: globalThis.fetch, now: clock.now, state: createFakeState(clock) };
    const adapter = await slack.create(slackConfig.parse(config), deps);
    if (taken) {
      const [event] = (await adapter.receive(example)).events;
      expect(event).toMatchObject({ message: { sender: { id: "U2CERLKJA" }, content: { text: "/webhook-collect" } } });
    } else {
      await expect(adapter.receive(example)).rejects.toThrow(SignatureError);
    }
  }
});

test("the address is proven by the challenge, signed like all else", async () => {
  const { fake, receive } = await talk();
  const { events, response } = await receive(await fake.sign({ type: "url_verification", challenge: "c-1" }));
  expect([events, await response.text()]).toEqual([[], "c-1"]);
});

test("a mention and its message have one id, so the second is a duplicate", async () => {
  const { fake, receive } = await talk();
  const event = { user: PERSON, text: "<@U08SHOPBOT> hi", channel: "C1", ts: "1767578400.000100" };
  const authorizations = [{ user_id: "U08SHOPBOT", is_bot: true }];
  const read = async (type: string) =>
    (await receive(await fake.sign({ type: "event_callback", event: { type, ...event }, authorizations }))).events;
  expect(await read("app_mention")).toEqual(await read("message"));
});

test("a command is answered to its person alone", async () => {
  const { fake, receive } = await talk();
  const command = {
    command: "/shop",
    text: "物流",
    user_id: PERSON,
    user_name: "lee",
    channel_id: "C1",
    trigger_id: "1.2",
  };
  const { events } = await receive(await fake.sign(command));
  expect(events[0]).toMatchObject({
    message: {
      channelMessageId: "command:1.2",
      sender: { id: PERSON, name: "lee" },
      address: { channel: PERSON },
      content: { type: "text", text: "物流" },
    },
  });
});

test("an answer in a channel goes to its thread", async () => {
  const { send, posts } = await talk();
  await send(hi, { channel: "C1", thread: "1767578400.000100" });
  expect(posts[0]).toMatchObject({ channel: "C1", thread_ts: "1767578400.000100", text: "hi" });
});

test.each([
  [200, { ok: false, error: "channel_not_found" }, "delivery.recipient_gone", false],
  [200, { ok: false, error: "missing_scope", needed: "chat:write" }, "delivery.unauthorized", false],
  [200, { ok: false, error: "fatal_error" }, "delivery.outcome_unknown", true],
  [200, { ok: false, error: "service_unavailable" }, "delivery.unavailable", true],
  [200, { ok: false, error: "msg_too_long" }, "delivery.bad_request", false],
  [200, { ok: true }, "delivery.outcome_unknown", true],
  [200, "proxy", "delivery.outcome_unknown", true],
  [503, {}, "delivery.unavailable", true],
])("%i %j means %s", async (status, body, code, retryable) => {
  const { send, posts } = await talk(() => Response.json(body, { status }));
  expect(await send()).toMatchObject({ ok: false, code, retryable });
  expect(posts).toHaveLength(1);
});

test("a rate limit tells how long to wait", async () => {
  const headers = { "retry-after": "30" };
  const { send } = await talk(() => Response.json({ ok: false, error: "ratelimited" }, { status: 429, headers }));
  expect(await send()).toMatchObject({ code: "delivery.rate_limited", retryAfterMs: 30_000 });
});

test("what Slack will not show is said in words instead", async () => {
  const { send, fake } = await talk(async (request) =>
    "blocks" in (await request.clone().json()) ? Response.json({ ok: false, error: "invalid_blocks" }) : undefined,
  );
  const card: Content = {
    type: "card",
    title: "跑鞋",
    imageUrl: "https://shop.example/gone.jpg",
    actions: [{ label: "好", value: "yes" }],
  };
  expect(await send(card)).toMatchObject({ ok: true });
  expect(fake.sent.map((sent) => sent.text).join("\n")).toMatch(/跑鞋[\s\S]*1\. 好/);
});

test("our token goes to Slack's own hosts only", async () => {
  const seen: (string | null)[] = [];
  const { adapter } = await talk((request) => {
    seen.push(request.headers.get("authorization"));
    return new Response("x");
  });
  for (const url of [
    "https://files.slack.com/a",
    "https://evil.example/slack.com/",
    "https://slack.com.evil.example/",
  ]) {
    await adapter.fetchMedia?.(url);
  }
  expect(seen).toEqual([`Bearer ${config.botToken}`, null, null]);
});
