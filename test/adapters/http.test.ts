import { expect, test } from "vitest";
import { httpConfig } from "../../adapters/http/config.ts";
import { createFakeHttp } from "../../adapters/http/fake.ts";
import { http } from "../../adapters/http/index.ts";
import { createFakeClock, createFakeState, toWebhookRequest } from "../../adapters/shared/fake.ts";
import { createWebhookSigner } from "../../adapters/shared/standard-webhooks.ts";
import { testAdapter } from "../conformance/adapter.ts";
import { readFixtures } from "../conformance/fixtures.ts";

const config = { secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", sendUrl: "https://erp.example/xiaoer" };
const other = "whsec_V/KipdCpuNrFghVxmzHqa5Md6vkv7u8b";

testAdapter({
  channel: http,
  config,
  otherSecret: { ...config, secret: other },
  createFake: createFakeHttp,
  fixtures: readFixtures("http"),
});

async function talk(extra: object = {}, answer?: () => Response) {
  const parsed = httpConfig.parse({ ...config, ...extra });
  const clock = createFakeClock();
  const fake = createFakeHttp(parsed, { clock });
  const fetch = answer === undefined ? fake.fetch : async () => answer();
  const adapter = await http.create(parsed, { inboxId: "in_1", fetch, now: clock.now, state: createFakeState(clock) });
  await fake.webhook({ type: "text", userId: "u_1001", text: "hi" });
  const send = () =>
    adapter.send({
      idempotencyKey: "k1",
      address: { userId: "u_1001" },
      content: { type: "text", text: "hi" },
      author: { kind: "bot" },
    });
  return { adapter, fake, clock, send };
}

test("a repeat under the same id is shown once", async () => {
  const { fake, clock, send } = await talk();
  fake.fail("accepted-then-reset");
  expect(await send()).toMatchObject({ code: "delivery.outcome_unknown" });
  clock.advance(60_000);
  expect(await send()).toEqual({ ok: true, channelMessageId: "k1" });
  expect(fake.sent).toHaveLength(1);
});

test.each([
  [new Response(null, { status: 410 }), "delivery.unauthorized"],
  [new Response(null, { status: 302, headers: { location: "https://else.example" } }), "delivery.bad_request"],
  [Response.json({ code: "window_closed" }, { status: 422 }), "delivery.window_closed"],
  [new Response(null, { status: 504 }), "delivery.outcome_unknown"],
  [new Response("nonsense", { status: 503 }), "delivery.unavailable"],
])("%o means %s", async (response, code) => {
  const { send } = await talk({}, () => response);
  expect(await send()).toMatchObject({ ok: false, code });
});

test("the secret before signs for a day after the change, and no longer", async () => {
  const start = createFakeClock().now();
  const { adapter, clock } = await talk({
    previousSecret: other,
    secretChangedAt: new Date(start).toISOString(),
  });
  const old = async () => {
    const body = JSON.stringify({ type: "message.created", data: { sender: "u_1", text: "hi" } });
    const headers = await createWebhookSigner(other)("msg_1", clock.now(), body);
    return adapter.receive(
      await toWebhookRequest(new Request("https://desk.test/", { method: "POST", headers, body })),
    );
  };
  expect((await old()).events).toHaveLength(1);
  clock.advance(24 * 3_600_000);
  await expect(old()).rejects.toMatchObject({ code: "channel.signature_invalid" });
});

test("a webhook signed more than five minutes away is refused", async () => {
  const { adapter, fake, clock } = await talk();
  const request = await fake.webhook({ type: "text", userId: "u_1001", text: "hi" });
  clock.advance(300_000);
  expect((await adapter.receive(await toWebhookRequest(request.clone()))).events).toHaveLength(1);
  clock.advance(1000);
  await expect(adapter.receive(await toWebhookRequest(request))).rejects.toMatchObject({
    code: "channel.signature_invalid",
  });
});

test.each(["whsec_short", "whsec_not-base64!not-base64!not-base64!", "short"])("the secret %s is refused", (secret) => {
  expect(httpConfig.safeParse({ ...config, secret }).success).toBe(false);
});
