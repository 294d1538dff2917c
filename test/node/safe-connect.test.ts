import { createServer } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { emailConfig } from "../../adapters/email/config.ts";
import { email } from "../../adapters/email/index.ts";
import { createFakeClock, createFakeState } from "../../adapters/shared/fake.ts";
import { createSafeConnect } from "../../src/node/safe-connect.ts";

const names =
  (found: Readonly<Record<string, readonly string[]>>) =>
  async (host: string): Promise<{ address: string }[]> =>
    (found[host] ?? []).map((address) => ({ address }));

describe("the door out for what is no HTTP", () => {
  const dns = names({
    "smtp.example.com": ["8.8.8.8", "2606:4700:4700::1111"],
    "inside.example.com": ["10.0.0.7"],
    "both.example.com": ["8.8.8.8", "127.0.0.1"],
    "gone.example.com": [],
  });

  it.each([
    ["inside.example.com", 587],
    ["both.example.com", 587],
    ["gone.example.com", 587],
    ["127.0.0.1", 25],
    ["::1", 25],
    ["[::ffff:10.0.0.1]", 25],
    ["169.254.169.254", 80],
  ])("does not lead to %s", async (host, port) => {
    await expect(createSafeConnect([], dns)({ host, port })).rejects.toMatchObject({
      code: "outbound.address_not_allowed",
    });
  });

  it("leads to the very address that was checked", async () => {
    expect(await createSafeConnect([], dns)({ host: "smtp.example.com", port: 465 })).toBe("8.8.8.8");
    const allowed = createSafeConnect(["inside.example.com:587", "[::1]"], dns);
    expect(await allowed({ host: "inside.example.com", port: 587 })).toBe("10.0.0.7");
    expect(await allowed({ host: "::1", port: 2525 })).toBe("::1");
    await expect(allowed({ host: "inside.example.com", port: 25 })).rejects.toMatchObject({
      code: "outbound.address_not_allowed",
    });
  });
});

describe("a mailbox whose server is private", () => {
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    socket.end("220 mail.example ESMTP\r\n");
  });
  let port = 0;
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    port = typeof address === "object" && address !== null ? address.port : 0;
  });
  afterAll(() => void server.close());

  const open = (allowed: readonly string[]) => {
    const clock = createFakeClock();
    const config = emailConfig.parse({
      inboundSecret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
      smtpUrl: `smtp://127.0.0.1:${port}`,
      from: "小店 <help@shop.example>",
    });
    return email.create(config, {
      inboxId: "in_1",
      fetch,
      resolve: createSafeConnect(allowed),
      now: clock.now,
      state: createFakeState(clock),
      timeoutMs: 500,
    });
  };

  it("is not connected to, and the delivery says so for good", async () => {
    const adapter = await open([]);
    const message = {
      idempotencyKey: "k1",
      address: { to: "lee@customer.example" },
      content: { type: "text", text: "hi" },
      author: { kind: "bot" },
    } as const;
    expect(await adapter.send(message)).toMatchObject({
      ok: false,
      code: "delivery.bad_request",
      retryable: false,
      detail: "The SMTP server's address may not be connected to.",
    });
    expect(await adapter.check?.()).toMatchObject([{ check: "smtp", ok: false }]);
    expect(connections).toBe(0);
  });

  it("is connected to when the deployer says so", async () => {
    await (await open([`127.0.0.1:${port}`])).check?.();
    expect(connections).toBe(1);
  });
});
