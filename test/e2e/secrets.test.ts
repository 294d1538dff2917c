/** `security.md` §12: whatever goes wrong, at the most talkative level, no secret and no shopper's word stands in the log. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { builtInChannels } from "../../adapters/index.ts";
import type { FakeFailure } from "../../adapters/shared/fake.ts";
import { type OpenChannel, openChannel } from "../support/channels.ts";
import { freePort, type ServerProcess, spawnServer } from "../support/process.ts";
import { ADMIN, post, until } from "../support/server.ts";

const OWN_PAGE = new Set(["web", "alipay-miniprogram"]);
const FAILURES: readonly FakeFailure[] = ["500", "401", "429", "gone", "reset", "accepted-then-reset"];
const SAID = "我的身份证号是 310101199001011234，电话 13912345678，邮箱 planted@post.test";
const planted = new Set<string>();
let folder: string;
let server: ServerProcess;
const opened: OpenChannel[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "xiaoer-secrets-"));
  const port = await freePort();
  server = await spawnServer({
    PORT: String(port),
    DATABASE_URL: `file:${join(folder, "xiaoer.db")}`,
    XIAOER_ALLOW_PRIVATE_HOSTS: "127.0.0.1",
    XIAOER_SECRET: "a-planted-secret-of-the-deployment-0123456789",
    METRICS_TOKEN: "a-planted-token-of-the-metrics",
    LOG_LEVEL: "trace",
  });
  planted.add("a-planted-secret-of-the-deployment-0123456789").add("a-planted-token-of-the-metrics");
}, 60_000);
afterAll(async () => {
  await server?.stop();
  await Promise.all(opened.map(({ stop }) => stop()));
  await rm(folder, { recursive: true, force: true });
});

/** Values a merchant typed in that a channel's schema calls secret. */
function secretsOf(channel: string, config: Readonly<Record<string, unknown>>): readonly string[] {
  const found = builtInChannels.find((one) => one.channel === channel);
  const schema = z.toJSONSchema(found?.config ?? z.never(), { unrepresentable: "any", io: "input" });
  return Object.entries(schema.properties ?? {}).flatMap(([key, field]) => {
    const value = config[key];
    return typeof field === "object" && field.secret === true && typeof value === "string" ? [value] : [];
  });
}

it("is kept when logins, webhooks, sends, media, checks and bad input fail on every channel", async () => {
  const login = await server.call("POST", "/v1/auth/login", { body: ADMIN });
  planted.add(ADMIN.password).add(login.body.token);
  await server.call("POST", "/v1/auth/login", { body: { ...ADMIN, password: "a-planted-wrong-password" } });
  await server.call("POST", "/v1/auth/login", {
    raw: '{"password":"a-planted-wrong-password",',
    headers: { "content-type": "application/json" },
  });
  planted.add("a-planted-wrong-password");
  await server.call("GET", "/v1/me", { token: "a-planted-token-nobody-has" });
  await server.call("GET", "/metrics", { token: "a-planted-token-nobody-has" });
  planted.add("a-planted-token-nobody-has");

  const visitor = await server.visitor("m-1001");
  planted.add(visitor.token);
  await visitor.say(SAID);
  await server.call("POST", "/v1/visitor/messages", {
    token: visitor.token,
    body: { content: { type: "text", text: SAID, odd: SAID } },
  });

  for (const { channel } of builtInChannels) {
    if (OWN_PAGE.has(channel)) continue;
    const one = await openChannel(server, channel);
    opened.push(one);
    const { fake, inboxId, config } = one;
    for (const secret of secretsOf(channel, config)) planted.add(secret);
    for (const [i, failure] of FAILURES.entries()) {
      fake.fail(failure);
      const userId = fake.people[i % 2] ?? "";
      await post(server, inboxId, await fake.webhook({ type: "text", userId, text: `${SAID} ${i}` }));
    }
    const forged = await fake.webhook({ type: "text", userId: fake.people[0], text: SAID });
    forged.headers.forEach((value, name) => {
      if (/sign|token|auth|secret/i.test(name)) forged.headers.set(name, value.replace(/.$/, "0"));
    });
    await post(server, inboxId, forged);
    fake.fail("500", 3);
    await server.admin("POST", `/v1/inboxes/${inboxId}/check`);
    await server.admin("PATCH", `/v1/inboxes/${inboxId}`, { config: { ...config, odd: 1 } });
  }
  const refusals = () => server.output().split("the platform refuses the inbox's credentials").length - 1;
  await until(() => refusals() > 10, "the sends to have been tried");

  const log = server.output();
  const lines = log.split("\n").filter((line) => line.startsWith("{"));
  const refused = lines.filter((line) => line.includes("the platform refuses the inbox's credentials"));
  expect(refused.length).toBeGreaterThan(10);
  const words = [SAID, "310101199001011234", "13912345678", "planted@post.test", ADMIN.email];
  const found = [...planted, ...words].filter((word) => log.includes(word) || log.includes(encodeURIComponent(word)));
  const shown = found.map((word) => ({ word, line: lines.find((line) => line.includes(word))?.slice(0, 400) }));
  // The address to log in with is printed for whoever starts a demo.
  expect(shown.filter(({ word, line }) => word !== ADMIN.email || line !== undefined)).toEqual([]);

  // Nor does the desk get to see one.
  const pages = ["/v1/inboxes", "/v1/deliveries", "/v1/audit", "/v1/channels"];
  const seen = JSON.stringify(await Promise.all(pages.map(async (path) => (await server.admin("GET", path)).body)));
  expect([...planted].filter((word) => seen.includes(word))).toEqual([]);
}, 60_000);
