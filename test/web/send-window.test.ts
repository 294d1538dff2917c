/** A channel whose window closes while the agent writes: `desk.md`, story 15. In a real browser, on a real server, with a strict fake platform. */
import axe from "axe-core";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { whatsappConfig } from "../../adapters/meta/whatsapp-config.ts";
import { createFakeWhatsApp } from "../../adapters/meta/whatsapp-fake.ts";
import type { FakePlatform } from "../../adapters/shared/fake.ts";
import { launchBrowser } from "../support/browser.ts";
import { ADMIN, post, serveFake, startServer, type TestServer, until } from "../support/server.ts";

const DAY_MS = 24 * 3_600_000;
const config = {
  phoneNumberId: "106540352242922",
  accessToken: "EAAtesttoken0123456789abcdef",
  appSecret: "0123456789abcdef0123456789abcdef",
  verifyToken: "xiaoer-verify-token",
};
let server: TestServer;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let fake: FakePlatform;
let platform: Awaited<ReturnType<typeof serveFake>>;
let behindMs = 0;
const complaints: string[] = [];

beforeAll(async () => {
  await import("../../scripts/build-web.ts");
  [server, browser, platform] = await Promise.all([
    startServer(),
    launchBrowser(),
    serveFake((request) => fake.handle(request)),
  ]);
  const own = { ...config, apiRoot: platform.url };
  fake = createFakeWhatsApp(whatsappConfig.parse(own), {
    clock: { now: () => Date.now() - behindMs, advance: () => undefined },
  });
  const inbox = { id: "wa", channel: "whatsapp", name: "WhatsApp 客服", config: own };
  expect((await server.admin("POST", "/v1/inboxes", inbox)).status).toBe(201);
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await server?.stop();
  await platform?.stop();
});
afterEach(async () => {
  await context?.close();
  expect(complaints.splice(0)).toEqual([]);
});

async function logIn(path: string): Promise<void> {
  context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: "zh-CN" });
  await context.addInitScript({ content: axe.source });
  page = await context.newPage();
  page.setDefaultTimeout(10_000);
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.goto(`${server.url}/desk${path}`);
  await page.getByLabel("邮箱").fill(ADMIN.email);
  await page.getByLabel("密码", { exact: true }).fill(ADMIN.password);
  await page.keyboard.press("Enter");
}

/** A shopper who wrote a day ago, less so many milliseconds, and asked for a person; claimed by the admin. */
async function claimedSession(leftMs: number): Promise<string> {
  behindMs = DAY_MS - leftMs;
  await post(server, "wa", await fake.webhook({ type: "text", userId: fake.people[0], text: "人工客服" }));
  const path = "/v1/sessions?state=queued&inboxId=wa";
  await until(async () => (await server.admin("GET", path)).body.items.length === 1, "the ticket");
  const [{ id, ticketId }] = (await server.admin("GET", path)).body.items;
  expect((await server.admin("POST", `/v1/tickets/${ticketId}/claim`)).status).toBe(200);
  behindMs = 0;
  return id;
}

async function violations(): Promise<readonly string[]> {
  const found = await page.evaluate(async () => {
    // axe is put into the page from outside.
    const { axe: inPage } = globalThis as unknown as { axe: typeof axe };
    return (await inPage.run()).violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
  });
  return found;
}

const chips = () => page.locator(".window-chip");

it("registers a template and shows what was sent", async () => {
  await logIn("/inboxes/wa");
  await page.getByRole("button", { name: "登记模板" }).click();
  await page.getByLabel("名称", { exact: true }).last().fill("发货通知");
  await page.getByLabel("平台的模板名或 ID").fill("order_update");
  await page.getByLabel("模板文字").fill("{{1}}您好，您的订单 {{2}} 已发货。");
  await page.getByLabel("空格 1 的含义").fill("称呼");
  await page.getByLabel("空格 2 的含义").fill("订单号");
  await page.getByRole("dialog").getByRole("button", { name: "保存" }).click();
  await page.locator(".template-list", { hasText: "发货通知" }).waitFor();
  await page.getByText("最近 30 天没有发送过消息").waitFor();
});

it("counts down, stops sending at nought with the text kept, and sends a template instead", async () => {
  const session = await claimedSession(12_000);
  await logIn(`/sessions/${session}?tab=mine`);
  const composer = page.locator("#composer-field");
  await composer.fill("您的订单已经发出，请留意");
  await chips().nth(1).waitFor();
  const shown = await chips().allTextContents();
  for (const text of shown) expect(text).toMatch(/^00:\d\d$/);
  await expect
    .poll(async () => (await chips().allTextContents()).every((text, i) => text < (shown[i] ?? "")))
    .toBe(true);
  expect(await page.locator("[aria-live=polite]", { hasText: "不到 1 分钟" }).count()).toBe(1);
  const send = page.locator(".composer-foot").getByRole("button", { name: "发送" });
  expect(await send.isEnabled()).toBe(true);

  await page.locator(".composer-blocked", { hasText: "发送窗口已关闭" }).waitFor({ timeout: 20_000 });
  expect(await send.isDisabled()).toBe(true);
  expect(await composer.inputValue()).toBe("您的订单已经发出，请留意");
  expect((await chips().allTextContents()).every((text) => text === "发送窗口已关闭")).toBe(true);

  expect(await violations()).toEqual([]);
  await page.getByRole("button", { name: "发送模板消息" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("称呼").fill("陈女士");
  expect(await dialog.getByRole("button", { name: "发送模板" }).isDisabled()).toBe(true);
  await dialog.getByLabel("订单号").fill("A1024");
  await dialog.getByText("陈女士您好，您的订单 A1024 已发货。").waitFor();
  expect(await violations()).toEqual([]);
  await page.keyboard.press("Enter");
  await page.locator(".bubble", { hasText: "陈女士您好，您的订单 A1024 已发货。" }).waitFor();
  await until(() => fake.sent.some(({ text }) => text.includes("A1024")), "the template at WhatsApp");
  expect(await composer.inputValue()).toBe("您的订单已经发出，请留意");

  // They write again: the window is open, the text still there.
  await post(server, "wa", await fake.webhook({ type: "text", userId: fake.people[0], text: "好的" }));
  await expect.poll(() => send.isEnabled(), { timeout: 10_000 }).toBe(true);
  await send.click();
  await until(() => fake.sent.some(({ text }) => text === "您的订单已经发出，请留意"), "the text that waited");
}, 60_000);

it("shows what was sent by which route", async () => {
  await logIn("/inboxes/wa");
  const row = page.locator(".usage-table tr", { hasText: "模板消息" });
  await row.waitFor();
  expect(await row.textContent()).toMatch(/计费.*11$/s);
  expect(await violations()).toEqual([]);
});
