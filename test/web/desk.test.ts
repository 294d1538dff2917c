import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import axe from "axe-core";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { buildDesk } from "../../scripts/build-desk.ts";
import { launchBrowser } from "../support/browser.ts";
import { type MockDesk, startMockDesk } from "./mock-desk-api.ts";

let root: string;
let browser: Browser;
let desk: MockDesk;
let context: BrowserContext;
let page: Page;
let complaints: string[];

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "xiaoer-desk-"));
  await buildDesk({ outDir: root });
  browser = await launchBrowser();
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await rm(root, { recursive: true, force: true });
});

beforeEach(async () => {
  desk = await startMockDesk({ root });
  complaints = [];
});

afterEach(async () => {
  await context?.close();
  await desk.close();
  // The pages are served under the full policy, Trusted Types included: whatever it refuses is a fault.
  expect(complaints).toEqual([]);
});

interface Opening {
  readonly path: string;
  readonly user?: string;
  readonly dark?: boolean;
  readonly english?: boolean;
  readonly width?: number;
}

async function open({ path, user = "mei@shop.example", dark, english, width = 1440 }: Opening): Promise<Page> {
  context = await browser.newContext({
    viewport: { width, height: 900 },
    colorScheme: dark ? "dark" : "light",
    locale: english ? "en-GB" : "zh-CN",
    reducedMotion: "reduce",
  });
  await context.addInitScript({ content: axe.source });
  await context.exposeFunction("reportViolation", (text: string) => complaints.push(text));
  await context.addInitScript(() => {
    addEventListener("securitypolicyviolation", (event) => {
      const report = (globalThis as unknown as { reportViolation: (text: string) => void }).reportViolation;
      report(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
    });
  });
  page = await context.newPage();
  page.on("pageerror", (error) => complaints.push(error.message));
  if (user !== "")
    await context.request.post(`${desk.url}/v1/auth/login`, {
      data: { email: user, password: "correct horse battery" },
    });
  await page.goto(`${desk.url}/desk${path}`);
  return page;
}

const sent = (path: RegExp) => desk.requests.filter((request) => request.method === "POST" && path.test(request.path));
const composer = () => page.locator("#composer-field");
const toast = (text: string | RegExp) => page.locator(".toast", { hasText: text }).waitFor();
const bubble = (text: string) => page.locator(".bubble", { hasText: text });

describe("logging in", () => {
  it("says when the password is wrong, and opens the queue when it is right", async () => {
    await open({ path: "/", user: "" });
    await page.getByLabel("邮箱").fill("mei@shop.example");
    await page.getByLabel("密码", { exact: true }).fill("wrong");
    await page.getByRole("button", { name: "登录", exact: true }).click();
    await page.getByRole("alert").waitFor();
    await page.getByLabel("密码", { exact: true }).fill("correct horse battery");
    await page.keyboard.press("Enter");
    await page.getByRole("option").first().waitFor();
    expect(page.url()).toContain("/desk/sessions");
    expect(await page.getByRole("option").count()).toBe(3);
  });

  it("comes back to the page that was asked for", async () => {
    await open({ path: "/articles/a_wash", user: "" });
    await page.getByLabel("邮箱").fill("mei@shop.example");
    await page.getByLabel("密码", { exact: true }).fill("correct horse battery");
    await page.keyboard.press("Enter");
    await page.locator("input[value='四件套会缩水吗']").waitFor();
  });
});

describe("serving a shopper", () => {
  it("puts the urgent one first, then whoever waits longest, with figure and icon", async () => {
    await open({ path: "/sessions?tab=queued" });
    const rows = page.getByRole("option");
    await rows.first().waitFor();
    const names = await page.locator(".session-row-name").allTextContents();
    expect(names).toEqual(["吴桐", "访客", "林晓梅"]);
    expect(
      await page
        .locator("[data-urgency]")
        .evaluateAll((chips) => chips.map((chip) => (chip as HTMLElement).dataset.urgency)),
    ).toEqual(["calm", "lost", "soon"]);
  });

  it("claims, replies, notes and resolves", async () => {
    await open({ path: "/sessions/s_lin?tab=queued" });
    await page.locator(".handoff.open").waitFor();
    await page.locator(".session-actions").getByRole("button", { name: /认领/ }).click();
    await toast("已认领");
    await composer().fill("亲，已经帮您催了，明早送到。");
    await page.getByRole("button", { name: "发送", exact: true }).click();
    await bubble("明早送到").waitFor();
    await page.locator(".bubble-row.agent .delivery.delivered").last().waitFor();
    const [message] = sent(/\/messages$/);
    expect(message?.body).toMatchObject({ ownerEpoch: 4, content: { type: "text" } });
    // The card folds once a person has answered.
    await page.locator(".handoff:not(.open)").waitFor();

    await page.getByRole("tab", { name: "备注" }).click();
    await composer().fill("已联系顺丰 95338");
    await page.getByRole("button", { name: "保存备注" }).click();
    await page.locator(".bubble-row.note", { hasText: "95338" }).waitFor();
    expect(sent(/\/messages$/)).toHaveLength(1);

    await page.getByRole("button", { name: "解决" }).click();
    await page.getByLabel("发给顾客的话").fill("您的包裹明早送到，有问题随时找我。");
    await page.getByRole("button", { name: "发送并解决" }).click();
    await toast("已解决");
    await bubble("有问题随时找我").waitFor();
    expect(desk.shop.sessions.find((session) => session.id === "s_lin")?.state).toBe("closed");
  });

  it("can be done by keyboard alone", async () => {
    await open({ path: "/sessions?tab=queued" });
    await page.getByRole("option").first().waitFor();
    await page.keyboard.press("j");
    await page.keyboard.press("j");
    await page.keyboard.press("j");
    await page.waitForURL(/s_lin/);
    await page.locator(".handoff.open").waitFor();
    await page.keyboard.press("a");
    await toast("已认领");
    await page.keyboard.press("r");
    await expect.poll(() => composer().evaluate((field) => field === document.activeElement)).toBe(true);
    await page.keyboard.press("Alt+Digit1");
    await expect.poll(() => composer().inputValue()).not.toBe("");
    expect(sent(/\/messages$/)).toHaveLength(0);
    await composer().fill("您好");
    await page.keyboard.press("Shift+Enter");
    await page.keyboard.type("马上为您查");
    await page.keyboard.press("Enter");
    await bubble("马上为您查").waitFor();
    expect(sent(/\/messages$/).map((request) => (request.body as { content: { text: string } }).content.text)).toEqual([
      "您好\n马上为您查",
    ]);
  });

  it("never sends while an input method is composing", async () => {
    await open({ path: "/sessions/s_emma?tab=mine" });
    await composer().click();
    const cdp = await context.newCDPSession(page);
    await cdp.send("Input.imeSetComposition", { text: "ni", selectionStart: 2, selectionEnd: 2 });
    await cdp.send("Input.dispatchKeyEvent", {
      type: "rawKeyDown",
      key: "Process",
      code: "Enter",
      windowsVirtualKeyCode: 229,
    });
    await composer().evaluate((field) =>
      field.dispatchEvent(
        new KeyboardEvent("keydown", {
          key: "Enter",
          code: "Enter",
          isComposing: true,
          bubbles: true,
          cancelable: true,
        }),
      ),
    );
    await cdp.send("Input.insertText", { text: "你好" });
    await page.waitForTimeout(150);
    expect(sent(/\/messages$/)).toHaveLength(0);
    await page.keyboard.press("Enter");
    await bubble("你好").waitFor();
  });

  it("says who was faster and keeps the words", async () => {
    await open({ path: "/sessions/s_anon?tab=queued" });
    await composer().fill("可以开专票，请发我抬头和税号");
    const bo = desk.shop.tickets.findIndex((ticket) => ticket.id === "t_anon");
    const ticket = desk.shop.tickets[bo];
    const at = desk.shop.sessions.findIndex((session) => session.id === "s_anon");
    const session = desk.shop.sessions[at];
    if (ticket === undefined || session === undefined) throw new Error("The mock has this session.");
    desk.shop.tickets[bo] = { ...ticket, status: "claimed", assignee: "u_bo" };
    desk.shop.sessions[at] = { ...session, state: "agent", owner: "u_bo", ownerName: "周博", ownerEpoch: 9 };
    await page.getByRole("button", { name: "认领并发送" }).click();
    await toast("已被 周博 接起");
    await page.getByText("周博 正在接待").first().waitFor();
    expect(await composer().inputValue()).toBe("可以开专票，请发我抬头和税号");
    expect(sent(/\/messages$/)).toHaveLength(0);
  });

  it("keeps a reply that failed and sends the same one again", async () => {
    await open({ path: "/sessions/s_emma?tab=mine" });
    desk.failNext(/^POST .*\/messages$/, { status: 503, code: "unavailable" });
    await composer().fill("One moment please");
    await page.keyboard.press("Enter");
    const failed = page.locator(".bubble-row.pending", { hasText: "One moment please" });
    await failed.getByRole("button", { name: "重试" }).click();
    await failed.waitFor({ state: "detached" });
    await bubble("One moment please").waitFor();
    const ids = sent(/\/messages$/).map((request) => (request.body as { clientId: string }).clientId);
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(1);
    expect(await bubble("One moment please").count()).toBe(1);
  });

  it("refuses to send a variable nobody filled in", async () => {
    await open({ path: "/sessions/s_emma?tab=mine" });
    await composer().fill("Your parcel is {{ order.trackingNumber }}");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").filter({ hasText: "order.trackingNumber" }).waitFor();
    expect(sent(/\/messages$/)).toHaveLength(0);
  });

  it("does not move the page under a reader, and counts what came", async () => {
    await open({ path: "/sessions/s_lin?tab=queued" });
    await bubble("今天能到吗").waitFor();
    const log = page.getByRole("log");
    await log.evaluate((box) => {
      box.scrollTop = 900;
    });
    await page.waitForTimeout(300);
    const before = await log.evaluate((box) => box.scrollTop);
    desk.shopperSays("s_lin", "在吗");
    await page.getByRole("button", { name: "1 条新消息" }).waitFor();
    expect(await log.evaluate((box) => box.scrollTop)).toBe(before);
    await page.getByRole("button", { name: "1 条新消息" }).click();
    await bubble("在吗").waitFor();
  });

  it("keeps the rows still under the pointer", async () => {
    await open({ path: "/sessions?tab=queued" });
    await page.getByRole("option").nth(2).hover();
    const names = () => page.locator(".session-row-name").allTextContents();
    const before = await names();
    const zhou = desk.shop.sessions.find((session) => session.id === "s_zhou");
    desk.push("session", { ...zhou, state: "queued", owner: "queue", waitingSince: new Date(0).toISOString() });
    await page.getByRole("button", { name: "1 条更新" }).waitFor();
    expect(await names()).toEqual(before);
    await page.getByRole("button", { name: "1 条更新" }).click();
    await expect.poll(async () => (await names())[1]).toBe("周子航");
  });

  it("shows a masked phone against a reason", async () => {
    await open({ path: "/sessions/s_lin?tab=queued" });
    await page.getByRole("button", { name: "查看完整手机" }).click();
    await page.getByLabel("查看原因").fill("核对收件电话");
    await page.keyboard.press("Enter");
    await page.getByText("13812346721").waitFor();
    expect(sent(/\/reveal$/)[0]?.body).toEqual({ field: "phone", reason: "核对收件电话" });
  });

  it("comes back by itself after a lost connection", async () => {
    await open({ path: "/sessions/s_lin?tab=queued" });
    await page.locator(".status-dot.live").waitFor();
    desk.dropSockets();
    await page.locator(".status-dot.offline").waitFor();
    await page.locator(".status-dot.live").waitFor();
    desk.shopperSays("s_lin", "还在吗");
    await bubble("还在吗").waitFor();
  });
});

describe("the knowledge base", () => {
  it("edits, tries and publishes an article", async () => {
    await open({ path: "/articles" });
    await page.getByRole("link", { name: "物流停滞怎么办" }).click();
    await page.getByLabel("试问", { exact: true }).and(page.locator("input")).fill("物流停滞");
    await page.locator(".match.this").waitFor();
    await page.getByText("本条胜出").waitFor();
    expect(await page.locator(".why mark").count()).toBeGreaterThan(0);
    await page.getByPlaceholder("添加问法").fill("快递卡住了");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "保存并发布" }).click();
    await toast("已发布");
    const article = desk.shop.articles.find((item) => item.id === "a_late");
    expect(article).toMatchObject({ status: "published", publishedVersion: 2 });
    expect(article?.phrasings).toContain("快递卡住了");
  });

  it("loses nothing when somebody else saved first", async () => {
    await open({ path: "/articles/a_wash" });
    const answer = page.getByRole("textbox", { name: "默认答案" });
    await answer.fill("亲，水洗缩率小于 3%，建议 30 度以下机洗~");
    await page.getByPlaceholder("添加关键词").fill("缩水");
    await page.keyboard.press("Enter");
    const at = desk.shop.articles.findIndex((item) => item.id === "a_wash");
    const before = desk.shop.articles[at];
    if (before === undefined) throw new Error("The mock has this article.");
    desk.shop.articles[at] = { ...before, version: 9, answer: "亲，不会缩水~", keywords: ["起球"] };
    await page.getByRole("button", { name: "保存草稿" }).click();
    await page.getByRole("dialog").getByText("有人先保存了").waitFor();
    expect(await page.getByRole("button", { name: "保存合并结果" }).isDisabled()).toBe(true);
    await page.getByRole("button", { name: "用我的" }).click();
    await page.getByRole("button", { name: "保存合并结果" }).click();
    await toast("已保存");
    expect(desk.shop.articles[at]).toMatchObject({
      answer: "亲，水洗缩率小于 3%，建议 30 度以下机洗~",
      keywords: ["起球", "缩水"],
      version: 10,
    });
  });

  it("keeps unsaved edits across a reload", async () => {
    await open({ path: "/articles/a_wash" });
    await page.getByRole("textbox", { name: "默认答案" }).fill("改到一半");
    await page.waitForTimeout(600);
    page.on("dialog", (dialog) => void dialog.accept());
    await page.reload();
    await page.getByText("已恢复你上次没保存的修改").waitFor();
    expect(await page.getByRole("textbox", { name: "默认答案" }).inputValue()).toBe("改到一半");
  });

  it("rolls back to an earlier version after showing the difference", async () => {
    await open({ path: "/articles/a_urge" });
    await page.getByRole("button", { name: "更多" }).click();
    await page.getByRole("menuitem", { name: "版本与回滚" }).click();
    await page.getByRole("button", { name: /^v2/ }).click();
    await page.locator(".version-diff ins").first().waitFor();
    await page.getByRole("button", { name: "回滚到此版本" }).click();
    await toast("已回滚到版本 2");
  });

  it("reports every bad line of an import and writes nothing", async () => {
    await open({ path: "/articles" });
    await page.getByRole("button", { name: "导入" }).click();
    await page.locator("#import-file").setInputFiles({
      name: "faq.ndjson",
      mimeType: "application/x-ndjson",
      buffer: Buffer.from('{"question":"a","answer":"b"}\nnot json\n'),
    });
    await page.getByRole("button", { name: "试运行" }).click();
    await page.getByRole("cell", { name: "2", exact: true }).waitFor();
    expect(await page.getByRole("dialog").getByRole("button", { name: "导入" }).isDisabled()).toBe(true);
  });
});

describe("channels", () => {
  it("connects a channel through the form its schema asks for", async () => {
    await open({ path: "/inboxes/new" });
    await page.getByRole("button", { name: "Telegram" }).click();
    await page.getByLabel("账号名称").fill("海外二店");
    await page.getByLabel("机器人令牌").fill("123:abc");
    await page.getByRole("button", { name: "创建并继续" }).click();
    await page.getByText("必填").waitFor();
    await page.getByLabel("Webhook 密钥").fill("s3cret");
    await page.getByRole("button", { name: "创建并继续" }).click();
    await page.getByText("Nothing received yet").waitFor();
    expect(sent(/\/inboxes$/).at(-1)?.body).toEqual({
      channel: "telegram",
      name: "海外二店",
      config: { token: "123:abc", secretToken: "s3cret" },
    });
  });

  it("leaves a secret alone that was not touched", async () => {
    await open({ path: "/inboxes/in_web" });
    await page.getByLabel("标题").fill("云栖家居旗舰店");
    await page.getByRole("button", { name: "保存" }).click();
    await toast("已保存");
    const saved = desk.requests.find((request) => request.method === "PATCH");
    expect(saved?.body).toMatchObject({ config: { title: "云栖家居旗舰店", identitySecret: "••••" } });
  });
});

describe("roles", () => {
  it("shows an editor no sessions and an agent no way to publish", async () => {
    await open({ path: "/", user: "lu@shop.example" });
    await page.waitForURL(/articles/);
    expect(await page.getByRole("navigation").getByText("会话").count()).toBe(0);
    await context.close();
    await open({ path: "/articles/a_wash", user: "bo@shop.example" });
    await page.getByText("只能查看知识库").waitFor();
    expect(await page.getByRole("button", { name: "保存草稿" }).count()).toBe(0);
  });
});

describe("accessibility", () => {
  const pages = [
    "/sessions/s_lin?tab=queued",
    "/tickets/t_emma",
    "/articles",
    "/articles/a_urge",
    "/inboxes",
    "/inboxes/in_web",
    "/deliveries",
    "/users",
    "/audit",
    "/settings",
  ];
  for (const dark of [false, true]) {
    it(`has no axe violations, ${dark ? "dark" : "light"}`, async () => {
      await open({ path: "/sessions", dark, english: dark });
      for (const path of pages) {
        await page.goto(`${desk.url}/desk${path}`);
        await page.locator("main h1").first().waitFor({ state: "attached" });
        await page.waitForTimeout(500);
        expect(await violations(), path).toEqual([]);
      }
    }, 60_000);
  }

  it("has none on the login page, in a dialog and on a phone", async () => {
    await open({ path: "/sessions/s_emma?tab=mine", width: 390 });
    await composer().waitFor();
    expect(await violations(), "phone").toEqual([]);
    await page.getByRole("button", { name: "解决" }).click();
    await page.getByRole("dialog").waitFor();
    expect(await violations(), "dialog").toEqual([]);
    await context.close();
    await open({ path: "/login", user: "" });
    await page.getByLabel("邮箱").waitFor();
    expect(await violations(), "login").toEqual([]);
  });

  async function violations(): Promise<readonly string[]> {
    const found = await page.evaluate(async () => {
      const { axe: inPage } = globalThis as unknown as { axe: typeof axe };
      return (await inPage.run(document, { resultTypes: ["violations"] })).violations;
    });
    return found.flatMap((violation) =>
      violation.nodes.map((node) => `${violation.id}: ${node.html.slice(0, 160)} ${node.any[0]?.message ?? ""}`),
    );
  }
});
