/** The demo shop on a real server, as a shopper sees it: files both ways, links that end, and the way to another channel. */
import axe from "axe-core";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, it, vi } from "vitest";
import { sampleFile } from "../../adapters/shared/fake-media.ts";
import { launchBrowser } from "../support/browser.ts";
import { bytesOf, cameraNotes, segment, tellsPlace } from "../support/pictures.ts";
import { ADMIN, startServer, type TestServer, until } from "../support/server.ts";

let server: TestServer;
let browser: Browser;
let context: BrowserContext;
let page: Page;
const complaints: string[] = [];

beforeAll(async () => {
  // The server keeps the function that tells the time: it is replaced before there is a server.
  vi.useFakeTimers({ toFake: ["Date"], shouldAdvanceTime: true });
  await import("../../scripts/build-web.ts");
  [server, browser] = await Promise.all([startServer(), launchBrowser()]);
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await server?.stop();
  vi.useRealTimers();
});
afterEach(async () => {
  await context?.close();
  expect(complaints.splice(0)).toEqual([]);
});

async function enter({ dark = false, width = 1280 } = {}): Promise<void> {
  context = await browser.newContext({
    viewport: { width, height: 820 },
    locale: "zh-CN",
    reducedMotion: "reduce",
    colorScheme: dark ? "dark" : "light",
    permissions: ["clipboard-read", "clipboard-write"],
  });
  await context.addInitScript({ content: axe.source });
  await context.exposeFunction("complain", (text: string) => complaints.push(text));
  await context.addInitScript(() => {
    const { complain } = globalThis as unknown as { complain(text: string): void };
    addEventListener("securitypolicyviolation", (event) => complain(`${event.violatedDirective} ${event.blockedURI}`));
  });
  page = await context.newPage();
  page.setDefaultTimeout(10_000);
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.goto(server.url);
  await page.locator(".launcher").waitFor();
}

async function talk(text: string): Promise<void> {
  await page.locator("textarea").fill(text);
  await page.locator("textarea").press("Enter");
}

/** An agent takes the newest waiting session; returns how they say something in it. */
async function serve() {
  const { body } = await server.call("POST", "/v1/auth/login", { body: ADMIN });
  let ticketId = "";
  await until(async () => {
    const sessions = (await server.admin("GET", "/v1/sessions?state=queued")).body.items;
    ticketId = sessions[0]?.ticketId ?? "";
    return ticketId !== "";
  }, "the handoff");
  expect((await server.admin("POST", `/v1/tickets/${ticketId}/claim`)).status).toBe(200);
  return async (kind: "image" | "audio" | "video" | "file", name: string) => {
    const { bytes, mime } = sampleFile(kind);
    const form = new FormData();
    form.set("file", new Blob([bytes], { type: mime }), name);
    const uploaded = await fetch(`${server.url}/v1/uploads`, {
      method: "POST",
      headers: { authorization: `Bearer ${body.token}` },
      body: form,
    });
    const { fileId } = (await uploaded.json()) as { fileId: string };
    const said = await server.admin("POST", `/v1/tickets/${ticketId}/messages`, {
      clientId: crypto.randomUUID(),
      content: { type: kind, fileId, name },
    });
    expect(said.status).toBe(201);
  };
}

async function violations(within: string): Promise<readonly string[]> {
  return page.evaluate(async (selector) => {
    const { axe: inPage } = globalThis as unknown as { axe: typeof axe };
    const root = document.querySelector("xiaoer-widget")?.shadowRoot?.querySelector(selector);
    const { violations } = await inPage.run((root as HTMLElement | null) ?? selector);
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
  }, within);
}

const isFocused = (selector: string) => page.locator(selector).evaluate((element) => element.matches(":focus"));
const isDrawn = (selector: string) =>
  page
    .locator(selector)
    .last()
    .evaluate((image: HTMLImageElement) => image.complete && image.naturalWidth > 0);
const laterBy = (minutes: number) => vi.setSystemTime(Date.now() + minutes * 60_000);

it("shows what an agent sends: a picture large and back by key, a voice, and a paper by name and size", async () => {
  await enter({ dark: true });
  await page.locator(".launcher").click();
  await talk("转人工");
  const say = await serve();
  await say("image", "包裹.png");
  await say("audio", "留言.wav");
  await say("file", "发票.pdf");
  const chip = page.getByRole("link", { name: /发票\.pdf/ });
  await chip.getByText("1 KB").waitFor();
  await until(() => isDrawn(".picture img"), "the picture");
  await page.locator("audio").evaluate((voice: HTMLAudioElement) => voice.load());
  expect(await violations(".log")).toEqual([]);
  const picture = page.getByRole("button", { name: "包裹.png" });
  await picture.focus();
  await page.keyboard.press("Enter");
  await page.locator("dialog.lightbox[open] img").waitFor();
  expect(await violations("dialog.lightbox")).toEqual([]);
  await page.keyboard.press("Escape");
  await page.locator("dialog.lightbox").waitFor({ state: "detached" });
  expect(await isFocused(".picture")).toBe(true);
  expect(await page.locator(".panel").getAttribute("inert")).toBeNull();
});

it("renews links that have ended, and leaves the shopper where they read", async () => {
  await enter();
  await page.locator(".launcher").click();
  await talk("转人工");
  const say = await serve();
  await say("image", "包裹.png");
  await say("audio", "留言.wav");
  await say("file", "发票.pdf");
  for (let line = 0; line < 12; line += 1) await talk(`第 ${line} 句`);
  await page.getByText("第 11 句").waitFor();
  await until(() => isDrawn(".picture img"), "the picture");
  const srcOf = () => page.locator(".picture img").getAttribute("src");
  const old = await srcOf();
  await page.locator(".picture").evaluate((element) => element.scrollIntoView({ block: "center" }));
  const top = () => page.locator(".log").evaluate((log) => Math.round(log.scrollTop));
  const before = await top();
  laterBy(11);
  expect((await fetch(String(old))).status).toBe(404);
  // What a browser says when it wants the bytes again and the link has ended.
  await page.locator(".picture img").evaluate((image) => image.dispatchEvent(new Event("error")));
  await until(async () => (await srcOf()) !== old && (await isDrawn(".picture img")), "a fresh link");
  expect(await top()).toBe(before);
  expect((await fetch(String(await srcOf()))).status).toBe(200);
  // A voice that was not played yet: its link is found to have ended when it is.
  await page.locator("audio").evaluate((voice: HTMLAudioElement) => void voice.play().catch(() => undefined));
  await until(
    () => page.locator("audio").evaluate((voice: HTMLAudioElement) => voice.duration > 0.4),
    "the voice under its fresh link",
  );
  // And a paper is handed over by the link of the moment.
  const opened = page.waitForEvent("download");
  const popup = context.waitForEvent("page").then((tab) => tab.waitForEvent("download"));
  await page.getByRole("link", { name: /发票\.pdf/ }).focus();
  await page.keyboard.press("Enter");
  expect((await Promise.race([opened, popup])).suggestedFilename()).toBe("发票.pdf");
});

it("shows a picture whose link ended while the chat was closed", async () => {
  await enter();
  await page.locator(".launcher").click();
  await talk("转人工");
  const say = await serve();
  await say("image", "包裹.png");
  await until(() => isDrawn(".picture img"), "the picture");
  await page.reload();
  await page.locator(".badge, .launcher").first().waitFor();
  laterBy(12);
  await page.locator(".launcher").click();
  await until(() => isDrawn(".picture img"), "the picture under its fresh link");
});

/** A photo the browser itself has made, so that it can be shown; with notes as a phone writes them. */
async function photoWithPlace() {
  const plain = await page.evaluate(async () => {
    const canvas = new OffscreenCanvas(90, 60);
    const brush = canvas.getContext("2d");
    if (brush === null) throw new Error("No canvas.");
    brush.fillStyle = "#c33";
    brush.fillRect(0, 0, 90, 60);
    const blob = await canvas.convertToBlob({ type: "image/jpeg" });
    return [...new Uint8Array(await blob.arrayBuffer())];
  });
  const notes = segment(0xe1, "Exif\0\0", cameraNotes({ orientation: 6 }));
  return bytesOf(plain.slice(0, 2), notes, plain.slice(2));
}

it("takes a photo that is pasted or dropped, and keeps it upright and without its place", async () => {
  await enter();
  await page.locator(".launcher").click();
  await page.locator("textarea").waitFor();
  const photo = await photoWithPlace();
  expect(tellsPlace(photo)).toBe(true);
  for (const kind of ["paste", "drop"]) {
    await page.locator("textarea").evaluate(
      (field, { kind, bytes }) => {
        const data = new DataTransfer();
        data.items.add(new File([Uint8Array.from(bytes)], `${kind}.jpg`, { type: "image/jpeg" }));
        const options = { bubbles: true, cancelable: true, composed: true };
        field.dispatchEvent(
          kind === "paste"
            ? new ClipboardEvent("paste", { clipboardData: data, ...options })
            : new DragEvent("drop", { dataTransfer: data, ...options }),
        );
      },
      { kind, bytes: [...photo] },
    );
    const picture = page.getByRole("button", { name: `${kind}.jpg` });
    await until(async () => {
      const src = await picture.locator("img").getAttribute("src");
      return src?.includes("/files/fil_") === true && (await isDrawn(".picture img"));
    }, `the picture from ${kind}`);
    const served = new Uint8Array(
      await (await fetch(String(await picture.locator("img").getAttribute("src")))).arrayBuffer(),
    );
    expect(tellsPlace(served)).toBe(false);
    // Turned by its one note that is left: what was wide stands.
    const size = await picture
      .locator("img")
      .evaluate((image: HTMLImageElement) => [image.naturalWidth, image.naturalHeight]);
    expect(size).toEqual([60, 90]);
  }
  // The names are English, the shopper is not.
  const answer = page.locator(".run:not([data-own=true]) .bubble").nth(1);
  expect(await answer.textContent()).toMatch(/[\u4e00-\u9fff]/);
});

it("takes back an upload on its way, and sends what was written behind it", async () => {
  await enter();
  await page.locator(".launcher").click();
  await page.locator("textarea").waitFor();
  let begun = false;
  await page.route("**/v1/visitor/uploads", () => {
    begun = true; // and never answered
  });
  const { bytes, mime } = sampleFile("image");
  await page.locator("input[type=file]").setInputFiles({ name: "慢.png", mimeType: mime, buffer: Buffer.from(bytes) });
  await until(() => begun, "the upload");
  await talk("多久发货");
  await page.getByRole("button", { name: "取消" }).click();
  await page.getByRole("button", { name: "慢.png" }).waitFor({ state: "detached" });
  await page.locator(".run:not([data-own=true]) .bubble", { hasText: "发货" }).first().waitFor();
  expect(await page.locator(".delivery.failed").count()).toBe(0);
});

it("says at once what is too large or of a kind that is not taken", async () => {
  await enter();
  await page.locator(".launcher").click();
  await page.locator("textarea").waitFor();
  const picker = page.locator("input[type=file]");
  await picker.setInputFiles({
    name: "大.mp4",
    mimeType: "video/mp4",
    buffer: Buffer.alloc(11 * 1024 * 1024),
  });
  await page.getByText("文件不能超过 10 MB").waitFor();
  // Its name is fine and its bytes are not: only the server can tell.
  await picker.setInputFiles({ name: "其实不是.png", mimeType: "image/png", buffer: Buffer.from("<html>") });
  await page.getByText("暂不支持发送这种文件").waitFor();
  await page.getByText("发送失败").waitFor();
  expect(await violations(".panel")).toEqual([]);
});

it("goes on elsewhere: a member's code, by keyboard alone", async () => {
  await enter();
  const press = async (...keys: string[]) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  await page.locator("#account").focus();
  await press("Enter");
  await page.getByRole("button", { name: /林小美/ }).focus();
  await press("Enter");
  await page.locator("#account", { hasText: "林小美" }).waitFor();
  await page.locator("#account").focus();
  await press("Enter");
  await page.getByRole("button", { name: "在其他渠道继续" }).focus();
  await press("Enter");
  const dialog = page.getByRole("dialog", { name: "在其他渠道继续" });
  const said = dialog.getByRole("status");
  await said.waitFor();
  expect(await said.textContent()).toMatch(/[0-9A-Z]{4}-[0-9A-Z]{4}/);
  expect(await violations("#members")).toEqual([]);
  const copy = dialog.getByRole("button", { name: "复制" });
  expect(await copy.evaluate((button) => button.matches(":focus"))).toBe(true);
  await press("Enter");
  await dialog.getByRole("button", { name: "已复制" }).waitFor();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(await said.textContent());
  await press("Escape");
  await dialog.waitFor({ state: "hidden" });
  expect(await isFocused("#account")).toBe(true);
});
