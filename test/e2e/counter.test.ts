/** The main job from end to end on one machine: asked, answered, handed over, claimed, replied, resolved, answered by the bot again. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { startServer, type TestServer, until } from "../support/server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.stop());

it("serves a proven member from the first question to the resolved ticket", async () => {
  const shopper = await server.visitor("m-1001");
  await shopper.say("快点发货呀");
  const [status] = await shopper.hears(2);
  expect(status.content.text).toContain("20881234");
  expect(status.author.kind).toBe("bot");

  await shopper.say("多久发货");
  expect((await shopper.hears())[0].articleId).toBe("ship-time.zh-CN");
  await shopper.say("How long does shipping take?");
  expect((await shopper.hears())[0].articleId).toBe("delivery-time.en");

  await shopper.say("转人工");
  expect((await shopper.hears())[0].content.text).toContain("已为您留下工单");
  const queued = await server.admin("GET", "/v1/sessions?state=queued");
  const session = queued.body.items.find((item: { contact: { id: string } }) => item.contact.id === shopper.contactId);
  expect(session.owner).toBe("queue");
  const ticket = (await server.admin("GET", `/v1/tickets/${session.ticketId}`)).body;
  expect(ticket.context.reason).toEqual({ code: "ask_human", words: "转人工" });
  expect(ticket.context.orders[0].orderId).toBe("20881234");
  expect(ticket.context.identityLevel).toBe("verified");
  expect(ticket.context.messages.length).toBeGreaterThanOrEqual(7);

  expect((await server.admin("POST", `/v1/tickets/${ticket.id}/claim`)).body.ticket.status).toBe("claimed");
  const clientId = "reply-1";
  const reply = { clientId, content: { type: "text", text: "您好，我来帮您看" } };
  expect((await server.admin("POST", `/v1/tickets/${ticket.id}/messages`, reply)).status).toBe(201);
  expect((await server.admin("POST", `/v1/tickets/${ticket.id}/messages`, reply)).status).toBe(200);
  const heard = await shopper.hears();
  expect(heard.map((message) => [message.author.kind, message.content.text])).toEqual([["agent", "您好，我来帮您看"]]);

  await shopper.say("多久发货");
  await server.admin("POST", `/v1/tickets/${ticket.id}/notes`, { text: "老客，优先处理" });
  expect(
    (await server.admin("POST", `/v1/tickets/${ticket.id}/resolve`, { toShopper: "已经催过仓库啦" })).body.ticket
      .status,
  ).toBe("resolved");
  const after = await shopper.hears();
  expect(after.map((message) => message.author.kind)).toEqual(["agent"]);
  await shopper.say("多久发货");
  expect((await shopper.hears())[0].author.kind).toBe("bot");
  expect((await shopper.messages()).some((message) => JSON.stringify(message).includes("优先处理"))).toBe(false);
});

it("hands over after two misses, with both questions on the ticket", async () => {
  const shopper = await server.visitor();
  await shopper.say("qwxzv kjhgq plmokn");
  expect((await shopper.hears())[0].content.type).toBe("choices");
  await shopper.say("zzkw vvqx jjyt");
  expect((await shopper.hears())[0].author.kind).toBe("system");
  const [session] = (await server.admin("GET", `/v1/sessions?contactId=${shopper.contactId}`)).body.items;
  expect(session.state).toBe("queued");
  const ticket = (await server.admin("GET", `/v1/tickets/${session.ticketId}`)).body;
  expect(ticket.context.reason.code).toBe("miss2");
  expect(ticket.context.identityLevel).toBe("anonymous");
  await until(async () => {
    const gaps = (await server.admin("GET", "/v1/knowledge/gaps")).body.items;
    return gaps.some((gap: { questions: string[] }) => gap.questions.includes("qwxzv kjhgq plmokn"));
  }, "the gap");
});

it("never shows an order to someone who only claims to be its owner", async () => {
  const stranger = await server.visitor();
  await stranger.say("我的订单 20881234 到哪了");
  const heard = await stranger.hears();
  expect(JSON.stringify(heard)).not.toContain("SF1443");
  expect((await server.admin("GET", `/v1/contacts/${stranger.contactId}/orders`)).body.items).toEqual([]);
});

it("answers with an edited article within five seconds of its publishing", async () => {
  const made = await server.admin("POST", "/v1/articles", {
    question: "你们支持以旧换新吗",
    phrasings: ["旧机能抵扣吗"],
    answer: "支持，抵扣 100 元。",
    status: "published",
  });
  expect(made.status).toBe(201);
  const asked = async () => {
    // Somebody new each time, so that an early miss hands nobody over.
    const shopper = await server.visitor();
    await shopper.say("支持以旧换新吗");
    return (await shopper.hears())[0].content.text;
  };
  await until(async () => (await asked()) === "支持，抵扣 100 元。", "the new article");
  const edited = await server.admin(
    "PATCH",
    `/v1/articles/${made.body.id}`,
    { answer: "支持，抵扣 200 元。" },
    { "if-match": `"${made.body.version}"` },
  );
  expect(edited.body.status).toBe("draft");
  expect(
    (
      await server.admin(
        "PATCH",
        `/v1/articles/${made.body.id}`,
        { answer: "x" },
        { "if-match": `"${made.body.version}"` },
      )
    ).status,
  ).toBe(412);
  await server.admin("POST", `/v1/articles/${made.body.id}/publish`);
  await until(async () => (await asked()) === "支持，抵扣 200 元。", "the edit");
});
