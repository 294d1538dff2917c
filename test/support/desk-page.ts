/** The desk in a real browser on a real server, for the whole of the test file that imports it. */
import axe from "axe-core";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import { launchBrowser } from "./browser.ts";
import { ADMIN, startServer, type TestServer } from "./server.ts";

export let server: TestServer;
export let page: Page;
let browser: Browser;
let context: BrowserContext;
const complaints: string[] = [];

beforeAll(async () => {
  // Builds what is not built yet, as `npm start` does.
  await import("../../scripts/build-web.ts");
  [server, browser] = await Promise.all([startServer(), launchBrowser()]);
}, 180_000);
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});
afterEach(async () => {
  await context?.close();
  expect(complaints.splice(0)).toEqual([]);
});

/** Opens a page of the desk, as the first admin unless told who else. */
export async function logIn(path: string, { dark = false, as = ADMIN } = {}): Promise<void> {
  context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    colorScheme: dark ? "dark" : "light",
    locale: "zh-CN",
    reducedMotion: "reduce",
  });
  await context.addInitScript({ content: axe.source });
  page = await context.newPage();
  page.setDefaultTimeout(10_000);
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.goto(`${server.url}/desk${path}`);
  await page.getByLabel("邮箱").fill(as.email);
  await page.getByLabel("密码", { exact: true }).fill(as.password);
  await page.keyboard.press("Enter");
}

/** What axe finds wrong with the page as it stands. */
export async function violations(): Promise<readonly string[]> {
  const found = await page.evaluate(async () => {
    const { axe: inPage } = globalThis as unknown as { axe: typeof axe };
    return (await inPage.run(document, { resultTypes: ["violations"] })).violations;
  });
  return found.flatMap((violation) =>
    violation.nodes.map((node) => `${violation.id}: ${node.html.slice(0, 160)} ${node.any[0]?.message ?? ""}`),
  );
}
