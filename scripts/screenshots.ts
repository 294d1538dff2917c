/** Makes the README's pictures: a real server, a real browser, the demo shop. Chinese needs a CJK font on the machine (fonts-noto-cjk). */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { ROOT } from "../src/node/files.ts";
import { launchBrowser } from "../test/support/browser.ts";
import { ADMIN, startServer, type TestServer } from "../test/support/server.ts";

const folder = join(ROOT, "docs/screenshots");
mkdirSync(folder, { recursive: true });
const SETTLE_MS = 900;

async function page(
  browser: Browser,
  options: { width: number; height: number; dark?: boolean; locale?: string },
): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width: options.width, height: options.height },
    locale: options.locale ?? "zh-CN",
    timezoneId: "Asia/Shanghai",
    colorScheme: options.dark === true ? "dark" : "light",
    reducedMotion: "reduce",
  });
  return context.newPage();
}

async function shoot(target: Page, name: string): Promise<void> {
  await target.waitForTimeout(SETTLE_MS);
  await target.screenshot({ path: join(folder, `${name}.png`) });
  console.log(`docs/screenshots/${name}.png`);
}

/** A day at the counter: a proven member, a stranger in trouble, someone the bot serves. */
async function play(server: TestServer): Promise<void> {
  const mei = await server.visitor("m-1001");
  for (const text of ["快点发货呀", "怎么开电子发票"]) {
    await mei.say(text);
    await mei.hears();
  }
  await mei.say("转人工");
  await mei.hears();
  const stolen = await server.visitor();
  await stolen.say("我的账号被盗了！");
  await stolen.hears();
  const english = await server.visitor("m-1005");
  await english.say("How long does shipping take?");
  await english.hears();
}

async function logIn(desk: Page, server: TestServer): Promise<void> {
  await desk.goto(`${server.url}/desk`);
  await desk.locator('input[type="email"], input[autocomplete="username"]').first().fill(ADMIN.email);
  await desk.locator('input[type="password"]').first().fill(ADMIN.password);
  await desk.keyboard.press("Enter");
  await desk.waitForSelector("[role=option]");
}

async function shop(
  server: TestServer,
  browser: Browser,
  name: string,
  options: Parameters<typeof page>[1],
  text: string,
): Promise<void> {
  const shopper = await page(browser, options);
  await shopper.goto(server.url);
  await shopper.waitForTimeout(SETTLE_MS);
  await shopper.evaluate(
    (words) => (window as unknown as { Xiaoer: { open(options: object): void } }).Xiaoer.open({ text: words }),
    text,
  );
  await shopper.waitForTimeout(SETTLE_MS);
  await shopper.locator("textarea").press("Enter");
  await shopper.waitForTimeout(SETTLE_MS);
  await shoot(shopper, name);
  await shopper.context().close();
}

const server = await startServer();
const browser = await launchBrowser();
try {
  await play(server);
  await shop(server, browser, "shop", { width: 1280, height: 800 }, "多久能发货？");
  await shop(
    server,
    browser,
    "shop-phone-dark",
    { width: 390, height: 844, dark: true, locale: "en" },
    "How do I return an item?",
  );
  for (const [name, dark] of [
    ["desk", false],
    ["desk-dark", true],
  ] as const) {
    const desk = await page(browser, { width: 1440, height: 900, dark });
    await logIn(desk, server);
    await desk.locator("[role=option]", { hasText: "林小美" }).first().click();
    await shoot(desk, name);
    if (!dark) {
      await desk.goto(`${server.url}/desk/articles`);
      await shoot(desk, "knowledge");
      await desk.goto(`${server.url}/desk/articles/ship-time.zh-CN`);
      await desk.locator("[data-tryit]").fill("今天拍，啥时候能发出来");
      await desk.locator(".preview-bubble").first().waitFor();
      await shoot(desk, "article");
      await desk.goto(`${server.url}/desk/inboxes`);
      await shoot(desk, "inboxes");
    }
    await desk.context().close();
  }
} finally {
  await browser.close();
  await server.stop();
}
