/** The desk in a real browser on a real server: the main job as an agent and a merchant do it. */
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { launchBrowser } from "../support/browser.ts";
import { ADMIN, startServer, type TestServer, until } from "../support/server.ts";

let server: TestServer;
let browser: Browser;
let context: BrowserContext;
let page: Page;
const complaints: string[] = [];

beforeAll(async () => {
  // Builds what is not built yet, as `npm start` does.
  await import("../../scripts/build-web.ts");
  [server, browser] = await Promise.all([startServer(), launchBrowser()]);
  await server.admin("POST", "/v1/users", {
    name: "周博",
    email: "bo@shop.test",
    password: "another-long-passphrase",
    role: "agent",
  });
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});
afterEach(async () => {
  await context?.close();
  expect(complaints.splice(0)).toEqual([]);
});

async function logIn(
  path: string,
  login: { readonly email: string; readonly password: string } = ADMIN,
  { silent = false } = {},
): Promise<void> {
  context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    locale: "zh-CN",
    reducedMotion: "reduce",
  });
  await context.exposeFunction("reportViolation", (text: string) => complaints.push(text));
  await context.addInitScript(() => {
    addEventListener("securitypolicyviolation", (event) => {
      const report = (globalThis as unknown as { reportViolation: (text: string) => void }).reportViolation;
      report(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
    });
  });
  page = await context.newPage();
  // A connection that stays open and brings nothing: what is on screen is old.
  if (silent) await page.routeWebSocket(/\/v1\/stream/, () => {});
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.goto(`${server.url}/desk${path}`);
  await page.getByLabel("邮箱").fill(login.email);
  await page.getByLabel("密码", { exact: true }).fill(login.password);
  await page.keyboard.press("Enter");
}

const composer = () => page.locator("#composer-field");
const toast = (text: string) => page.locator(".toast", { hasText: text }).waitFor();
const bubble = (text: string) => page.locator(".bubble", { hasText: text });

it("takes a shopper from the queue to a resolved ticket", async () => {
  await logIn("/sessions?tab=queued");
  await page.getByText("目前没有等待的顾客").waitFor();
  const shopper = await server.visitor("m-1001");
  await shopper.say("快点发货呀");
  await shopper.hears(1);
  await shopper.say("转人工");
  // Pushed, not polled.
  await page.getByRole("option").first().waitFor({ timeout: 10_000 });
  await page.keyboard.press("j");
  await page.locator(".handoff.open", { hasText: "转人工" }).waitFor();
  await page.locator(".context .order", { hasText: "20881234" }).waitFor();
  await page.keyboard.press("a");
  await toast("已认领");
  await shopper.hears(1);
  await page.keyboard.press("r");
  await page.keyboard.type("您好，我来帮您看");
  await page.keyboard.press("Enter");
  await bubble("我来帮您看").waitFor();
  await until(
    async () => (await shopper.messages()).some((message) => message.content.text === "您好，我来帮您看"),
    "the reply",
  );
  await shopper.say("好的，谢谢你");
  await bubble("好的，谢谢你").waitFor({ timeout: 10_000 });

  await page.keyboard.press("Escape");
  await page.keyboard.press("n");
  await page.keyboard.type("老客，优先处理");
  await page.keyboard.press("Enter");
  await page.locator(".bubble-row.note", { hasText: "优先处理" }).waitFor();

  await page.keyboard.press("Escape");
  await page.keyboard.press("e");
  await page.getByLabel("发给顾客的话").fill("已经催过仓库啦");
  await page.getByRole("button", { name: "发送并解决" }).click();
  await toast("已解决");
  await until(
    async () => (await shopper.messages()).some((message) => message.content.text === "已经催过仓库啦"),
    "the last word",
  );
  expect((await shopper.messages()).some((message) => JSON.stringify(message).includes("优先处理"))).toBe(false);
});

it("tells an agent who was faster", async () => {
  const shopper = await server.visitor();
  await shopper.say("转人工");
  await logIn("/sessions?tab=queued", { email: "bo@shop.test", password: "another-long-passphrase" }, { silent: true });
  await page.getByRole("option").first().click();
  await page.getByRole("button", { name: "认领并发送" }).waitFor();
  await composer().fill("我来看看");
  const [session] = (await server.admin("GET", `/v1/sessions?contactId=${shopper.contactId}`)).body.items;
  expect((await server.admin("POST", `/v1/tickets/${session.ticketId}/claim`)).status).toBe(200);
  await page.getByRole("button", { name: "认领并发送" }).click();
  await toast("已被 店长 接起");
  await page.locator(".composer-blocked", { hasText: "正在接待" }).waitFor();
  expect(await composer().inputValue()).toBe("我来看看");
});

it("takes over from the bot, transfers and gives back", async () => {
  const shopper = await server.visitor("m-1002");
  await shopper.say("多久发货");
  await shopper.hears(1);
  await logIn("/sessions?tab=bot");
  await page.getByRole("option").first().click();
  await page.locator(".session-actions").getByRole("button", { name: /接管/ }).click();
  await toast("已认领");
  await page.getByRole("button", { name: "转接" }).click();
  await page.getByLabel("转给").selectOption({ label: "周博 · 不在线" });
  await page.getByLabel("原因与交接说明").fill("顾客问仓库，你更熟");
  await page.getByRole("dialog").getByRole("button", { name: "转接" }).click();
  await toast("已转接");
  await page.locator(".composer-blocked", { hasText: "周博 正在接待" }).waitFor();
  await context.close();

  await logIn("/sessions?tab=mine", { email: "bo@shop.test", password: "another-long-passphrase" });
  await page.getByRole("option").first().click();
  await page.getByText(/顾客问仓库/).waitFor();
  await page.locator(".session-actions").getByRole("button", { name: "更多" }).click();
  await page.getByRole("menuitem", { name: "交回机器人" }).click();
  await toast("已交回机器人");
});

it("edits an article, publishes it, and the matcher answers with it at once", async () => {
  await logIn("/articles?q=多久发货");
  await page.getByRole("link", { name: /发货/ }).first().click();
  await page.getByPlaceholder("添加问法").fill("啥时候能把货寄出来呀");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "保存并发布" }).click();
  await toast("已发布");
  await page.locator("[data-tryit]").fill("啥时候能把货寄出来呀");
  await page.getByText(/本条胜出/).waitFor();
  await page.getByRole("button", { name: "更多" }).click();
  await page.getByRole("menuitem", { name: "版本与回滚" }).click();
  await page.getByRole("button", { name: /^v1/ }).click();
  await page.getByRole("button", { name: "回滚到此版本" }).click();
  await toast("已回滚到版本 1");
});

it("writes, imports and deletes articles", async () => {
  await logIn("/articles/new");
  await page.getByLabel("标准问题").fill("门店可以自提吗");
  await page.getByRole("textbox", { name: "默认答案" }).fill("亲，{{ shop.name }}暂时没有门店自提哦。");
  await page.getByLabel("失效时间").fill("2030-11-11T23:59:59");
  await page.getByRole("button", { name: "保存草稿" }).click();
  await toast("已保存");
  await page.waitForURL(/articles\/art/);
  const [saved] = (await server.admin("GET", "/v1/articles?q=门店可以自提吗")).body.items;
  expect(saved).toMatchObject({ status: "draft", validUntil: "2030-11-11T15:59:59.000Z" });

  // Emptying a field clears it.
  await page.getByLabel("失效时间").fill("");
  await page.getByRole("button", { name: "保存草稿" }).click();
  await page.getByText("v2", { exact: true }).waitFor();
  expect((await server.admin("GET", `/v1/articles/${saved.id}`)).body.validUntil).toBeUndefined();
  await page.getByRole("button", { name: "更多" }).click();
  await page.getByRole("menuitem", { name: "删除条目" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "删除" }).click();
  await toast("已删除");

  await page.getByRole("button", { name: "导入" }).click();
  const line = JSON.stringify({ question: "有没有赠品", answer: "亲，活动期间有小样相送~" });
  await page.locator("#import-file").setInputFiles({
    name: "faq.ndjson",
    mimeType: "application/x-ndjson",
    buffer: Buffer.from(`${line}\nnot json\n`),
  });
  await page.getByRole("button", { name: "试运行" }).click();
  await page.getByRole("cell", { name: "2", exact: true }).waitFor();
  await page
    .locator("#import-file")
    .setInputFiles({ name: "faq.ndjson", mimeType: "application/x-ndjson", buffer: Buffer.from(`${line}\n`) });
  await page.getByRole("dialog").getByRole("button", { name: "导入" }).click();
  await page.getByText("导入完成").waitFor();
  await page.getByRole("button", { name: "撤销这一批" }).click();
  await page.getByText(/已撤销：恢复 0 条，删除 1 条/).waitFor();
});

it("connects a channel, adds a person and reads the audit", async () => {
  await logIn("/inboxes/new");
  await page.getByRole("button", { name: /网页/ }).click();
  await page.getByLabel("账号名称").fill("第二个网站");
  await page.getByRole("button", { name: "创建并继续" }).click();
  await page.getByText(/data-inbox="/).waitFor();
  await page.locator(".checklist li").first().waitFor();
  await page.goto(`${server.url}/desk/users`);
  await page.getByRole("button", { name: "添加用户" }).click();
  await page.getByLabel("姓名").fill("陆瑶");
  await page.getByLabel("邮箱").fill("lu@shop.test");
  await page.getByLabel("初始密码").fill("long-enough-passphrase");
  await page.getByRole("button", { name: "保存" }).click();
  await toast("已保存");
  await page.goto(`${server.url}/desk/audit`);
  await page.getByRole("cell", { name: "user.create" }).first().waitFor();
  await page.getByRole("button", { name: "校验" }).click();
  await toast("审计记录完整");
});
