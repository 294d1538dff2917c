/** An Official Account that is not verified can only answer what is written to it: what is late waits, visibly, for the next webhook. */
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { FakePlatform } from "../../adapters/shared/fake.ts";
import { loadXmlReader } from "../../adapters/shared/xml.ts";
import { officialConfig } from "../../adapters/wechat/config.ts";
import { createFakeWechatOfficial } from "../../adapters/wechat/fake.ts";
import { startServer, type TestServer, until } from "../support/server.ts";

const config = {
  appId: "wx3f0a7c51b9d2e846",
  appSecret: "0123456789abcdef0123456789abcdef",
  token: "s3cret-token-of-the-push-0123456",
  allowPlain: true,
  verified: false,
};
const readXml = await loadXmlReader();
let server: TestServer;
let fake: FakePlatform;

beforeAll(async () => {
  const file = fileURLToPath(new URL("../support/slow-answers.config.ts", import.meta.url));
  server = await startServer({ XIAOER_CONFIG: file });
  fake = createFakeWechatOfficial(officialConfig.parse(config), {
    clock: { now: () => Date.now(), advance: () => undefined },
  });
  const inbox = { id: "oa", channel: "wechat-official", name: "公众号", config };
  expect((await server.admin("POST", "/v1/inboxes", inbox)).status).toBe(201);
  const article = {
    question: "包裹走到哪一站了",
    phrasings: ["包裹到哪站了"],
    skill: "slow-answer",
    answer: "",
    locale: "zh-CN",
  };
  const made = await server.admin("POST", "/v1/articles", article);
  expect(made.status).toBe(201);
  expect((await server.admin("POST", `/v1/articles/${made.body.id}/publish`)).status).toBe(200);
  await until(async () => {
    const { body } = await server.admin("POST", "/v1/knowledge/match", { text: article.question });
    return body.matches[0]?.articleId === made.body.id;
  }, "the article to be found");
});
afterAll(() => server?.stop());

/** What the follower reads in answer to a webhook: the words of the passive reply, or nothing. */
async function post(request: Request): Promise<string> {
  const { search } = new URL(request.url);
  const { method, headers } = request;
  const response = await fetch(`${server.url}/webhooks/oa${search}`, {
    method,
    headers,
    body: await request.arrayBuffer(),
  });
  expect(response.status).toBe(200);
  const body = await response.text();
  if (body === "success") return "";
  return String(readXml(new TextEncoder().encode(body)).Content);
}
const write = async (userId: string, text: string) => post(await fake.webhook({ type: "text", userId, text }));
/** The session that was opened last. */
const newestSession = async () => {
  const { items } = (await server.admin("GET", "/v1/sessions?inboxId=oa&limit=50")).body;
  return items.toSorted((a: { openedAt: string }, b: { openedAt: string }) => (a.openedAt < b.openedAt ? 1 : -1))[0];
};
async function take(sessionId: string): Promise<{ readonly id: string }> {
  const taken = await server.admin("POST", `/v1/sessions/${sessionId}/take`);
  expect(taken.body).toMatchObject({ id: expect.any(String) });
  return taken.body;
}
const said = async (sessionId: string) =>
  (await server.admin("GET", `/v1/sessions/${sessionId}/messages`)).body.items.filter(
    (message: { direction: string }) => message.direction === "outbound",
  );

it("answers in the response itself when it is in time", async () => {
  expect(await write("oFan_first", "多久发货")).toContain("48 小时");
});

it("gives a late answer to the same message posted again, once", async () => {
  const [userId] = fake.people;
  const webhook = await fake.webhook({ type: "text", userId, text: "包裹走到哪一站了" });
  // WeChat hangs up on the first after 5 s and posts it again at once.
  const first = post(webhook.clone());
  await new Promise((resolve) => setTimeout(resolve, 650));
  expect(await post(webhook.clone())).toBe("查到了：明天送达。");
  expect(await first).toBe("");
  expect(await post(webhook)).toBe("");
});

it("keeps an agent's answer for the follower's next message, and shows that it waits", async () => {
  const [, userId] = fake.people;
  await write(userId, "多久发货呀请问");
  const session = await newestSession();
  const ticket = await take(session.id);
  for (const [n, text] of ["您好，我是小林", "包裹明天到"].entries()) {
    const sent = { clientId: `a${n}`, content: { type: "text", text } };
    expect((await server.admin("POST", `/v1/tickets/${ticket.id}/messages`, sent)).status).toBe(201);
  }
  const waits = { delivery: "pending", deliveryCode: "delivery.awaiting_contact" };
  await until(async () => (await said(session.id)).length >= 2);
  expect((await said(session.id)).filter((message: object) => "deliveryCode" in message)).toMatchObject([waits, waits]);
  expect((await server.admin("GET", "/v1/deliveries?state=dead")).body.items).toEqual([]);
  expect(await write(userId, "在吗")).toBe("您好，我是小林\n\n包裹明天到");
  await until(async () => (await said(session.id)).every(({ delivery }: { delivery: string }) => delivery === "sent"));
  expect(await write(userId, "谢谢")).toBe("");
});

it("says that there is more when not all fits one reply, and brings it with the next", async () => {
  const userId = "oFan_of_many_words";
  await write(userId, "有人在吗多久发货");
  const session = await newestSession();
  const ticket = await take(session.id);
  const words = ["甲", "乙", "丙"].map((word) => word.repeat(400));
  for (const [n, text] of words.entries())
    await server.admin("POST", `/v1/tickets/${ticket.id}/messages`, {
      clientId: `m${n}`,
      content: { type: "text", text },
    });
  expect(await write(userId, "1")).toBe(`${words[0]}\n\n（回复任意内容，查看后面的消息）`);
  expect(await write(userId, "2")).toBe(`${words[1]}\n\n（回复任意内容，查看后面的消息）`);
  expect(await write(userId, "3")).toBe(words[2]);
});
