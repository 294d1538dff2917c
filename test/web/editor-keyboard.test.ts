/** The editor without a mouse: everything a merchant does, by keys alone, in a real browser on a real server. */
import axe from "axe-core";
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
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});
afterEach(async () => {
  await context?.close();
  expect(complaints.splice(0)).toEqual([]);
});

/** What has the focus, as a screen reader would name it. */
const focused = () =>
  page.evaluate(() => {
    const element = document.activeElement;
    if (!(element instanceof HTMLElement)) return "";
    const labels =
      element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement ? element.labels : null;
    const words =
      element.getAttribute("aria-label") ??
      (labels?.length
        ? [...labels].map((label) => (label.htmlFor ? label : (label.firstElementChild ?? label)).textContent).join(" ")
        : "");
    return (words || element.textContent || "").trim();
  });

/** Tab (or Shift+Tab) until it is there; a person would give up too. */
async function tabTo(name: string | RegExp, { back = false } = {}): Promise<void> {
  const fits = (words: string) => (typeof name === "string" ? words === name : name.test(words));
  const seen: string[] = [];
  for (let i = 0; i < 140; i += 1) {
    await page.keyboard.press(back ? "Shift+Tab" : "Tab");
    const words = await focused();
    if (fits(words)) return;
    seen.push(words.slice(0, 20));
  }
  throw new Error(`The keyboard never came to ${name}; it came to ${[...new Set(seen)].join(", ")}`);
}

const press = (key: string) => page.keyboard.press(key);
const type = (text: string) => page.keyboard.insertText(text);
const sees = (text: string | RegExp) => page.getByText(text).first().waitFor();

async function logIn(dark: boolean): Promise<void> {
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
  await page.goto(`${server.url}/desk/articles`);
  await page.getByLabel("邮箱").waitFor();
  if ((await focused()) !== "邮箱") await tabTo("邮箱");
  await type(ADMIN.email);
  await press("Tab");
  await type(ADMIN.password);
  await press("Enter");
  await page.getByRole("table").waitFor();
}

async function violations(): Promise<readonly string[]> {
  return page.evaluate(async () => {
    const { axe: inPage } = globalThis as unknown as { axe: typeof axe };
    const found = await inPage.run(document, { resultTypes: ["violations"] });
    return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" | ")}`);
  });
}

/** Finds it in the list by its search, and opens it. */
async function openFromList(question: string): Promise<void> {
  await press("/");
  expect(await focused()).toMatch(/搜索/);
  await type(question);
  await page.getByText(/匹配第 1 ·/).waitFor();
  await tabTo(question);
  await press("Enter");
  await page.getByRole("heading", { name: question }).waitFor();
}

it.each([false, true])(
  "writes, tries, checks, publishes with a reason and rolls back (dark: %s)",
  async (dark) => {
    const question = dark ? "夜光手表充一次能用几天" : "怀表多久要上一次发条";
    const made = (
      await server.admin("POST", "/v1/articles", {
        question,
        answer: "看型号。",
        category: dark ? "手表/夜光" : "手表/怀表",
        status: "published",
      })
    ).body;
    await until(async () => {
      const { matches } = (await server.admin("POST", "/v1/knowledge/match", { text: question })).body;
      return matches[0]?.articleId === made.id;
    }, "the article");

    await logIn(dark);
    expect(await violations()).toEqual([]);
    await openFromList(question);

    await tabTo("标准问题");
    await press("End");
    await type("呢");
    await tabTo(/^相似问法/);
    const phrasing = dark ? "荧光表续航" : "怀表拧几圈";
    await type(phrasing);
    await press("Enter");
    await tabTo("默认答案");
    await press("Control+End");
    await type("说明见 https://127.0.0.1:9/manual ，");
    await tabTo("插入变量", { back: true });
    await press("Enter");
    for (let i = 0; i < 40 && !/shop\.name/.test(await focused()); i += 1) await press("ArrowDown");
    await press("Enter");
    await page.waitForFunction(() => document.activeElement?.tagName === "TEXTAREA");
    expect(await focused()).toBe("默认答案");
    await type("敬上。");

    await tabTo("试问");
    await type(phrasing);
    await sees(/本条胜出/);
    // Not saved, and answering already, as each channel would show it.
    await page.locator(".preview-bubble", { hasText: "敬上。" }).first().waitFor();
    expect((await server.admin("GET", `/v1/articles/${made.id}`)).body.version).toBe(1);
    await tabTo("检查");
    await press("Enter");
    await sees(/链接打不开/);
    expect(await violations()).toEqual([]);

    await tabTo("保存并发布", { back: true });
    await press("Enter");
    await page.getByRole("dialog", { name: "带着提醒发布" }).waitFor();
    expect(await focused()).toBe("发布原因");
    expect(await violations()).toEqual([]);
    await type("说明页今晚上线");
    await press("Enter");
    await sees(/已发布/);
    await until(async () => {
      const { body } = await server.admin("GET", `/v1/articles/${made.id}`);
      return body.publishedVersion === 2 && body.phrasings.includes(phrasing) && /shop\.name/.test(body.answer);
    }, "the second version");
    const [version] = (await server.admin("GET", `/v1/articles/${made.id}/versions`)).body.items;
    expect(version).toMatchObject({ version: 2, reason: "说明页今晚上线" });

    await tabTo("更多", { back: true });
    await press("Enter");
    for (let i = 0; i < 6 && !/版本与回滚/.test(await focused()); i += 1) await press("ArrowDown");
    await press("Enter");
    const dialog = page.getByRole("dialog", { name: "版本与回滚" });
    await dialog.waitFor();
    await dialog.getByText("原因：说明页今晚上线").waitFor();
    await tabTo(/^v1/);
    await press("Enter");
    expect(await violations()).toEqual([]);
    await tabTo("回滚到此版本");
    await press("Enter");
    await sees("已回滚到版本 1");
    expect((await server.admin("GET", `/v1/articles/${made.id}`)).body).toMatchObject({
      question,
      version: 3,
      publishedVersion: 3,
    });
  },
  60_000,
);

it("undoes an edit, and keeps the rest across a reload", async () => {
  const made = (
    await server.admin("POST", "/v1/articles", {
      question: "沙漏能定时几分钟",
      answer: "三分钟。",
      status: "published",
    })
  ).body;
  await logIn(false);
  await page.goto(`${server.url}/desk/articles/${made.id}`);
  await page.getByRole("heading", { name: "沙漏能定时几分钟" }).waitFor();
  await tabTo(/^相似问法/);
  await type("沙漏计时");
  await press("Enter");
  await page.waitForTimeout(800);
  await type("沙漏走多久");
  await press("Enter");
  await tabTo("撤销修改", { back: true });
  await press("Enter");
  await page.getByRole("button", { name: "移除“沙漏走多久”" }).waitFor({ state: "detached" });
  await page.getByRole("button", { name: "移除“沙漏计时”" }).waitFor();
  // Well within the two seconds an edit may be lost for.
  await page.waitForTimeout(1000);
  page.on("dialog", (dialog) => void dialog.accept());
  await page.reload();
  await sees("已恢复你上次没保存的修改");
  await page.getByRole("button", { name: "移除“沙漏计时”" }).waitFor();
  expect((await server.admin("GET", `/v1/articles/${made.id}`)).body.version).toBe(1);
});
