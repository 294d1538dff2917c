import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";

// What plays the phone: WeChat's own simulator of components, and a document for it.
const load = createRequire(import.meta.url);
const has = (name: string) => {
  try {
    return load.resolve(name) !== "";
  } catch {
    return false;
  }
};
const canSimulate = has("miniprogram-simulate") && has("jsdom");

interface Simulate {
  load(path: string): string;
  render(id: string, properties: object): Rendered;
}
interface Rendered {
  readonly instance: { readonly data: Record<string, unknown> };
  readonly dom: { readonly textContent: string };
  attach(parent: unknown): void;
  detach(): void;
  querySelector(selector: string): Rendered | undefined;
  querySelectorAll(selector: string): readonly Rendered[];
  dispatchEvent(name: string, options?: object): void;
  addEventListener(name: string, listener: (event: { readonly detail: unknown }) => void): void;
}
interface Call {
  readonly url: string;
  readonly data?: { readonly clientId?: string; readonly content?: object };
  success(answer: object): void;
}

const message = (seq: number, content: object, more: object = {}) => ({
  id: `msg_${seq}`,
  seq,
  direction: "outbound",
  author: { kind: "bot", name: "小二" },
  content,
  at: "2026-01-05T02:00:00.000Z",
  ...more,
});

describe.skipIf(!canSimulate)("the component of the mini-program", () => {
  let simulate: Simulate;
  const calls: Call[] = [];
  let messages: object[] = [];
  const settle = () => new Promise((resolve) => setTimeout(resolve, 20));

  beforeAll(() => {
    const { JSDOM } = load("jsdom");
    const { window } = new JSDOM("<!doctype html><body></body>", {
      url: "https://phone.test/",
      pretendToBeVisual: true,
    });
    for (const name of ["window", "document", "HTMLElement", "CustomEvent", "Event", "Node", "MutationObserver"]) {
      Object.defineProperty(globalThis, name, { value: window[name], configurable: true, writable: true });
    }
    simulate = load("miniprogram-simulate");
    const phone = {
      request(call: Call) {
        calls.push(call);
        const settings = { title: "小店客服", color: "#1677ff", greeting: "亲，您好！", locale: "zh-CN" };
        const data = call.url.endsWith("/sessions")
          ? {
              token: "t".repeat(24),
              cursor: "1",
              settings,
              session: { sessionId: "s1", state: "queued", queuePosition: 2 },
              messages,
            }
          : {
              message: message(99, call.data?.content ?? {}, {
                author: { kind: "contact" },
                clientId: call.data?.clientId,
              }),
            };
        setTimeout(() => call.success({ statusCode: 201, data, header: {} }));
      },
      connectSocket: () => ({ onOpen() {}, onMessage() {}, onClose() {}, onError() {}, close() {} }),
      getStorageSync: () => "",
      setStorageSync() {},
      setNavigationBarTitle() {},
    };
    Object.assign(Object(globalThis).wx, phone);
    Object.assign(globalThis, { getCurrentPages: () => [{ route: "xiaoer/pages/chat/index" }] });
  });

  async function show(properties: object, said: object[] = []) {
    messages = said;
    calls.length = 0;
    const path = fileURLToPath(new URL("../../web/miniprogram/components/xiaoer-chat/index", import.meta.url));
    const chat = simulate.render(simulate.load(path), { baseUrl: "https://desk.test", inboxId: "web", ...properties });
    chat.attach(Object(globalThis).document.createElement("div"));
    await settle();
    return chat;
  }
  const rowsOf = (chat: Rendered) => chat.querySelectorAll(".message");

  test("opens the conversation and shows its greeting, its words and the queue", async () => {
    const chat = await show({}, [message(1, { type: "text", text: "<b>亲</b>，您好！见 https://a.example" })]);
    expect(calls[0]?.data).toEqual({ inboxId: "web", page: { url: "miniprogram:/xiaoer/pages/chat/index" } });
    expect(chat.dom.textContent).toContain("亲，您好！");
    expect(chat.dom.textContent).toContain("正在排队，前面还有 2 位");
    // Markup stands there as it was written.
    expect(rowsOf(chat)[0]?.dom.textContent).toContain("<b>亲</b>，您好！见 https://a.example");
    chat.detach();
  });

  test("a picture whose link has ended is asked for once more, and a paper shows its size", async () => {
    const picture = message(1, { type: "image", url: "/files/fil_1?until=1" });
    const chat = await show({}, [
      picture,
      message(2, { type: "file", url: "/files/fil_2", name: "发票.pdf", size: 2048 }),
    ]);
    expect(rowsOf(chat)[1]?.dom.textContent).toMatch(/发票\.pdf\s*2 KB/);
    const image = rowsOf(chat)[0]?.querySelector(".picture");
    image?.dispatchEvent("error", { custom: true });
    image?.dispatchEvent("error", { custom: true });
    await settle();
    const again = "https://desk.test/v1/visitor/messages/msg_1";
    expect(calls.filter(({ url }) => url === again)).toHaveLength(1);
    chat.detach();
  });

  test("a choice that is tapped is said with its value", async () => {
    const choices = [{ label: "查物流", value: "logistics" }];
    const chat = await show({}, [message(1, { type: "choices", text: "想问什么？", choices })]);
    rowsOf(chat)[0]?.querySelector(".choice")?.dispatchEvent("tap");
    await settle();
    expect(calls.at(-1)?.data?.content).toEqual({ type: "text", text: "查物流", value: "logistics" });
    expect(rowsOf(chat)).toHaveLength(2);
    chat.detach();
  });

  test("a product and an order are cards, and the page hears when one is tapped", async () => {
    const product = { type: "product", productId: "p1", title: "轻便跑鞋", price: { amount: 25900, currency: "CNY" } };
    const order = { type: "order", orderId: "A1001", status: "已发货", items: [{ title: "轻便跑鞋", quantity: 1 }] };
    const chat = await show({}, [message(1, product), message(2, order)]);
    expect(rowsOf(chat).map((row) => row.dom.textContent.includes("轻便跑鞋"))).toEqual([true, true]);
    expect(rowsOf(chat)[0]?.dom.textContent).toContain("¥259.00");
    const heard: unknown[] = [];
    chat.addEventListener("product", ({ detail }) => heard.push(["product", detail]));
    chat.addEventListener("order", ({ detail }) => heard.push(["order", detail]));
    for (const row of rowsOf(chat)) row.querySelector(".face")?.dispatchEvent("tap");
    await settle();
    expect(heard).toEqual([
      ["product", { id: "p1", url: "" }],
      ["order", { id: "A1001", url: "" }],
    ]);
    chat.detach();
  });

  test("the product a shopper came from is sent with one tap, once", async () => {
    const product = { productId: "p1", title: "轻便跑鞋" };
    const chat = await show({ product });
    expect(calls[0]?.data).toMatchObject({ page: { productId: "p1" } });
    chat.querySelector(".give")?.dispatchEvent("tap");
    await settle();
    expect(calls.at(-1)?.data?.content).toEqual({ type: "product", ...product });
    expect(chat.querySelector(".give")).toBeUndefined();
    chat.detach();
  });
});
