import { expect, test } from "vitest";
import { alipayMiniprogram } from "../../adapters/alipay/index.ts";
import { createFakeClock, createFakeState } from "../../adapters/shared/fake.ts";
import { testAdapter } from "../conformance/adapter.ts";

testAdapter({
  channel: alipayMiniprogram,
  config: { identitySecret: "s3cret-of_the_alipay_miniprogram_01" },
  otherSecret: {},
  fixtures: [],
});

test("what is stored is sent, and nobody calls", async () => {
  const clock = createFakeClock();
  const deps = { inboxId: "in_1", fetch: globalThis.fetch, now: clock.now, state: createFakeState(clock) };
  const adapter = await alipayMiniprogram.create(alipayMiniprogram.config.parse({}), deps);
  const content = { type: "text", text: "您好" } as const;
  const receipt = await adapter.send({ idempotencyKey: "k1", address: {}, content, author: { kind: "bot" } });
  expect(receipt).toEqual({ ok: true, channelMessageId: "k1" });
  const url = new URL("https://desk.test/webhooks/in_1");
  const call = { method: "POST", url, headers: new Headers(), body: new Uint8Array() };
  await expect(adapter.receive(call)).rejects.toMatchObject({ code: "channel.signature_invalid" });
});
