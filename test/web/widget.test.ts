import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { buildWidget } from "../../scripts/build-widget.ts";
import { launchBrowser } from "../support/browser.ts";
import { createMockVisitorApi, type MockVisitorApi } from "./mock-visitor-api.ts";

const axePath = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

let webDir: string;
let gzipBytes: number;
let browser: Browser;
let shop: MockVisitorApi;

beforeAll(async () => {
  webDir = await mkdtemp(join(tmpdir(), "xiaoer-widget-"));
  [{ gzipBytes }, browser] = await Promise.all([buildWidget({ outDir: webDir }), launchBrowser()]);
});

beforeEach(async () => {
  shop = await createMockVisitorApi({ webDir });
  return () => shop.close();
});

afterAll(async () => {
  await browser?.close();
  await rm(webDir, { recursive: true, force: true });
});

/** A page with the widget; fails the test when the page breaks its own content policy or throws. */
async function visit(options: BrowserContextOptions & { path?: string } = {}): Promise<Page> {
  const { path = "/plain", ...rest } = options;
  const context = await browser.newContext({ viewport: { width: 1200, height: 820 }, locale: "zh-CN", ...rest });
  const page = await context.newPage();
  await page.addInitScript(() => {
    const broken: string[] = [];
    Object.assign(window, { broken });
    addEventListener("securitypolicyviolation", (event) =>
      broken.push(`${event.violatedDirective} ${event.blockedURI}`),
    );
    addEventListener("error", (event) => event.message && broken.push(event.message));
  });
  await page.goto(shop.url + path);
  await page.locator(".launcher").waitFor();
  return page;
}

async function leave(page: Page): Promise<void> {
  expect(await page.evaluate(() => (window as unknown as { broken: string[] }).broken)).toEqual([]);
  await page.context().close();
}

async function open(page: Page): Promise<void> {
  await page.locator(".launcher").click();
  await page.getByText("我是小二").waitFor();
}

async function write(page: Page, text: string): Promise<void> {
  await page.locator("textarea").fill(text);
  await page.locator("textarea").press("Enter");
}

const bubbles = (page: Page) => page.locator(".run .bubble").allInnerTexts();
const sentTexts = () => shop.received.map(({ content }) => ("text" in content ? content.text : content.type));

test("The script stays within its budget.", () => {
  expect(gzipBytes).toBeLessThan(25 * 1024);
});

describe("A conversation", () => {
  test("opens, greets, sends and shows the reply, and asks nothing of the server before it is opened.", async () => {
    const page = await visit();
    expect(shop.sessions).toEqual([]);
    shop.onMessage = () => shop.say({ type: "text", text: "亲，48 小时内发货。" });
    await open(page);
    expect(await page.locator("textarea").evaluate((field) => field.matches(":focus"))).toBe(true);
    await write(page, "多久发货");
    await page.getByText("48 小时内发货").waitFor();
    await page.getByText("已发送").waitFor();
    expect(await bubbles(page)).toEqual([expect.stringContaining("我是小二"), "多久发货", "亲，48 小时内发货。"]);
    expect(shop.sessions[0]).toMatchObject({ inboxId: "web", locale: "zh-CN", page: { title: "Shop" } });
    await leave(page);
  });

  test("is still there after a reload, for the same visitor.", async () => {
    const page = await visit();
    await open(page);
    await write(page, "还在吗");
    await page.getByText("已发送").waitFor();
    await page.reload();
    await open(page);
    expect(await bubbles(page)).toContain("还在吗");
    expect(shop.sessions.at(-1)?.visitorToken).toBeTypeOf("string");
    await leave(page);
  });

  test("is ready to be written in where the system asks for less motion.", async () => {
    const page = await visit({ reducedMotion: "reduce" });
    await open(page);
    await page.keyboard.type("在吗");
    expect(await page.locator("textarea").inputValue()).toBe("在吗");
    await leave(page);
  });

  test("closes by Escape, gives the focus back and counts what comes meanwhile.", async () => {
    const page = await visit();
    await open(page);
    await write(page, "你好");
    await page.getByText("已发送").waitFor();
    await page.keyboard.press("Escape");
    await expect.poll(() => page.locator(".launcher").evaluate((button) => button.matches(":focus"))).toBe(true);
    shop.say({ type: "text", text: "一" });
    shop.say({ type: "text", text: "二" });
    await page.locator(".badge").getByText("2").waitFor();
    expect(await page.title()).toBe("(2) Shop");
    await page.locator(".launcher").click();
    await page.locator(".badge").waitFor({ state: "detached" });
    expect(await page.title()).toBe("Shop");
    await leave(page);
  });

  test("sends a tapped choice once, with its value, and rests the others.", async () => {
    const page = await visit();
    await open(page);
    await write(page, "退货");
    const choices = [
      { label: "亚麻衬衫", value: "p-101" },
      { label: "羽绒服", value: "p-102" },
    ];
    shop.say({ type: "choices", text: "退哪一件？", choices });
    await page.getByRole("button", { name: "羽绒服" }).click();
    await expect.poll(() => shop.received.at(-1)?.content).toEqual({ type: "text", text: "羽绒服", value: "p-102" });
    expect(await page.getByRole("button", { name: "亚麻衬衫" }).isDisabled()).toBe(true);
    expect(await page.locator(".chip[data-chosen=true]").textContent()).toBe("羽绒服");
    await leave(page);
  });

  test("does not send while an input method is composing, and starts a new line with Shift.", async () => {
    const page = await visit();
    await open(page);
    const field = page.locator("textarea");
    const input = await page.context().newCDPSession(page);
    await input.send("Input.imeSetComposition", { text: "ni'hao", selectionStart: 6, selectionEnd: 6 });
    await field.press("Enter");
    // Safari tells of composition by the key code alone.
    await field.evaluate((element) =>
      element.dispatchEvent(
        new KeyboardEvent("keydown", {
          key: "Enter",
          keyCode: 229,
          bubbles: true,
          composed: true,
        } as KeyboardEventInit),
      ),
    );
    await page.waitForTimeout(200);
    expect(shop.received).toEqual([]);
    await input.send("Input.insertText", { text: "你好" });
    await field.press("Shift+Enter");
    await field.pressSequentially("hi");
    await field.press("Enter");
    await expect.poll(sentTexts).toEqual(["你好\nhi"]);
    await leave(page);
  });

  test("shows hostile words as words, and only safe addresses as links.", async () => {
    const page = await visit();
    await open(page);
    const hostile = `<img src=x onerror="window.hacked=1"> javascript:alert(1) https://a.example/x。 https://shop.com@evil.example/`;
    await write(page, hostile);
    shop.say({ type: "text", text: hostile }, { kind: "agent", name: "<b>小青</b>" });
    shop.say({ type: "card", title: "<script>1</script>", actions: [{ label: "Go", url: "https://a.example/" }] });
    await page.locator(".action").waitFor();
    expect((await bubbles(page)).filter((text) => text === hostile)).toHaveLength(2);
    expect(await page.locator(".who bdi").allInnerTexts()).toContain("<b>小青</b>");
    const links = page.locator(".bubble a");
    expect(await links.evaluateAll((all) => all.map((link) => link.getAttribute("href")))).toEqual([
      "https://a.example/x",
      "https://a.example/x",
    ]);
    expect(await links.first().getAttribute("rel")).toBe("noopener noreferrer nofollow ugc");
    expect(await page.evaluate(() => "hacked" in window)).toBe(false);
    await leave(page);
  });

  test("sends a picture with its preview, and refuses what the server would refuse.", async () => {
    const page = await visit();
    await open(page);
    const png = Buffer.from(
      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
      "base64",
    );
    const picker = page.locator("input[type=file]");
    await picker.setInputFiles({ name: "裂了.png", mimeType: "image/png", buffer: png });
    await expect
      .poll(() => shop.received.at(-1)?.content)
      .toMatchObject({ type: "image", name: "裂了.png", mime: "image/png" });
    await page.getByText("已发送").waitFor();
    await page.getByRole("button", { name: "裂了.png" }).click();
    await page.locator("dialog img").waitFor();
    await page.keyboard.press("Escape");
    await page.locator("dialog").waitFor({ state: "detached" });
    await picker.setInputFiles({ name: "x.exe", mimeType: "application/x-msdownload", buffer: png });
    await page.getByText("暂不支持发送这种文件").waitFor();
    await leave(page);
  });

  test("tells who is serving, and asks for a rating once when the session closes.", async () => {
    const page = await visit();
    await open(page);
    await write(page, "转人工");
    await page.getByText("已发送").waitFor();
    shop.frame("session", { sessionId: "s1", state: "queued", queuePosition: 3, etaSeconds: 120 });
    await page.getByText("排队中 · 前面 3 位 · 约 2 分钟").waitFor();
    shop.frame("session", { sessionId: "s1", state: "agent", agentName: "阿青" });
    await page.getByText("阿青 为您服务").waitFor();
    shop.frame("typing", { author: { kind: "agent", name: "阿青" }, on: true });
    await page.getByText("阿青 正在输入").waitFor();
    shop.frame("session", { sessionId: "s1", state: "closed" });
    await page.locator(".stars label").nth(4).click();
    await page.getByRole("button", { name: "提交" }).click();
    await page.getByText("感谢您的评价").waitFor();
    expect(shop.ratings).toEqual([{ sessionId: "s1", score: 5 }]);
    await leave(page);
  });

  test("marks what the server refuses, and retries it on request.", async () => {
    const page = await visit();
    await open(page);
    shop.network.refuse.push(422);
    await write(page, "再试一次");
    await page.getByText("发送失败").waitFor();
    await write(page, "后面的照发");
    await expect.poll(sentTexts).toEqual(["后面的照发"]);
    await page.getByRole("button", { name: "重试" }).click();
    await expect.poll(sentTexts).toEqual(["后面的照发", "再试一次"]);
    await leave(page);
  });

  test("says so when the day's share is used up, and lets nothing wait behind it until tomorrow.", async () => {
    const page = await visit();
    await open(page);
    shop.network.refuse.push(429);
    await write(page, "说得太多");
    await page.getByText("发送失败").waitFor();
    await write(page, "后面的照发");
    await expect.poll(sentTexts).toEqual(["后面的照发"]);
    await leave(page);
  });

  test("follows the conversation while bubbles grow and shrink, and stays where the shopper reads.", async () => {
    const page = await visit();
    await open(page);
    const behind = () => page.locator(".log").evaluate((log) => log.scrollHeight - log.scrollTop - log.clientHeight);
    const answer = Array.from({ length: 6 }, (_, line) => `第 ${line} 行`).join("\n");
    shop.onMessage = () => shop.say({ type: "text", text: answer });
    for (let turn = 0; turn < 12; turn += 1) await write(page, `问 ${turn}`);
    await expect.poll(() => page.getByText("第 5 行").count()).toBe(12);
    await expect.poll(behind).toBeLessThan(2);
    await page.locator(".log").hover();
    await page.mouse.wheel(0, -600);
    await page.locator(".to-end").waitFor();
    const top = await page.locator(".log").evaluate((log) => log.scrollTop);
    shop.say({ type: "text", text: answer });
    await expect.poll(() => page.getByText("第 5 行").count()).toBe(13);
    expect(await page.locator(".log").evaluate((log) => log.scrollTop)).toBe(top);
    await page.locator(".to-end").click();
    await expect.poll(behind).toBeLessThan(2);
    await leave(page);
  });
});

describe("A bad network", () => {
  test("loses and doubles nothing when the connection drops with messages on both sides.", async () => {
    const page = await visit();
    await open(page);
    await write(page, "开始");
    await page.getByText("已发送").waitFor();

    shop.network.http = false;
    shop.drop();
    for (const number of [1, 2, 3, 4]) {
      await write(page, `我 ${number}`);
      shop.say({ type: "text", text: `小二 ${number}` });
    }
    await page.getByText("正在重新连接… 4 条待发送").waitFor();
    await page.reload({ waitUntil: "commit" });
    await page.locator(".launcher").click();
    await page.getByText("我 4").waitFor();
    shop.network.http = true;

    const expected = ["开始", "小二 1", "小二 2", "小二 3", "小二 4", "我 1", "我 2", "我 3", "我 4"];
    await expect
      .poll(() => bubbles(page), { timeout: 15_000 })
      .toEqual([expect.stringContaining("我是小二"), ...expected]);
    await page.getByText("已发送").waitFor();
    // The word under an earlier one may stand while the last is on its way.
    await expect.poll(sentTexts).toEqual(["开始", "我 1", "我 2", "我 3", "我 4"]);
    await leave(page);
  });

  test("sends a message whose answer was lost under the same client id: it is stored and shown once.", async () => {
    const page = await visit();
    await open(page);
    await write(page, "一");
    await page.getByText("已发送").waitFor();
    shop.network.loseNextAnswer = true;
    await write(page, "二");
    await write(page, "三");
    await expect.poll(sentTexts, { timeout: 10_000 }).toEqual(["一", "二", "三"]);
    await page.getByText("已发送").waitFor();
    expect((await bubbles(page)).slice(1)).toEqual(["一", "二", "三"]);
    await leave(page);
  });

  test("comes back after a restart of the server (1012) and resumes by cursor.", async () => {
    const page = await visit();
    await open(page);
    await write(page, "你好");
    await page.getByText("已发送").waitFor();
    shop.drop(1012);
    shop.say({ type: "text", text: "重启时说的话" });
    await page.getByText("重启时说的话").waitFor({ timeout: 10_000 });
    await leave(page);
  });

  test("falls back to server-sent events where WebSockets are blocked.", async () => {
    shop.network.webSocket = false;
    const page = await visit();
    await open(page);
    const stream = page.waitForRequest(
      (request) => request.url().includes("/stream") && request.resourceType() === "fetch",
    );
    expect((await stream).headers().authorization).toMatch(/^Bearer /);
    shop.say({ type: "text", text: "另一条路" });
    await page.getByText("另一条路").waitFor();
    await page.context().close();
  });

  test("falls back to polling where streams are blocked too.", async () => {
    shop.network.webSocket = false;
    shop.network.events = false;
    const page = await visit();
    await open(page);
    await write(page, "能收到吗");
    await expect.poll(sentTexts, { timeout: 10_000 }).toEqual(["能收到吗"]);
    shop.say({ type: "text", text: "慢一点也能到" });
    await page.getByText("慢一点也能到").waitFor({ timeout: 12_000 });
    await page.context().close();
  });

  test("starts a new session when the token is refused, and sends what was waiting.", async () => {
    const page = await visit();
    await open(page);
    await write(page, "一");
    await page.getByText("已发送").waitFor();
    shop.forgetTokens();
    await write(page, "二");
    await expect.poll(sentTexts, { timeout: 10_000 }).toEqual(["一", "二"]);
    expect(shop.sessions).toHaveLength(2);
    await page.context().close();
  });
});

describe("The page around it", () => {
  test("may call before the script is there, sign members in and out, and never mixes two people.", async () => {
    const page = await visit();
    await page.evaluate(() => {
      const token = (sub: string) => `e30.${btoa(JSON.stringify({ sub }))}.x`;
      const { Xiaoer } = window as unknown as { Xiaoer: { identify(identity: { token: string }): void } };
      Object.assign(window, { signIn: (sub: string) => Xiaoer.identify({ token: token(sub) }) });
    });
    const signIn = (member: string) =>
      page.evaluate((sub) => (window as unknown as { signIn(sub: string): void }).signIn(sub), member);
    await signIn("m-1001");
    await expect.poll(() => shop.sessions).toHaveLength(1);
    await open(page);
    await write(page, "我是林小美");
    await page.getByText("已发送").waitFor();
    await signIn("m-1002");
    await expect.poll(() => shop.sessions).toHaveLength(2);
    expect(shop.sessions[1]?.visitorToken).toBeUndefined();
    await expect.poll(() => bubbles(page)).not.toContain("我是林小美");
    await leave(page);
  });

  test("is the whole screen of a phone, with the page behind at rest.", async () => {
    const page = await visit({ viewport: { width: 390, height: 780 }, hasTouch: true, isMobile: true });
    await page.locator(".launcher").tap();
    await page.getByText("我是小二").waitFor();
    await expect.poll(() => page.locator(".panel").boundingBox()).toEqual({ x: 0, y: 0, width: 390, height: 780 });
    expect(await page.locator(".launcher").isVisible()).toBe(false);
    expect(await page.locator("main").evaluate((main) => main.matches("[inert]"))).toBe(true);
    await page.getByRole("button", { name: "关闭客服" }).tap();
    expect(await page.locator("main").evaluate((main) => main.matches("[inert]"))).toBe(false);
    await leave(page);
  });

  test("does not move when the widget arrives.", async () => {
    const page = await visit();
    const shift = await page.evaluate(
      () =>
        new Promise<number>((resolve) => {
          let sum = 0;
          new PerformanceObserver((list) => {
            for (const entry of list.getEntries()) sum += (entry as unknown as { value: number }).value;
          }).observe({ type: "layout-shift", buffered: true });
          setTimeout(() => resolve(sum), 300);
        }),
    );
    expect(shift).toBe(0);
    await leave(page);
  });

  test.each(["light", "dark"] as const)("is accessible to axe in %s.", async (colorScheme) => {
    const page = await visit({ colorScheme, bypassCSP: true });
    await open(page);
    await write(page, "有什么推荐 https://shop.example/ ?");
    await page.getByText("已发送").waitFor();
    const card = {
      type: "card" as const,
      title: "亚麻衬衫",
      text: "透气",
      actions: [
        { label: "看看", url: "https://shop.example/1" },
        { label: "问问", value: "q" },
      ],
    };
    shop.say({ type: "carousel", cards: [card, card, card] });
    shop.say({ type: "choices", text: "还有：", choices: [{ label: "衬衫", value: "1" }] });
    shop.say({
      type: "order",
      orderId: "X1",
      status: "运输中",
      items: [{ title: "衬衫", quantity: 1 }],
      total: "¥189",
    });
    shop.say({ type: "file", url: "/files/none", name: "发票.pdf", size: 2048 }, { kind: "agent", name: "阿青" });
    shop.say({ type: "system", code: "x", text: "已为您转接人工" }, { kind: "system" });
    shop.frame("session", { sessionId: "s1", state: "closed" });
    await page.getByRole("button", { name: "提交" }).waitFor();
    await page.waitForTimeout(300);
    expect(await axe(page)).toEqual([]);
    await page.context().close();
  });
});

describe("The demo shop", () => {
  test("asks about a product: the chat opens with its card.", async () => {
    const page = await visit({ path: "/" });
    await page.getByRole("button", { name: /耳机/ }).click();
    await page.getByRole("button", { name: "咨询客服" }).click();
    await expect
      .poll(() => shop.received[0]?.content)
      .toMatchObject({
        type: "product",
        productId: "p-201",
        price: { amount: 39_900, currency: "CNY" },
        imageUrl: expect.stringMatching(/^http.*p-201.*\.svg$/),
      });
    await leave(page);
  });

  test("prefills a question, switches language and theme, and signs a member in.", async () => {
    const page = await visit({ path: "/" });
    await page.locator("#account").click();
    await page.getByRole("button", { name: /林小美/ }).click();
    await expect.poll(() => shop.sessions.at(-1)?.identity?.token).toMatch(/^e30\./);
    await page.locator("#language").click();
    await page.getByRole("button", { name: "How long does shipping take?" }).click();
    expect(await page.locator("xiaoer-widget textarea").inputValue()).toBe("How long does shipping take?");
    await page.getByText("Assistant · answers at once").waitFor();
    await page.locator("#theme").click();
    await page.locator(".widget[data-theme=dark]").waitFor({ state: "attached" });
    await leave(page);
  });

  test.each(["light", "dark"] as const)("is accessible to axe in %s.", async (colorScheme) => {
    const page = await visit({ path: "/", colorScheme, bypassCSP: true });
    await page.waitForTimeout(300);
    expect(await axe(page)).toEqual([]);
    await page.context().close();
  });
});

async function axe(page: Page): Promise<readonly unknown[]> {
  await page.addScriptTag({ path: axePath });
  return page.evaluate(async () => {
    const { axe } = window as unknown as {
      axe: { run(): Promise<{ violations: { id: string; nodes: { html: string; any: { message: string }[] }[] }[] }> };
    };
    const { violations } = await axe.run();
    return violations.map(({ id, nodes }) => ({ id, where: nodes.map((node) => [node.html, node.any[0]?.message]) }));
  });
}
