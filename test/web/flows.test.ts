/** Flows and the shop's settings in a real browser on a real server, by keyboard. */
import { expect, it } from "vitest";
import { logIn, page, server, violations } from "../support/desk-page.ts";
import { until } from "../support/server.ts";

const toast = (text: string) => page.locator(".toast", { hasText: text }).waitFor();
const said = (text: string) => page.locator(".flow-said", { hasText: text });

it("makes a flow, tries it beside the form, moves a step by keyboard, and shows where shoppers drop off", async () => {
  await logIn("/flows", { dark: true });
  await page.getByRole("link", { name: "退货指引" }).waitFor();
  expect(await violations()).toEqual([]);
  await page.getByRole("button", { name: "新建流程" }).press("Enter");
  await page.getByLabel("编号").fill("size-help");
  await page.getByLabel("中文名称").fill("尺码咨询");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "尺码咨询" }).waitFor();
  await said("亲，请简单说说情况。").waitFor();
  expect(await violations()).toEqual([]);

  await page.getByRole("button", { name: "添加一步" }).press("Enter");
  const second = page.getByRole("group", { name: "第 2 步" });
  await second.getByLabel("问题（中文）").fill("身高多少厘米？");
  await second.getByLabel("校验").selectOption("number");
  await second.getByRole("button", { name: "上移第 2 步" }).press("Enter");
  await page.waitForFunction(() => document.activeElement?.getAttribute("aria-label") === "下移第 1 步");
  await said("身高多少厘米？").waitFor();
  await page.getByLabel("像顾客一样回答").fill("很高");
  await page.keyboard.press("Enter");
  await said("好像不太对").waitFor();
  await page.getByLabel("像顾客一样回答").fill("170");
  await page.keyboard.press("Enter");
  await said("请简单说说情况").waitFor();
  await page.getByLabel("语气").selectOption("polite");
  await said("您好，请简单说说情况").waitFor();
  await page.getByRole("button", { name: "保存", exact: true }).press("Enter");
  await toast("流程已保存");
  const saved = (await server.admin("GET", "/v1/flows/size-help")).body;
  expect(
    saved.steps.map(({ id, validate }: { id: string; validate: { kind: string } }) => [id, validate.kind]),
  ).toEqual([
    ["step-2", "number"],
    ["details", "text"],
  ]);

  // A fault is said in words, and nothing is saved.
  await page.getByRole("group", { name: "第 1 步" }).getByLabel("步骤编号").fill("details");
  await page.getByRole("button", { name: "保存", exact: true }).press("Enter");
  await page.getByRole("alert").filter({ hasText: "steps.1.id" }).first().waitFor();
  expect((await server.admin("GET", "/v1/flows/size-help")).body.version).toBe(2);

  await server.admin("POST", "/v1/articles", {
    question: "帮我选尺码吧",
    answer: "看尺码表。",
    skill: "flow:size-help",
    status: "published",
  });
  let shopper = await server.visitor();
  await until(async () => {
    await shopper.say("帮我选尺码吧");
    if (JSON.stringify(await shopper.hears()).includes("身高多少厘米")) return true;
    // Somebody new, so that an early miss hands nobody over.
    await new Promise((resolve) => setTimeout(resolve, 500));
    shopper = await server.visitor();
    return false;
  }, "the flow");
  await shopper.say("转人工");
  await shopper.hears();
  await page.reload();
  const row = page.getByRole("row", { name: /step-2/ });
  await row.waitFor();
  expect(await row.getByRole("cell").allTextContents()).toEqual(["1", "0", "0", "1", "0", "0"]);
  expect(await violations()).toEqual([]);
}, 40_000);

it("changes the shop's tone and hours, and tells of somebody else's change", async () => {
  await logIn("/settings");
  await page.getByLabel("客服时间").fill("8:00–20:00");
  await page.getByLabel("店铺语气").selectOption("polite");
  await page.getByLabel("小二优选 · 网页 的语气").selectOption("neutral");
  expect(await violations()).toEqual([]);
  await page.getByRole("button", { name: "保存设置" }).press("Enter");
  await toast("设置已保存");
  expect((await server.admin("GET", "/v1/shop")).body).toMatchObject({
    hours: "8:00–20:00",
    tone: { profile: "polite", inboxes: { web: "neutral" } },
    version: 1,
  });
  await server.admin("PATCH", "/v1/shop", { hours: "全天" });
  await page.getByLabel("店铺名称").fill("别家");
  await page.getByRole("button", { name: "保存设置" }).press("Enter");
  await toast("别人刚改过设置");
  await page.waitForFunction(
    () => document.querySelector<HTMLInputElement>(".shop-fields input")?.value === "小二优选",
  );
  await page.getByLabel("客服时间").waitFor();
  expect(await page.getByLabel("客服时间").inputValue()).toBe("全天");
});

it("offers in the answer's picker what the server takes", async () => {
  await logIn("/articles/ship-time.zh-CN");
  await page.getByRole("button", { name: "插入变量" }).first().press("Enter");
  await page.getByRole("menuitem").nth(10).waitFor();
  const offered = (await page.getByRole("menuitem").allTextContents()).map((label) => label.split(" · ").at(-1));
  const { items } = (await server.admin("GET", "/v1/knowledge/variables")).body;
  expect(offered).toEqual(items.map(({ name }: { name: string }) => name));
});
