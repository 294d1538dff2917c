/** Connecting a channel in a real browser on a real server: choose, fill in, follow the steps, see the first message arrive. */
import { fileURLToPath } from "node:url";
import axe from "axe-core";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { createWebhookSigner } from "../../adapters/shared/standard-webhooks.ts";
import { telegramConfig } from "../../adapters/telegram/config.ts";
import { createFakeTelegram } from "../../adapters/telegram/fake.ts";
import { launchBrowser } from "../support/browser.ts";
import { ADMIN, connect, post, serveFake, startServer, type TestServer } from "../support/server.ts";

const SHOTS = process.env.XIAOER_SHOTS;
let server: TestServer;
let browser: Browser;
let context: BrowserContext;
let page: Page;

beforeAll(async () => {
  await import("../../scripts/build-web.ts");
  const config = fileURLToPath(new URL("../support/no-owl.config.ts", import.meta.url));
  [server, browser] = await Promise.all([startServer({ XIAOER_CONFIG: config }), launchBrowser()]);
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});
afterEach(() => context?.close());

async function openWizard({ dark = false, locale = "zh-CN" } = {}): Promise<void> {
  context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    locale,
    reducedMotion: "reduce",
    colorScheme: dark ? "dark" : "light",
    // axe is put into the page from outside.
    bypassCSP: true,
  });
  page = await context.newPage();
  await page.goto(`${server.url}/desk/inboxes/new`);
  await page.locator("input[type=email]").fill(ADMIN.email);
  await page.locator("input[type=password]").fill(ADMIN.password);
  await page.keyboard.press("Enter");
  await page.locator(".channel-card").first().waitFor();
}

async function expectNoViolations(name: string): Promise<void> {
  await page.waitForTimeout(400);
  if (SHOTS !== undefined) await page.screenshot({ path: `${SHOTS}/${name}.png`, fullPage: true });
  await page.addScriptTag({ content: axe.source });
  const found = await page.evaluate(async () => {
    const { axe: inPage } = globalThis as unknown as { axe: typeof axe };
    const { violations } = await inPage.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"] });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(" | ")}`);
  });
  expect(found).toEqual([]);
}

const checkLine = (words: string) => page.locator(".checklist li", { hasText: words });

it("brings Telegram to its first message: guide, registration, live checklist", async () => {
  const settings = {
    token: "123456:AAtest-token_of_the_fake_platform",
    secretToken: "s3cret-of_the_telegram_webhook_0123",
  };
  let fake: ReturnType<typeof createFakeTelegram> | undefined;
  const port = await serveFake((request) => fake?.handle(request) ?? Promise.reject(new Error("Not open yet.")));
  fake = createFakeTelegram(telegramConfig.parse({ ...settings, apiRoot: port.url }), {
    clock: { now: () => Date.now(), advance: () => undefined },
  });
  await openWizard();
  await expectNoViolations("wizard-channels");
  const owl = page.locator(".channel-card", { hasText: "猫头鹰" });
  expect(await owl.isDisabled()).toBe(true);
  expect(await owl.textContent()).toContain("猫头鹰只认 Workers");

  await page.getByRole("button", { name: "Telegram" }).click();
  await page.getByText("@BotFather").first().waitFor();
  await page.getByLabel("账号名称").fill("海外店");
  await page.getByLabel("机器人令牌").fill(settings.token);
  await page.getByLabel("回调密钥").fill(settings.secretToken);
  await page.getByLabel("接口地址").fill(port.url);
  await expectNoViolations("wizard-telegram-form");
  await page.getByRole("button", { name: "创建并继续" }).click();

  await checkLine("令牌有效").locator("xpath=self::*[@class='ok']").waitFor();
  await checkLine("平台还没有指向这里").waitFor();
  await checkLine("正在等第一条消息").waitFor();
  await expectNoViolations("wizard-telegram-waiting");
  await page.getByRole("button", { name: "登记 Webhook" }).click();
  // Telegram's own words: this server is at an address of plain http.
  await page.locator(".toast", { hasText: /https/i }).waitFor();

  const inboxId = (await server.admin("GET", "/v1/inboxes")).body.items.find(
    (inbox: { channel: string }) => inbox.channel === "telegram",
  ).id;
  expect(
    (await post(server, inboxId, await fake.webhook({ type: "text", userId: "70001", text: "多久发货" }))).status,
  ).toBe(200);
  // Nobody presses anything: the list looks again by itself.
  await checkLine("收到第一条消息").locator("xpath=self::*[@class='ok']").waitFor({ timeout: 15_000 });
  await expectNoViolations("wizard-telegram-done");
  await port.stop();
}, 60_000);

it("brings one's own system to its first message, in English and in the dark", async () => {
  const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  const port = await serveFake(async () => new Response(null, { status: 204 }));
  await openWizard({ dark: true, locale: "en-US" });
  await page.locator(".channel-card", { hasText: /HTTP/ }).click();
  await page.getByLabel("Inbox name").fill("ERP");
  await page.getByLabel("Signing secret").fill(secret);
  await page.getByLabel("Send URL").fill(`${port.url}/take`);
  await expectNoViolations("wizard-http-form");
  await page.getByRole("button", { name: "Create and go on" }).click();
  await checkLine("The send URL answers").locator("xpath=self::*[@class='ok']").waitFor();
  await checkLine("Waiting for the first message").waitFor();
  await page.getByText("Test command", { exact: true }).click();
  const address = await page.locator(".copyable code").first().textContent();
  expect(await page.locator(".test-command code").textContent()).toContain(address ?? "-");
  await expectNoViolations("wizard-http-waiting");

  const body = new TextEncoder().encode(
    JSON.stringify({ type: "message.created", data: { sender: { id: "u_1" }, text: "多久发货" } }),
  );
  const headers = {
    "content-type": "application/json",
    ...(await createWebhookSigner(secret)("msg_1", Date.now(), body)),
  };
  const path = new URL(address ?? "").pathname;
  expect((await fetch(server.url + path, { method: "POST", headers, body })).status).toBe(204);
  await page.locator(".checklist li.ok", { hasText: "The first message came in" }).waitFor({ timeout: 15_000 });
  await port.stop();
}, 60_000);

it("refuses an inbox of a channel that cannot run here, and says why", async () => {
  const made = await server.admin("POST", "/v1/inboxes", { channel: "owl", name: "Owl", config: {} });
  expect(made.status).toBe(422);
  expect(made.body).toMatchObject({
    code: "inbox.channel_not_here",
    detail: "Owl post cannot run here: owls only nest on Workers",
  });
  const channels = (await server.admin("GET", "/v1/channels")).body;
  const known = channels.find((one: { channel: string }) => one.channel === "owl");
  expect(known.notHere).toEqual({ zh: "猫头鹰只认 Workers", en: "owls only nest on Workers" });
  expect(channels.filter((one: object) => "notHere" in one)).toHaveLength(1);
});

it("registers the webhook with the platform, and the checklist has nothing left to put right", async () => {
  const free = await serveFake(async () => new Response());
  await free.stop();
  const running = await startServer({ PUBLIC_URL: "https://desk.example", PORT: new URL(free.url).port });
  const outside = connect(free.url);
  const settings = {
    token: "123456:AAtest-token_of_the_fake_platform",
    secretToken: "s3cret-of_the_telegram_webhook_0123",
  };
  let fake: ReturnType<typeof createFakeTelegram> | undefined;
  const port = await serveFake((request) => fake?.handle(request) ?? Promise.reject(new Error("Not open yet.")));
  const config = { ...settings, apiRoot: port.url };
  fake = createFakeTelegram(telegramConfig.parse(config));
  await outside.admin("POST", "/v1/inboxes", { id: "tg", channel: "telegram", name: "Telegram", config });
  const webhookOf = async () =>
    (await outside.admin("POST", "/v1/inboxes/tg/check")).body.find(
      (line: { check: string }) => line.check === "webhook",
    );
  expect(await webhookOf()).toMatchObject({ ok: false, fix: "register" });
  const registered = await outside.admin("POST", "/v1/inboxes/tg/register");
  expect(registered).toMatchObject({ status: 200, body: { check: "webhook", ok: true } });
  expect(await webhookOf()).toEqual({ check: "webhook", ok: true, detail: "https://desk.example/webhooks/tg" });
  const web = await outside.admin("POST", "/v1/inboxes/web/register");
  expect(web).toMatchObject({ status: 409, body: { code: "inbox.no_registration" } });
  await port.stop();
  await running.stop();
});
