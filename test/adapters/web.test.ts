import { describe, expect, test } from "vitest";
import { createFakeClock, createFakeState, toWebhookRequest } from "../../adapters/shared/fake.ts";
import { webConfig } from "../../adapters/web/config.ts";
import { web } from "../../adapters/web/index.ts";
import { SignatureError } from "../../src/core/errors.ts";
import { lower } from "../../src/core/lower.ts";
import { testAdapter } from "../conformance/adapter.ts";

const identitySecret = "an identity secret of 32 bytes or more";

testAdapter({ channel: web, config: { identitySecret }, otherSecret: {}, fixtures: [] });

async function create() {
  const clock = createFakeClock();
  const fetch = () => Promise.reject(new Error("The web channel calls nobody."));
  return web.create(webConfig.parse({}), { inboxId: "in_1", fetch, now: clock.now, state: createFakeState(clock) });
}

describe("web", () => {
  test("refuses every webhook: its page writes by the visitor API", async () => {
    const request = await toWebhookRequest(
      new Request("https://desk.test/webhooks/in_1", { method: "POST", body: "{}" }),
    );
    await expect((await create()).receive(request)).rejects.toThrow(SignatureError);
  });

  test("has sent what is stored, whatever it is", async () => {
    const content = { type: "sticker", emoji: "🎉" } as const;
    expect(lower(content, web.capabilities)).toEqual([content]);
    const message = { idempotencyKey: "k1", address: {}, content, author: { kind: "bot" } } as const;
    expect(await (await create()).send(message)).toEqual({ ok: true, channelMessageId: "k1" });
  });

  test("works without any configuration, and takes a pasted address as an origin", () => {
    expect(webConfig.parse({})).toMatchObject({ allowedOrigins: [], locale: "auto" });
    expect(webConfig.parse({ allowedOrigins: ["https://shop.example/"] }).allowedOrigins).toEqual([
      "https://shop.example",
    ]);
    expect(webConfig.safeParse({ allowedOrigins: ["*"] }).success).toBe(false);
    expect(webConfig.safeParse({ identitySecret: "short" }).success).toBe(false);
  });
});
