/** The same counter over Telegram: signed webhooks in, the strict fake platform out. */
import { afterAll, beforeAll, expect, it } from "vitest";
import type { FakePlatform } from "../../adapters/shared/fake.ts";
import { createFakeTelegram } from "../../adapters/telegram/fake.ts";
import { post, serveFake, startServer, type TestServer, until } from "../support/server.ts";

const clock = { now: () => Date.now(), advance: () => undefined };
const secretToken = "s".repeat(40);
let server: TestServer;
let fake: FakePlatform;
let platform: Awaited<ReturnType<typeof serveFake>>;
const [ann, bob] = ["70001", "70002"];

beforeAll(async () => {
  server = await startServer();
  platform = await serveFake((request) => fake.handle(request));
  const config = { token: "123456:TEST-token-of-a-fake-bot-0123456789", secretToken, apiRoot: platform.url };
  fake = createFakeTelegram(config, { clock });
  const made = await server.admin("POST", "/v1/inboxes", { id: "tg", channel: "telegram", name: "Telegram", config });
  expect(made.status).toBe(201);
  expect(made.body.config).toMatchObject({ token: "••••", secretToken: "••••" });
});
afterAll(async () => {
  await server?.stop();
  await platform?.stop();
});

const sentTo = (userId: string) => fake.sent.filter((message) => message.to === userId).map((message) => message.text);
const say = async (userId: string, text: string) =>
  post(server, "tg", await fake.webhook({ type: "text", userId, text }));

it("answers once, however often and how parallel the webhook comes", async () => {
  const request = await fake.webhook({ type: "text", userId: ann, text: "多久发货" });
  const copies = [request.clone(), request.clone(), request];
  const answers = await Promise.all(copies.map((copy) => post(server, "tg", copy)));
  expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200]);
  await until(() => sentTo(ann).length > 0, "the answer");
  await new Promise((resolve) => setTimeout(resolve, 700));
  expect(sentTo(ann)).toHaveLength(1);
  expect(sentTo(ann)[0]).toContain("48 小时");
});

it("refuses a webhook with a wrong secret and keeps nothing of it", async () => {
  const before = (await server.admin("GET", "/v1/sessions?inboxId=tg")).body.items.length;
  const request = await fake.webhook({ type: "text", userId: "70009", text: "hi" });
  const forged = new Request(request.url, {
    method: "POST",
    headers: { "content-type": "application/json", "x-telegram-bot-api-secret-token": "w".repeat(40) },
    body: await request.text(),
  });
  const answer = await post(server, "tg", forged);
  expect(answer.status).toBe(401);
  expect(((await answer.json()) as { code: string }).code).toBe("channel.signature_invalid");
  expect((await server.admin("GET", "/v1/sessions?inboxId=tg")).body.items).toHaveLength(before);
});

it("hands over, and the agent's answer arrives on Telegram", async () => {
  await say(bob, "人工客服");
  await until(() => sentTo(bob).length === 1, "the line to the shopper");
  const [session] = (await server.admin("GET", "/v1/sessions?state=queued&inboxId=tg")).body.items;
  await server.admin("POST", `/v1/tickets/${session.ticketId}/claim`);
  await server.admin("POST", `/v1/tickets/${session.ticketId}/messages`, {
    clientId: "a",
    content: { type: "text", text: "您好" },
  });
  await until(() => sentTo(bob).includes("您好"), "the agent's answer");
  await until(
    async () => (await server.admin("GET", `/v1/sessions/${session.id}/messages`)).body.items[0].delivery === "sent",
    "the receipt",
  );
});

it("keeps the order and says everything once when the platform fails for a while", async () => {
  const carl = "70003";
  fake.fail("500", 2);
  await say(carl, "多久发货");
  await say(carl, "怎么退货");
  await until(() => sentTo(carl).length >= 2, "both answers");
  expect(sentTo(carl)).toHaveLength(2);
  expect(sentTo(carl)[0]).toContain("48 小时");
});

it("marks a message dead when the contact is gone, and really sends it again on request", async () => {
  const dora = "70004";
  await say(dora, "真人客服");
  await until(() => sentTo(dora).length === 1, "the line to the shopper");
  const session = (await server.admin("GET", "/v1/sessions?state=queued&inboxId=tg")).body.items[0];
  await server.admin("POST", `/v1/tickets/${session.ticketId}/claim`);
  fake.fail("gone");
  await server.admin("POST", `/v1/tickets/${session.ticketId}/messages`, {
    clientId: "b",
    content: { type: "text", text: "在吗" },
  });
  await until(
    async () => (await server.admin("GET", "/v1/deliveries?state=dead")).body.items.length === 1,
    "the dead letter",
  );
  const [dead] = (await server.admin("GET", "/v1/deliveries?state=dead")).body.items;
  expect(dead.code).toBe("delivery.recipient_gone");
  expect((await server.admin("POST", `/v1/deliveries/${dead.id}/resend`)).status).toBe(202);
  await until(() => sentTo(dora).includes("在吗"), "the resent message");
});
