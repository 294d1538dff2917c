/** Starter articles make way for the shop's own, over HTTP on a demo shop. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { ADMIN, startServer, type TestServer, until } from "../support/server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.stop());

const match = async (text: string) => (await server.admin("POST", "/v1/knowledge/match", { text })).body;
const first = async (text: string) => (await match(text)).matches[0]?.articleId as string | undefined;
const setting = (starters: string) => server.admin("PATCH", "/v1/shop", { starters });
const starter = async (id: string) => (await server.admin("GET", `/v1/articles/${id}`)).body;
/** Which article answers who taps its choice; the label alone finds none. */
async function tapped(id: string) {
  const shopper = await server.visitor();
  await shopper.say("嗯嗯", { value: `xiaoer:article:${id}` });
  const [said] = await shopper.hears();
  return said.articleId as string | undefined;
}

const OWN = [
  "云锦披肩能不能机洗",
  "披肩的流苏掉了怎么补",
  "你们的云锦是哪里织的",
  "披肩配什么衣服好看",
  "定制姓名要几个字",
  "礼盒里有手写卡吗",
  "织布课怎么报名",
  "披肩起球了怎么处理",
  "有没有儿童尺寸的披肩",
  "参观工坊要预约吗",
  "旧披肩可以翻新吗",
  "多久发货啊你们家披肩",
];

async function importLines(lines: readonly object[], query = "publish=1") {
  const { body: login } = await server.call("POST", "/v1/auth/login", { body: ADMIN });
  const { body } = await server.call("POST", `/v1/knowledge/import?${query}`, {
    token: login.token,
    raw: lines.map((line) => JSON.stringify(line)).join("\n"),
    headers: { "content-type": "application/x-ndjson" },
  });
  let task = { state: "queued" } as Record<string, never> & { state: string };
  await until(async () => {
    task = (await server.admin("GET", `/v1/tasks/${body.taskId}`)).body;
    return task.state === "done" || task.state === "failed";
  }, "the import");
  return { ...task, taskId: body.taskId } as { state: string; taskId: string; result: Record<string, unknown> };
}

it("starters answer until the shop has its own, those it edited go on, and a deleted import brings them back", async () => {
  expect(await first("下单后多久发货")).toBe("ship-time.zh-CN");
  expect(await first("发货后几天能到")).toBe("delivery-time.zh-CN");
  expect(await starter("ship-time.zh-CN")).toMatchObject({ starter: true });
  expect(await starter("ship-time.zh-CN")).not.toHaveProperty("steppedBack");

  expect(await tapped("invoice-electronic.zh-CN")).toBe("invoice-electronic.zh-CN");

  // Edited and published: the shop's own from now on, though it came from a pack and is not one of the ten.
  const edited = { answer: "亲,我们家三天内到。", status: "published" };
  expect((await server.admin("PATCH", "/v1/articles/delivery-time.zh-CN", edited)).status).toBe(200);
  const before = (await server.admin("GET", "/v1/articles?limit=5")).body;
  expect(before.starters).toEqual({ steppedBack: 0 });

  const own = OWN.map((question, i) => ({ id: `own-${i}`, question, answer: `答${i}` }));
  const dry = await importLines(own, "publish=1&dryRun=1");
  expect((await importLines(own.slice(0, 9), "publish=1&dryRun=1")).result).not.toHaveProperty("startersSteppedBack");
  expect(await first("下单后多久发货")).toBe("ship-time.zh-CN");
  const task = await importLines(own);
  expect(task.state).toBe("done");
  const steppedBack = Number(task.result.startersSteppedBack);
  expect(steppedBack).toBeGreaterThan(200);
  expect(dry.result.startersSteppedBack).toBe(steppedBack);
  expect(task.result.warnings).toBe(0);

  expect(await first("下单后多久发货")).not.toBe("ship-time.zh-CN");
  expect((await match("是电子发票还是纸质发票")).decision).not.toBe("answer");
  expect(await first("织布课怎么报名")).toBe("own-6");
  // Looking up an order promises nothing in the shop's name: it goes on, behind the shop's own.
  const status = await match("我的订单现在什么状态？");
  expect([status.decision, status.matches[0].articleId]).toEqual(["answer", "order-status.zh-CN"]);
  expect(await starter("order-status.zh-CN")).not.toHaveProperty("steppedBack");
  await server.admin("POST", "/v1/articles", {
    id: "own-order",
    question: "订单现在什么状态",
    answer: "请打开小程序查看。",
    status: "published",
  });
  await until(async () => (await first("我的订单现在什么状态？")) === "own-order", "the shop's own");
  await server.admin("DELETE", "/v1/articles/own-order");
  expect(await first("发货后几天能到")).toBe("delivery-time.zh-CN");
  expect(await starter("ship-time.zh-CN")).toMatchObject({ starter: true, steppedBack: true });
  expect(await starter("delivery-time.zh-CN")).not.toHaveProperty("steppedBack");
  const listed = (await server.admin("GET", "/v1/articles?limit=100&status=published")).body;
  expect(listed.starters).toEqual({ steppedBack });
  expect(listed.items.filter((one: { steppedBack?: boolean }) => one.steppedBack).length).toBeGreaterThan(50);

  // A choice tapped in an old message follows the same rule.
  expect(await tapped("invoice-electronic.zh-CN")).toBeUndefined();
  expect(await tapped("delivery-time.zh-CN")).toBe("delivery-time.zh-CN");

  await setting("always");
  await until(async () => (await first("下单后多久发货")) === "ship-time.zh-CN", "the starters");
  expect((await server.admin("GET", "/v1/articles?limit=5")).body.starters).toEqual({ steppedBack: 0 });
  expect(await first("织布课怎么报名")).toBe("own-6");
  await setting("never");
  await until(async () => (await first("下单后多久发货")) !== "ship-time.zh-CN", "the starters to go");
  expect(await first("发货后几天能到")).toBe("delivery-time.zh-CN");
  await setting("auto");

  const undone = await server.admin("POST", `/v1/knowledge/imports/${task.taskId}/undo`);
  expect(undone.body).toMatchObject({ removed: OWN.length });
  await until(async () => (await first("下单后多久发货")) === "ship-time.zh-CN", "the starters again");
});

it("checks and try-it see what shoppers would: an edited starter answers while the others have stepped back", async () => {
  await setting("never");
  await until(async () => (await first("下单后多久发货")) !== "ship-time.zh-CN", "the starters to go");
  const article = { id: "ship-time.zh-CN", answer: "亲,当天发。" };
  const tried = await server.admin("POST", "/v1/articles/preview", { text: "下单后多久发货", article });
  expect(tried.body.matches[0]).toMatchObject({ articleId: "ship-time.zh-CN", edited: true });
  const own = { question: "下单后多久发货呀", answer: "亲,当天发。", status: "published" };
  // Nothing is taken from a starter that answers nobody.
  expect((await server.admin("POST", "/v1/articles", { id: "own-ship", ...own })).status).toBe(201);
  const check = await server.admin("POST", "/v1/articles/own-ship/check", {});
  expect(check.body.checks).toEqual([]);
  await server.admin("DELETE", "/v1/articles/own-ship");
  await setting("auto");
  await until(async () => (await first("下单后多久发货")) === "ship-time.zh-CN", "the starters again");
});

it("moving a starter leaves it the pack's, publishing it makes it the shop's, and so does an import until it is undone", async () => {
  await setting("never");
  const [moved, imported] = ["invoice-company.zh-CN", "invoice-electronic.zh-CN"] as const;
  const move = { ids: [moved], action: "move", category: "paper" };
  expect((await server.admin("POST", "/v1/articles/bulk", move)).body.items).toEqual([{ id: moved, ok: true }]);
  await until(async () => (await starter(moved)).steppedBack === true, "the setting");
  expect(await starter(moved)).toMatchObject({ category: "paper", status: "published", version: 2 });
  expect((await server.admin("POST", `/v1/articles/${moved}/publish`, { reason: "looked at" })).status).toBe(200);
  expect(await starter(moved)).toMatchObject({ starter: true, version: 2 });
  expect(await starter(moved)).not.toHaveProperty("steppedBack");
  expect(await first("怎么开公司抬头或专票")).toBe(moved);

  const { question, answer } = await starter(imported);
  const task = await importLines([{ id: imported, question, answer: `${answer}!` }]);
  expect(await starter(imported)).not.toHaveProperty("steppedBack");
  expect(await first("是电子发票还是纸质发票")).toBe(imported);
  await server.admin("POST", `/v1/knowledge/imports/${task.taskId}/undo`);
  expect(await starter(imported)).toMatchObject({ answer, steppedBack: true });
  await setting("auto");
});
