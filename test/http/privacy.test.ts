/** Story 24 of `desk.md`: what a person asks of a shop, over the API. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { startServer, type TestServer, until } from "../support/server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.stop());

async function finished(taskId: string) {
  let task = (await server.admin("GET", `/v1/tasks/${taskId}`)).body;
  await until(async () => {
    task = (await server.admin("GET", `/v1/tasks/${taskId}`)).body;
    return task.state === "done" || task.state === "failed";
  }, "the task");
  return task;
}

test("a person's data is handed out once, held, erased, and a new visit is a stranger's", async () => {
  const mei = await server.visitor("m-1001");
  await mei.say("我的包裹在哪里，订单 20261117-8812，急用的紫砂壶");
  await mei.hears();
  await mei.say("转人工");
  await mei.hears();
  const lee = await server.visitor();
  await lee.say("多久发货");
  await lee.hears();
  const contact = `/v1/contacts/${mei.contactId}`;

  const exported = await server.admin("POST", `${contact}/export`, {});
  expect(exported.status).toBe(202);
  const { result, state } = await finished(exported.body.taskId);
  expect(state).toBe("done");
  const fetchFile = () => server.admin("GET", `${contact}/exports/${result.fileId}`);
  const elsewhere = await server.admin("GET", `/v1/contacts/${lee.contactId}/exports/${result.fileId}`);
  expect(elsewhere.status).toBe(404);
  const file = await fetchFile();
  expect(file.headers.get("content-disposition")).toContain("attachment");
  expect(file.body.messages.length).toBe(result.rows.messages);
  expect(JSON.stringify(file.body)).toContain("紫砂壶");
  expect(JSON.stringify(file.body)).not.toContain(lee.contactId);
  expect((await fetchFile()).status).toBe(404);

  expect((await server.admin("POST", `${contact}/hold`, { reason: "a dispute" })).status).toBe(204);
  const held = await server.admin("POST", `${contact}/erase`, {});
  expect(held).toMatchObject({ status: 409, body: { code: "contact.on_hold" } });
  expect((await server.admin("DELETE", `${contact}/hold`)).status).toBe(204);

  const erased = await server.admin("POST", `${contact}/erase`, {});
  expect(erased.status).toBe(202);
  expect((await finished(erased.body.taskId)).state).toBe("done");
  const after = (await server.admin("GET", contact)).body;
  expect(after).toMatchObject({ id: mei.contactId, level: "anonymous", erasedAt: expect.any(String) });
  expect(after).not.toHaveProperty("memberId");
  const history = (await server.admin("GET", `${contact}/history`)).body.items;
  expect(history.length).toBe(result.rows.messages);
  expect(new Set(history.map((message: { content: { code: string } }) => message.content.code))).toEqual(
    new Set(["erased"]),
  );
  const search = await server.admin("GET", `/v1/sessions?q=${encodeURIComponent("紫砂壶")}`);
  expect(search.body.items).toEqual([]);
  expect((await mei.say("还在吗")).status).toBe(401);
  const again = await server.visitor("m-1001");
  expect(again.contactId).not.toBe(mei.contactId);
  expect(await again.messages()).toEqual([]);
  expect((await lee.messages()).length).toBeGreaterThan(1);

  const actions = (await server.admin("GET", "/v1/audit")).body.items.map((row: { action: string }) => row.action);
  for (const action of [
    "contact.export",
    "contact.export_fetched",
    "contact.held",
    "contact.hold_ended",
    "contact.erase",
  ])
    expect(actions).toContain(action);
  expect((await server.admin("GET", "/v1/audit/verify")).body).toMatchObject({ ok: true });
});

test("agents may do neither, and nobody anything to whom they do not know", async () => {
  const login = { email: "agent@shop.test", password: "a-good-long-password" };
  await server.admin("POST", "/v1/users", { ...login, name: "A", role: "agent" });
  const { token } = (await server.call("POST", "/v1/auth/login", { body: login })).body;
  const mei = await server.visitor("m-1002");
  for (const verb of ["export", "erase", "hold"]) {
    const refused = await server.call("POST", `/v1/contacts/${mei.contactId}/${verb}`, {
      token,
      body: { reason: "?" },
    });
    expect(refused.status, verb).toBe(403);
    const unknown = await server.admin(
      "POST",
      `/v1/contacts/con_unknown/${verb}`,
      verb === "hold" ? { reason: "?" } : {},
    );
    expect(unknown.status, verb).toBe(404);
  }
});
