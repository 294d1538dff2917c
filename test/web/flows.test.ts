/** Flows in a real browser on a real server, by keyboard. */
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

  // A fault is said where it is, in words, and nothing is saved.
  const first = page.getByRole("group", { name: "第 1 步" });
  await first.locator("summary").press("Enter");
  await first.getByLabel("步骤编号").fill("details");
  await page.getByText("另一步已用了这个编号").waitFor();
  await page.getByText("先改好标红的地方").waitFor();
  await page.getByLabel("中文名称").focus();
  await page.keyboard.press("Control+s");
  await page.waitForFunction(() => document.activeElement?.getAttribute("aria-invalid") === "true");
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
  await first.getByLabel("步骤编号").fill("step-2");
  await page.reload();
  const row = page.getByRole("row", { name: /step-2/ });
  await row.waitFor();
  expect(await row.getByRole("cell").allTextContents()).toEqual(["1", "0", "0", "1", "0", "0"]);
  expect(await violations()).toEqual([]);
}, 40_000);

it("leads a shopper by branches made of fields, and follows a step that moves or is renamed", async () => {
  const made = await server.admin("POST", "/v1/flows", {
    id: "repair",
    title: { zh: "报修", en: "Repair" },
    steps: [
      {
        id: "kind",
        slot: "kind",
        ask: { "zh-CN": "哪一种？", ja: "どれですか。" },
        validate: { kind: "choice" },
        choices: [
          { value: "screen", label: { "zh-CN": "屏幕" } },
          { value: "other", label: { "zh-CN": "其他" } },
        ],
      },
      { id: "age", slot: "age", ask: { "zh-CN": "用了几年？" }, validate: { kind: "number" } },
      { id: "place", slot: "place", ask: { "zh-CN": "哪个城市？" }, validate: { kind: "text" } },
    ],
    finish: { message: { "zh-CN": "谢谢。" } },
  });
  expect(made.status).toBe(201);
  await logIn("/flows/repair");
  const first = page.getByRole("group", { name: "第 1 步" });
  await said("哪一种？").waitFor();

  // If the answer is "screen" it goes to the third step; otherwise to a person.
  await first.getByRole("button", { name: "添加分支" }).press("Enter");
  const one = first.getByRole("group", { name: "分支 1" });
  await one.getByText("至少选一个").waitFor();
  await one.getByLabel("屏幕").press("Space");
  await one.getByLabel("就", { exact: true }).selectOption({ label: "第 3 步 · 哪个城市？" });
  await first.getByRole("button", { name: "添加分支" }).press("Enter");
  const two = first.getByRole("group", { name: "分支 2" });
  await two.getByLabel("如果").selectOption({ label: "其他情况（否则）" });
  await two.getByLabel("就", { exact: true }).selectOption({ label: "转给人工组" });
  await two.getByText("请选择一个").waitFor();
  await page.getByText("先改好标红的地方").waitFor();
  await two.getByLabel("哪个客服组").selectOption({ label: "投诉" });
  // Nothing leads to the second step any more: said there, and in the outline.
  await page.getByRole("group", { name: "第 2 步" }).getByText("没有哪一步会走到这里").waitFor();
  const outline = page.getByRole("region", { name: "流程一览" });
  await outline.getByText("第 1 步的回答 是 屏幕").waitFor();
  await outline.locator("li.cut", { hasText: "用了几年" }).waitFor();
  expect(await violations()).toEqual([]);

  // The try follows the edits before they are saved.
  await page.getByRole("button", { name: "屏幕" }).press("Enter");
  await said("哪个城市？").waitFor();
  await outline.locator("li.current", { hasText: "哪个城市" }).waitFor();

  // The branch names the step, not its place or its id.
  const third = page.getByRole("group", { name: "第 3 步" });
  await third.locator("summary").press("Enter");
  await third.getByLabel("步骤编号").fill("city");
  await third.getByRole("button", { name: "上移第 3 步" }).press("Enter");
  await page.getByRole("button", { name: "保存", exact: true }).press("Enter");
  await toast("流程已保存");
  const saved = (await server.admin("GET", "/v1/flows/repair")).body;
  expect(saved.steps.map(({ id }: { id: string }) => id)).toEqual(["kind", "city", "age"]);
  expect(saved.steps[0]).toMatchObject({
    ask: { "zh-CN": "哪一种？", ja: "どれですか。" },
    next: [{ when: { slot: "kind", in: ["screen"] }, to: "city" }, { finish: { handoff: { group: "complaints" } } }],
  });

  // A branch of a step that is gone says so, and undo brings the step back.
  await page.getByRole("button", { name: "删除第 2 步" }).press("Enter");
  await one.getByText("这一步已经不在了").last().waitFor();
  await page.getByRole("button", { name: "撤销修改" }).press("Enter");
  await page.waitForFunction(() => document.querySelectorAll(".flow-step").length === 3);
  expect(await page.getByText("有未保存的修改").count()).toBe(0);

  // Round in a circle without a way out.
  await two.getByLabel("就", { exact: true }).selectOption({ label: "第 1 步 · 哪一种？" });
  await one.getByLabel("就", { exact: true }).selectOption({ label: "第 1 步 · 哪一种？" });
  await first.getByText("从这里走不到结束").waitFor();
}, 30_000);

it("says what the server refuses at its step until it is changed, and asks before edits are left", async () => {
  await server.admin("POST", "/v1/flows", {
    id: "codes",
    title: { zh: "查防伪码", en: "Codes" },
    steps: [{ id: "code", slot: "code", ask: { "zh-CN": "防伪码？" }, validate: { kind: "text" } }],
    finish: { message: { "zh-CN": "好。" } },
  });
  await logIn("/flows/codes", { dark: true });
  const step = page.getByRole("group", { name: "第 1 步" });
  await step.getByLabel("校验").selectOption("pattern");
  await step.getByLabel("正则", { exact: true }).fill("(?=x)y");
  await step.getByRole("button", { name: "添加分支" }).press("Enter");
  const branch = step.getByRole("group", { name: "分支 1" });
  await branch.getByLabel("是", { exact: true }).fill("xy");
  await branch.getByLabel("就", { exact: true }).selectOption({ label: "回答一条知识" });
  // Chosen, and deleted by somebody else before it is saved.
  const told = (await server.admin("POST", "/v1/articles", { question: "防伪码在吊牌上吗", answer: "在。" })).body;
  await branch.getByLabel("搜索").fill("防伪码在吊牌");
  await branch.getByLabel("哪条知识").selectOption(told.id);
  await server.admin("DELETE", `/v1/articles/${told.id}`);
  await page.keyboard.press("Control+s");
  await branch.getByText("没有这条知识").waitFor();
  expect(await step.getByLabel("正则", { exact: true }).getAttribute("aria-invalid")).toBe("true");
  await step.getByText("2 处要改").waitFor();
  expect(await violations()).toEqual([]);
  // One put right, the other still stands.
  await step.getByLabel("正则", { exact: true }).fill("[a-z]{2}");
  await step.getByText("1 处要改").waitFor();
  await branch.getByLabel("搜索").fill("多久发货");
  await branch.getByLabel("哪条知识").selectOption({ label: "下单后多久发货？" });
  await branch.locator("p", { hasText: "下单后多久发货？" }).waitFor();
  await page.keyboard.press("Control+s");
  await toast("流程已保存");
  expect((await server.admin("GET", "/v1/flows/codes")).body.steps[0]).toMatchObject({
    validate: { kind: "pattern", pattern: "[a-z]{2}" },
    next: [{ when: { slot: "code", in: ["xy"] }, finish: { article: "ship-time.zh-CN" } }],
  });

  await page.getByLabel("中文名称").fill("查真伪");
  await page.getByRole("link", { name: "全部流程" }).click();
  const dialog = page.getByRole("dialog", { name: "有未保存的修改" });
  await dialog.getByRole("button", { name: "取消" }).press("Enter");
  expect(await page.getByLabel("中文名称").inputValue()).toBe("查真伪");

  // Somebody else saved first: nothing typed is lost, and both ways on are offered.
  await server.admin("PATCH", "/v1/flows/codes", { timeoutMinutes: 7 });
  await page.keyboard.press("Control+s");
  await page.getByRole("button", { name: "用别人的" }).waitFor();
  await page.getByRole("button", { name: "用我的覆盖" }).press("Enter");
  // The word of the save before may still be on the page.
  await until(async () => (await server.admin("GET", "/v1/flows/codes")).body.title.zh === "查真伪", "the second save");
  await page.getByRole("button", { name: "删除", exact: true }).press("Enter");
  await page.getByRole("dialog").getByRole("button", { name: "删除", exact: true }).press("Enter");
  await toast("已删除");
  expect((await server.admin("GET", "/v1/flows/codes")).status).toBe(404);
}, 30_000);

it("shows a flow to who may not change it, who can still try it", async () => {
  const login = { email: "lead@shop.test", password: "another-long-passphrase" };
  await server.admin("POST", "/v1/users", { ...login, name: "管", role: "supervisor" });
  await logIn("/flows/return-guide", { as: login });
  await page.getByText("只有知识编辑和管理员可以修改").waitFor();
  expect(await page.getByLabel("中文名称").isDisabled()).toBe(true);
  expect(await page.getByRole("button", { name: "保存", exact: true }).count()).toBe(0);
  // What the shipped flow asks of a member is passed over once the shopper is one.
  await page.getByLabel("已登录会员", { exact: true }).last().selectOption({ label: "是" });
  await page.getByRole("button", { name: "质量问题" }).press("Enter");
  await said("给您添麻烦了").waitFor();
  expect(await violations()).toEqual([]);
});

it("offers in the answer's picker what the server takes", async () => {
  await logIn("/articles/ship-time.zh-CN");
  await page.getByRole("button", { name: "插入变量" }).first().press("Enter");
  await page.getByRole("menuitem").nth(10).waitFor();
  const offered = (await page.getByRole("menuitem").allTextContents()).map((label) => label.split(" · ").at(-1));
  const { items } = (await server.admin("GET", "/v1/knowledge/variables")).body;
  expect(offered).toEqual(items.map(({ name }: { name: string }) => name));
});
