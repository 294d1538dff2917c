import { expect, test } from "vitest";
import { callConfig } from "../../adapters/call/config.ts";
import { createFakeCall } from "../../adapters/call/fake.ts";
import { call } from "../../adapters/call/index.ts";
import { toCaller } from "../../adapters/call/phone.ts";
import { createFakeClock, createFakeState, toWebhookRequest } from "../../adapters/shared/fake.ts";
import { createHmac, toBase64 } from "../../adapters/shared/hmac.ts";
import { testAdapter } from "../conformance/adapter.ts";
import { readFixtures } from "../conformance/fixtures.ts";

const config = { signingSecret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", sendUrl: "https://calls.example/say" };

testAdapter({
  channel: call,
  config,
  otherSecret: { ...config, signingSecret: "whsec_V/KipdCpuNrFghVxmzHqa5Md6vkv7u8b" },
  createFake: createFakeCall,
  fixtures: readFixtures("call"),
});

async function create(input: object) {
  const parsed = callConfig.parse(input);
  const clock = createFakeClock();
  const fake = createFakeCall(parsed, { clock });
  const deps = { inboxId: "in_1", fetch: fake.fetch, now: clock.now, state: createFakeState(clock) };
  return { adapter: await call.create(parsed, deps), fake, clock };
}

test.each([
  ["13800138000", "86", "+8613800138000"],
  ["8613800138000", "86", "+8613800138000"],
  ["0086 138-0013-8000", "86", "+8613800138000"],
  ["０１０－６５５２９９８８", "86", "+861065529988"],
  ["010-6552 9988", "86", "+861065529988"],
  ["(650) 555-1234", "1", "+16505551234"],
  ["16505551234", "1", "+16505551234"],
  ["090-1234-5678", "81", "+819012345678"],
  ["sip:+819012345678@pbx.example;user=phone", "86", "+819012345678"],
  ["1002", "86", "1002"],
  ["anonymous", "86", undefined],
  ["+266696687", "1", undefined],
  ["", "86", undefined],
  ["+0123456789", "86", undefined],
  ["alice", "86", undefined],
])("%s at home in %s is %s", (number, callingCode, expected) => {
  expect(toCaller(number, callingCode)).toBe(expected);
});

test("the second leg of a call adds no second line", async () => {
  const { adapter, fake } = await create(config);
  const ids = [];
  for (let leg = 0; leg < 2; leg += 1) {
    const request = await fake.webhook({ type: "join", userId: "+8613800138000" });
    const { events } = await adapter.receive(await toWebhookRequest(request));
    ids.push(...events.flatMap((event) => (event.type === "message" ? event.message.channelMessageId : [])));
  }
  expect(new Set(ids).size).toBe(1);
});

test("without a send URL a caller is told nothing, and nothing fails but the message", async () => {
  const { adapter } = await create({ signingSecret: config.signingSecret });
  const message = { idempotencyKey: "k", address: { number: "+8613800138000" }, author: { kind: "bot" } } as const;
  expect(await adapter.send({ ...message, content: { type: "text", text: "hi" } })).toMatchObject({
    ok: false,
    code: "delivery.bad_request",
    retryable: false,
  });
  expect(adapter.check).toBeUndefined();
});

/** A call as Twilio reported it, people removed. https://www.twilio.com/docs/voice/api/call-resource#statuscallback */
const TWILIO = {
  AccountSid: "AC228edd0863749480cb5aff07946b2ac9",
  CallSid: "CAbba129736cbd00cd83f9f8200117d623",
  From: "+8613800138000",
  To: "+815012345678",
  Direction: "inbound",
  CallerName: "Chen",
};
const HOOK = "https://cs.example.com/webhooks/in_1";
const token = "3b7c3f5c56cdc1fab3817eab7f0636fa";

async function twilioRequest(fields: Record<string, string>, url = HOOK) {
  const signed =
    url +
    Object.keys(fields)
      .sort()
      .map((name) => name + fields[name])
      .join("");
  const signature = toBase64(await createHmac(token, "SHA-1").sign(signed));
  const headers = { "content-type": "application/x-www-form-urlencoded", "x-twilio-signature": signature };
  return toWebhookRequest(new Request(url, { method: "POST", headers, body: new URLSearchParams(fields) }));
}

test("Twilio's callbacks are taken as they come", async () => {
  const { adapter } = await create({ signingSecret: token, format: "twilio" });
  const events = [];
  const callbacks: Record<string, string>[] = [
    { CallStatus: "ringing", Timestamp: "Mon, 05 Jan 2026 02:00:00 +0000" },
    { CallStatus: "in-progress", Timestamp: "Mon, 05 Jan 2026 02:00:09 +0000" },
    { CallStatus: "completed", CallDuration: "63", Timestamp: "Mon, 05 Jan 2026 02:01:12 +0000" },
    { RecordingSid: "RE1", RecordingUrl: "https://api.twilio.com/2010-04-01/Accounts/AC2/Recordings/RE1" },
    { CallStatus: "queued" },
  ];
  for (const fields of callbacks) {
    const received = await adapter.receive(await twilioRequest({ ...TWILIO, ...fields }));
    events.push(...received.events);
  }
  expect(events).toMatchObject([
    { message: { channelMessageId: `${TWILIO.CallSid}:ringing`, sender: { id: "+8613800138000", name: "Chen" } } },
    { message: { content: { code: "call.answered" }, at: Date.UTC(2026, 0, 5, 2, 0, 9) } },
    { message: { content: { code: "call.ended", text: "通话结束 Call ended · 1:03" } } },
    { message: { channelMessageId: `${TWILIO.CallSid}:recording:RE1`, content: { type: "audio" } } },
    { type: "unsupported", kind: "twilio.queued" },
  ]);
});

test("a Twilio callback changed, unsigned, or signed for another address is refused", async () => {
  const { adapter } = await create({ signingSecret: token, format: "twilio" });
  const fields = { ...TWILIO, CallStatus: "ringing" };
  const good = await twilioRequest(fields);
  const refused = { code: "channel.signature_invalid" };
  await expect(adapter.receive({ ...good, body: good.body.with(3, 0x41) })).rejects.toMatchObject(refused);
  await expect(adapter.receive({ ...good, headers: new Headers() })).rejects.toMatchObject(refused);
  await expect(adapter.receive({ ...good, url: new URL("http://cs.example.com/webhooks/in_1") })).rejects.toMatchObject(
    refused,
  );
  const behind = await create({ signingSecret: token, format: "twilio", publicUrl: HOOK });
  expect(
    (await behind.adapter.receive({ ...good, url: new URL("http://10.0.0.1/webhooks/in_1") })).events,
  ).toHaveLength(1);
});
