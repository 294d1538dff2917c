/** Pictures and files in a real browser: what an agent sees of them, asks for again, and sends. */
import axe from "axe-core";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import type { FakeEvent, FakePlatform } from "../../adapters/shared/fake.ts";
import { sampleFile } from "../../adapters/shared/fake-media.ts";
import { createFakeTelegram } from "../../adapters/telegram/fake.ts";
import { launchBrowser } from "../support/browser.ts";
import { ADMIN, post, serveFake, startServer, type TestServer, until } from "../support/server.ts";

let server: TestServer;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let fake: FakePlatform;
let platform: Awaited<ReturnType<typeof serveFake>>;
/** Answers in place of the platform where a file is asked for. */
let file: (() => Promise<Response | undefined>) | undefined;
const complaints: string[] = [];
const userId = "70001";

beforeAll(async () => {
  await import("../../scripts/build-web.ts");
  [server, browser] = await Promise.all([startServer(), launchBrowser()]);
  platform = await serveFake(async (request) => {
    const own = new URL(request.url).pathname.startsWith("/file/") ? await file?.() : undefined;
    return own ?? fake.handle(request);
  });
  const config = {
    token: "123456:TEST-token-of-a-fake-bot-0123456789",
    secretToken: "s".repeat(40),
    apiRoot: platform.url,
  };
  fake = createFakeTelegram(config, { clock: { now: () => Date.now(), advance: () => undefined } });
  await server.admin("POST", "/v1/inboxes", { id: "tg", channel: "telegram", name: "Telegram", config });
  await send({ type: "text", userId, text: "转人工" });
  await until(async () => (await queued()).length === 1, "the handoff");
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await server?.stop();
  await platform?.stop();
});
afterEach(async () => {
  file = undefined;
  await context?.close();
  expect(complaints.splice(0)).toEqual([]);
});

const queued = async () => (await server.admin("GET", "/v1/sessions?inboxId=tg")).body.items;
const send = async (event: FakeEvent) => post(server, "tg", await fake.webhook(event));

async function openSession(dark = false): Promise<void> {
  const [session] = await queued();
  context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    locale: "zh-CN",
    reducedMotion: "reduce",
    colorScheme: dark ? "dark" : "light",
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
  await page.goto(`${server.url}/desk/sessions/${session.id}`);
  await page.getByLabel("邮箱").fill(ADMIN.email);
  await page.getByLabel("密码", { exact: true }).fill(ADMIN.password);
  await page.keyboard.press("Enter");
  await page.locator("#composer-field").waitFor();
}

async function expectAccessible(within: string): Promise<void> {
  const found = await page.evaluate(async (selector) => {
    const { violations } = await (
      globalThis as unknown as {
        axe: { run(target: string): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
      }
    ).axe.run(selector);
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
  }, within);
  expect(found).toEqual([]);
}

/** Whether the browser has drawn the picture, not only its frame. */
const isDrawn = (selector: string) =>
  page
    .locator(selector)
    .last()
    .evaluate((image: HTMLImageElement) => image.complete && image.naturalWidth === 160);

it("shows a picture's place at once, the picture when it is here, and it large by key", async () => {
  await openSession();
  let release = () => {};
  const held = new Promise<undefined>((resolve) => {
    release = () => resolve(undefined);
  });
  file = () => held;
  await send({ type: "image", userId, caption: "裂了" });
  await page.getByText("图片接收中…").waitFor({ timeout: 10_000 });
  await expectAccessible(".bubble-row:last-of-type");
  release();
  const picture = page.getByRole("button", { name: "查看大图：裂了" });
  await picture.waitFor({ timeout: 10_000 });
  await until(() => isDrawn(".content-image"), "the picture");
  expect(await page.getByText("图片接收中…").count()).toBe(0);
  await picture.focus();
  await page.keyboard.press("Enter");
  await page.locator("dialog.lightbox[open] img").waitFor();
  await expectAccessible("dialog.lightbox");
  await page.keyboard.press("Escape");
  await page.locator("dialog.lightbox").waitFor({ state: "detached" });
  expect(await picture.evaluate((button) => button === document.activeElement)).toBe(true);
});

it("plays a voice, and offers a paper by name and size", async () => {
  await openSession();
  await send({ type: "audio", userId });
  const voice = page.locator("audio").last();
  await voice.waitFor({ timeout: 10_000 });
  await until(() => voice.evaluate((element: HTMLAudioElement) => element.duration > 0.4), "the voice's length");
  await send({ type: "file", userId, name: "发票.pdf" });
  const link = page.getByRole("link", { name: "发票.pdf" });
  await link.waitFor({ timeout: 10_000 });
  expect(await link.getAttribute("href")).toMatch(/^\/files\/fil_/);
  await page.locator(".media-chip", { hasText: "1 KB" }).waitFor();
});

it("says why a file is not there, and fetches it when it is asked again", async () => {
  await openSession(true);
  const large = 23 * 1024 * 1024;
  file = async () => new Response(new Uint8Array(large), { headers: { "content-length": String(large) } });
  await send({ type: "image", userId });
  await page.getByText("图片 23.0 MB，超过 10 MB 上限，未保存").waitFor({ timeout: 10_000 });
  expect(await page.getByRole("button", { name: "重新获取" }).count()).toBe(0);
  file = async () => new Response(null, { status: 404 });
  const before = await page.locator(".content-image").count();
  await send({ type: "image", userId });
  await page.getByText("平台上已没有这个文件").waitFor({ timeout: 10_000 });
  await expectAccessible(".media-chip.failed");
  file = undefined;
  await page.getByRole("button", { name: "重新获取" }).click();
  await until(async () => (await page.locator(".content-image").count()) === before + 1, "the picture");
  await until(() => isDrawn(".content-image"), "the picture");
});

it("sends a picture that was chosen, one that was pasted and one that was dropped, with words", async () => {
  await openSession();
  await page
    .locator(".session-actions")
    .getByRole("button", { name: /认领|接管/ })
    .first()
    .click();
  await page.locator(".toast", { hasText: /已认领|已接管/ }).waitFor();
  const { bytes, mime } = sampleFile("image");
  const png = { name: "新包裹.png", mimeType: mime, buffer: Buffer.from(bytes) };
  await page
    .locator("input[type=file]")
    .setInputFiles([
      png,
      { name: "太大.mp4", mimeType: "video/mp4", buffer: Buffer.alloc(11 * 1024 * 1024) },
      { name: "脚本.html", mimeType: "text/html", buffer: Buffer.from("<script>") },
    ]);
  await page.locator(".attachment.ready", { hasText: "新包裹.png" }).waitFor();
  await page.locator(".attachment.failed", { hasText: "11.0 MB，超过 10 MB 上限" }).waitFor();
  await page.locator(".attachment.failed", { hasText: "不支持这种文件" }).waitFor();
  await expectAccessible(".composer");
  await page.getByRole("button", { name: "移除 太大.mp4" }).click();
  await page.getByRole("button", { name: "移除 脚本.html" }).click();
  for (const kind of ["paste", "drop"]) {
    await page.evaluate(
      ({ kind, base64, type }) => {
        const data = new DataTransfer();
        const content = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
        data.items.add(new File([content], `${kind}.png`, { type }));
        const field = document.querySelector("#composer-field");
        field?.dispatchEvent(
          kind === "paste"
            ? new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true })
            : new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }),
        );
      },
      { kind, base64: Buffer.from(bytes).toString("base64"), type: mime },
    );
    await page.locator(".attachment.ready", { hasText: `${kind}.png` }).waitFor();
  }
  await page.locator("#composer-field").fill("已为您补发");
  await page.keyboard.press("Enter");
  await until(() => fake.sent.filter(({ method }) => method === "sendPhoto").length === 3, "three pictures");
  await until(() => fake.sent.some(({ text }) => text === "已为您补发"), "the words");
  expect(await page.locator(".attachment").count()).toBe(0);
  await until(() => isDrawn(".bubble-row.agent .content-image"), "the agent's own picture");
});

it("cancels an upload on its way", async () => {
  await openSession();
  let begun = false;
  await page.route("**/v1/uploads", () => {
    begun = true; // and never answered
  });
  const { bytes, mime } = sampleFile("image");
  await page.locator("input[type=file]").setInputFiles({ name: "慢.png", mimeType: mime, buffer: Buffer.from(bytes) });
  await until(() => begun, "the upload");
  await page.locator("#composer-field").fill("等等");
  expect(await page.getByRole("button", { name: "发送", exact: true }).isDisabled()).toBe(true);
  await page.getByRole("button", { name: "取消上传 慢.png" }).click();
  await page.locator(".attachment").waitFor({ state: "detached" });
  expect(await page.getByRole("button", { name: "发送", exact: true }).isDisabled()).toBe(false);
  await page.locator("#composer-field").fill("");
});
