/** The simulator as a developer uses it: a real browser, the real server, the fake platforms behind it. */
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Browser, BrowserContextOptions, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildSimulator } from "../../scripts/build-simulator.ts";
import { ROOT } from "../../src/node/files.ts";
import { launchBrowser } from "../support/browser.ts";
import { startServer, type TestServer, until } from "../support/server.ts";

const axePath = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

let server: TestServer;
let browser: Browser;

beforeAll(async () => {
  await buildSimulator({ outDir: join(ROOT, "dist/web") });
  [server, browser] = await Promise.all([startServer(), launchBrowser()]);
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

/** The page; fails the test when it breaks its own content policy or throws. */
async function visit(options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1400, height: 900 }, locale: "zh-CN", ...options });
  const page = await context.newPage();
  await page.addInitScript(() => {
    const broken: string[] = [];
    Object.assign(window, { broken });
    addEventListener("securitypolicyviolation", (event) =>
      broken.push(`${event.violatedDirective} ${event.blockedURI}`),
    );
    addEventListener("error", (event) => event.message && broken.push(event.message));
  });
  await page.goto(`${server.url}/simulator`);
  await page.locator(".phone").first().waitFor();
  return page;
}

async function leave(page: Page): Promise<void> {
  expect(await page.evaluate(() => (window as unknown as { broken: string[] }).broken)).toEqual([]);
  await page.context().close();
}

const phone = (page: Page, name: string) => page.getByRole("region", { name, exact: true });
const heard = (one: Locator) => one.locator(".line.shop .bubble").allInnerTexts();

async function write(one: Locator, text: string): Promise<void> {
  await one.locator(".say").fill(text);
  await one.locator(".say").press("Enter");
}

describe("A phone", () => {
  test("is answered on Telegram, and the payloads both ways are shown without a credential.", async () => {
    const page = await visit();
    const telegram = phone(page, "Telegram");
    await write(telegram, "多久发货");
    await expect.poll(() => heard(telegram)).toEqual([expect.stringContaining("48 小时")]);
    const trace = page.locator("#trace");
    await expect.poll(() => trace.locator(".step").count()).toBeGreaterThanOrEqual(3);
    await trace.locator(".call summary").first().click();
    const taken = await trace.locator(".call pre").first().textContent();
    expect(taken).toContain('"chat_id": 5000000001');
    await trace.locator(".webhook summary").first().click();
    expect(await trace.locator(".webhook pre").first().textContent()).toContain("多久发货");
    expect(await trace.textContent()).toContain("••••");
    expect(await trace.textContent()).not.toContain("AAtest-token");
    await leave(page);
  });

  test("takes a tap on a button.", async () => {
    const page = await visit();
    const telegram = phone(page, "Telegram");
    await telegram.getByRole("button", { name: /换一位顾客/ }).click();
    await write(telegram, "量子纠缠怎么收费");
    await telegram.getByRole("button", { name: /人工/ }).click();
    await expect.poll(async () => (await heard(telegram)).length).toBeGreaterThanOrEqual(2);
    expect(await telegram.locator(".line.shopper").allInnerTexts()).toEqual([
      "量子纠缠怎么收费",
      expect.stringMatching(/人工/),
    ]);
    const queued = await server.admin("GET", "/v1/sessions?state=queued");
    expect(queued.body.items).toHaveLength(1);
    await leave(page);
  });

  test("meets a 500, is tried again, and hears the answer once.", async () => {
    const page = await visit();
    const whatsapp = phone(page, "WhatsApp");
    await whatsapp.getByRole("combobox", { name: /出什么错/ }).selectOption("500");
    await page.getByText("下一次调用将出错：500").waitFor();
    await write(whatsapp, "多久发货");
    await expect.poll(() => heard(whatsapp), { timeout: 10_000 }).toHaveLength(1);
    await page.waitForTimeout(1200);
    expect(await heard(whatsapp)).toHaveLength(1);
    await whatsapp.getByRole("button", { name: "看报文" }).click();
    expect(await page.locator("#trace .call .state").allInnerTexts()).toEqual(["200", "500"]);
    await leave(page);
  });

  test("is refused once its window is over, and the desk knows why.", async () => {
    const page = await visit();
    const wechat = phone(page, "微信小程序客服");
    await wechat.getByRole("combobox", { name: /出什么错/ }).selectOption("window");
    await page.locator("#notice").getByText("回复窗口已过").waitFor();
    await write(wechat, "多久发货");
    await wechat.getByRole("button", { name: "看报文" }).click();
    await page.locator("#trace .state.bad").getByText("失败").waitFor();
    expect(await heard(wechat)).toEqual([]);
    await leave(page);
  });

  test("stands beside the others, and all hear the same line in their own way.", async () => {
    const page = await visit();
    await page.getByRole("button", { name: "Slack", exact: true }).click();
    await page.locator("#everywhere input").fill("怎么开发票");
    await page.getByRole("button", { name: "同时说" }).click();
    for (const name of ["Telegram", "LINE", "WhatsApp", "Slack"]) {
      await expect.poll(() => heard(phone(page, name)).then((all) => all.at(-1))).toContain("发票");
    }
    await leave(page);
  });
});

test.each(["light", "dark"] as const)(
  "The page is accessible to axe in %s, in both languages.",
  async (colorScheme) => {
    const page = await visit({ colorScheme, bypassCSP: true });
    for (const { channel } of (await server.call("GET", "/simulator/api/state")).body.channels) {
      const chip = page.locator(`[data-chip="${channel}"]`);
      if ((await chip.getAttribute("aria-pressed")) === "false") await chip.click();
    }
    const line = phone(page, "LINE");
    await write(line, "量子纠缠怎么收费");
    await expect.poll(async () => (await heard(line)).length).toBeGreaterThan(0);
    await page.addScriptTag({ path: axePath });
    for (const language of ["zh", "en"]) {
      const found = await page.evaluate(async () => {
        const { axe } = window as unknown as {
          axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
        };
        return (await axe.run()).violations.map(({ id, nodes }) => [id, nodes[0]?.html]);
      });
      expect(found, language).toEqual([]);
      await page.locator("#language").click();
    }
    await page.context().close();
  },
);

describe("The simulator's API", () => {
  test("takes no call of another site's page.", async () => {
    const event = { person: 0, event: { type: "text", text: "hi" } };
    const others: readonly Record<string, string>[] = [
      { origin: "https://evil.example" },
      { "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": "same-site" },
    ];
    for (const headers of others) {
      const answer = await server.call("POST", "/simulator/api/phones/telegram/events", { body: event, headers });
      expect([answer.status, answer.body.code]).toEqual([403, "simulator.other_site"]);
    }
  });

  test("says what is not possible.", async () => {
    const play = (channel: string, event: object) =>
      server.call("POST", `/simulator/api/phones/${channel}/events`, { body: { event } });
    expect((await play("smoke-signals", { type: "text", text: "hi" })).status).toBe(404);
    expect((await play("telegram", { type: "recall" })).body.code).toBe("simulator.not_possible");
    expect((await play("telegram", { type: "tap", label: "no such button" })).body.code).toBe("simulator.not_possible");
  });

  test("moves the shop's clock on.", async () => {
    const before = (await server.call("GET", "/simulator/api/state")).body;
    const after = (await server.call("POST", "/simulator/api/clock", { body: { advanceMs: 3_600_000 } })).body;
    expect(after.movedMs).toBe(before.movedMs + 3_600_000);
    expect(after.now - before.now).toBeGreaterThanOrEqual(3_600_000);
    await server.call("POST", "/simulator/api/phones/slack/events", {
      body: { person: 1, event: { type: "text", text: "多久发货" } },
    });
    await until(async () => {
      const { bubbles } = (await server.call("GET", "/simulator/api/phones/slack?person=1")).body;
      return bubbles.some(({ from }: { from: string }) => from === "shop");
    }, "an answer under a moved clock");
  });

  test("is not there outside a demo.", async () => {
    const real = await startServer({ XIAOER_DEMO: "0" });
    try {
      expect((await real.call("GET", "/simulator/api/state")).status).toBe(404);
      expect((await real.call("GET", "/simulator")).status).toBe(404);
    } finally {
      await real.stop();
    }
  });
});
