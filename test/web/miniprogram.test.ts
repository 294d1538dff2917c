import { createRequire } from "node:module";
import { beforeEach, describe, expect, test, vi } from "vitest";

// Files of a mini-program are CommonJS without types; what is used of them is said here.
const load = createRequire(import.meta.url);
const { createChat } = load("../../web/miniprogram/lib/chat.js") as { createChat(options: object): Chat };
const { partsOf, priceOf, toRows } = load("../../web/miniprogram/lib/rows.js") as RowsModule;
const { wordsOf } = load("../../web/miniprogram/lib/words.js") as { wordsOf(locale: string): Record<string, unknown> };

interface Chat {
  open(): Promise<void>;
  say(text: string, value?: string): Promise<void>;
  sayFile(type: string, path: string): Promise<void>;
  sayContent(content: object): Promise<void>;
  retry(clientId: string): Promise<void>;
  renew(id: string): Promise<string | undefined>;
  rate(score: number): Promise<void>;
  wake(): void;
  close(): void;
}
interface RowsModule {
  partsOf(text: string): unknown;
  priceOf(price: unknown): string;
  toRows(messages: readonly object[], context: object): readonly Record<string, unknown>[];
}
interface State {
  readonly status: string;
  readonly messages: readonly Message[];
  readonly session?: { readonly state: string };
  readonly typing: boolean;
}
interface Message {
  readonly id?: string;
  readonly clientId?: string;
  readonly content: { readonly type: string; readonly text?: string; readonly fileId?: string };
  readonly state?: string;
  readonly delivery?: string;
}
interface Call {
  readonly method?: string;
  readonly url: string;
  readonly data?: Record<string, unknown>;
  readonly header?: Record<string, string>;
  success(answer: object): void;
  fail(): void;
}

const message = (seq: number, text: string, more: object = {}) => ({
  id: `msg_${seq}`,
  seq,
  direction: "outbound",
  author: { kind: "bot", name: "小二" },
  content: { type: "text", text },
  at: new Date(1_767_578_400_000 + seq * 1000).toISOString(),
  ...more,
});

/** The phone: requests go to `answer`, sockets to the test. */
function createHost(
  answer: (path: string, call: Call) => { status?: number; data?: object; header?: object } | undefined,
) {
  const storage = new Map<string, unknown>();
  const calls: { readonly path: string; readonly call: Call }[] = [];
  const sockets: FakeSocket[] = [];
  const respond = (call: Call, stringify: boolean) => {
    const path = call.url.replace("https://desk.test", "");
    calls.push({ path, call });
    const given = answer(path, call);
    queueMicrotask(() => {
      if (given === undefined) return call.fail();
      const data = given.data ?? {};
      call.success({
        statusCode: given.status ?? 200,
        data: stringify ? JSON.stringify(data) : data,
        header: given.header ?? {},
      });
    });
  };
  const wx = {
    request: (call: Call) => respond(call, false),
    uploadFile: (call: Call) => respond(call, true),
    connectSocket: (options: { readonly url: string; readonly protocols: readonly string[] }) => {
      const socket = new FakeSocket(options);
      sockets.push(socket);
      return socket;
    },
    getStorageSync: (key: string) => storage.get(key),
    setStorageSync: (key: string, value: unknown) => void storage.set(key, value),
  };
  return { wx, storage, calls, sockets };
}

class FakeSocket {
  readonly options: { readonly url: string; readonly protocols: readonly string[] };
  closed = false;
  private readonly listeners = new Map<string, (event: object) => void>();
  constructor(options: { readonly url: string; readonly protocols: readonly string[] }) {
    this.options = options;
  }
  onOpen = (listener: () => void) => void this.listeners.set("open", listener);
  onMessage = (listener: (event: object) => void) => void this.listeners.set("message", listener);
  onClose = (listener: () => void) => void this.listeners.set("close", listener);
  onError = (listener: () => void) => void this.listeners.set("error", listener);
  close = () => {
    this.closed = true;
  };
  emit(name: "open" | "message" | "close" | "error", event: object = {}) {
    this.listeners.get(name)?.(event);
  }
  frame(type: string, cursor: string, data: object) {
    this.emit("message", { data: JSON.stringify({ type, cursor, data }) });
  }
}

const opened = {
  token: "visitor-token-0123456789",
  cursor: "7",
  settings: { title: "小店客服", color: "#d4380d", greeting: "亲，您好！", locale: "zh-CN" },
  session: null,
  messages: [message(1, "亲，您好！")],
};
const open = (path: string) => (path === "/v1/visitor/sessions" ? { status: 201, data: opened } : undefined);

function start(answer: Parameters<typeof createHost>[0], more: object = {}) {
  const host = createHost(answer);
  const states: State[] = [];
  const onChange = (state: State) => void states.push(state);
  const chat = createChat({ wx: host.wx, baseUrl: "https://desk.test/", inboxId: "web", onChange, ...more });
  const now = () => states.at(-1) ?? { status: "", messages: [], typing: false };
  return { ...host, chat, now, texts: () => now().messages.map((each) => each.content.text) };
}

beforeEach(() => {
  vi.useFakeTimers();
  return () => vi.useRealTimers();
});

describe("the conversation", () => {
  test("a guest's is resumed by the phone's memory, and listened to from the cursor", async () => {
    const { chat, now, storage, calls, sockets } = start(open);
    await chat.open();
    expect(now()).toMatchObject({ status: "open", messages: [{ id: "msg_1" }] });
    expect(storage.get("xiaoer:web")).toBe(opened.token);
    expect(sockets[0]?.options).toEqual({
      url: "wss://desk.test/v1/visitor/stream?after=7",
      protocols: ["xiaoer.v1", `bearer.${opened.token}`],
    });
    await chat.open();
    expect(calls.at(-1)?.call.data).toEqual({ inboxId: "web", visitorToken: opened.token });
  });

  test("a member's is found by their identity and never kept on the phone; a refused one is told of", async () => {
    const member = start(open, { identityToken: "jwt" });
    await member.chat.open();
    expect(member.calls[0]?.call.data).toEqual({ inboxId: "web", identity: { token: "jwt" } });
    expect(member.storage.size).toBe(0);
    const refused = start(() => ({ status: 401, data: { code: "visitor.identity_invalid" } }), {
      identityToken: "old",
    });
    await refused.chat.open();
    expect(refused.now().status).toBe("refused");
  });

  test("what is said stands there at once, and once, whichever way it comes back", async () => {
    const { chat, texts, now, sockets } = start((path, call) =>
      path === "/v1/visitor/messages"
        ? {
            status: 201,
            data: {
              message: message(2, "在吗", {
                direction: "inbound",
                author: { kind: "contact" },
                clientId: call.data?.clientId,
              }),
            },
          }
        : open(path),
    );
    await chat.open();
    const said = chat.say("  在吗 ");
    expect(now().messages.at(-1)).toMatchObject({ state: "sending", content: { text: "在吗" } });
    await said;
    const clientId = now().messages.at(-1)?.clientId;
    sockets[0]?.frame(
      "message",
      "8",
      message(2, "在吗", { direction: "inbound", author: { kind: "contact" }, clientId }),
    );
    sockets[0]?.frame("message", "9", message(3, "在的"));
    expect(texts()).toEqual(["亲，您好！", "在吗", "在的"]);
    await chat.say("   ");
    expect(texts()).toHaveLength(3);
  });

  test("a message is tried three times under one id, and then by a tap", async () => {
    let works = false;
    const { chat, now, calls } = start((path, call) => {
      if (path !== "/v1/visitor/messages") return open(path);
      if (!works) return undefined;
      return { status: 200, data: { message: message(2, "在吗", { clientId: call.data?.clientId }) } };
    });
    await chat.open();
    const said = chat.say("在吗");
    await vi.advanceTimersByTimeAsync(20_000);
    await said;
    const failed = now().messages.at(-1);
    expect(failed?.state).toBe("failed");
    works = true;
    await chat.retry(failed?.clientId ?? "");
    const ids = calls.filter(({ path }) => path === "/v1/visitor/messages").map(({ call }) => call.data?.clientId);
    expect([ids.length, new Set(ids).size]).toEqual([4, 1]);
    expect(now().messages.at(-1)).toMatchObject({ id: "msg_2" });
  });

  test("what the server will not take is not repeated by itself", async () => {
    const { chat, now, calls } = start((path) =>
      path === "/v1/visitor/messages" ? { status: 422, data: { code: "request.invalid" } } : open(path),
    );
    await chat.open();
    await chat.say("x");
    expect(now().messages.at(-1)?.state).toBe("failed");
    expect(calls.filter(({ path }) => path === "/v1/visitor/messages")).toHaveLength(1);
  });

  test("a picture goes up first, once, and is shown from the phone until then", async () => {
    let tries = 0;
    const { chat, now, calls } = start((path, call) => {
      if (path === "/v1/visitor/uploads") return { status: 201, data: { fileId: "file_1" } };
      if (path !== "/v1/visitor/messages") return open(path);
      tries += 1;
      if (tries === 1) return { status: 503 };
      return {
        status: 201,
        data: {
          message: message(2, "", {
            content: { type: "image", fileId: "file_1", url: "/files/file_1" },
            clientId: call.data?.clientId,
          }),
        },
      };
    });
    await chat.open();
    const said = chat.sayFile("image", "wxfile://tmp/a.jpg");
    expect(now().messages.at(-1)?.content).toEqual({ type: "image", url: "wxfile://tmp/a.jpg" });
    await vi.advanceTimersByTimeAsync(5000);
    await said;
    expect(calls.filter(({ path }) => path === "/v1/visitor/uploads")).toHaveLength(1);
    expect(calls.at(-1)?.call.data?.content).toEqual({ type: "image", fileId: "file_1" });
    expect(now().messages.at(-1)).toMatchObject({ id: "msg_2" });
  });

  test("a link that has ended is asked for anew, and the message stands where it stood", async () => {
    const picture = (until: number) =>
      message(1, "", { content: { type: "image", url: `/files/fil_1?until=${until}` } });
    let reached = true;
    const { chat, now, calls } = start((path) => {
      if (path === "/v1/visitor/messages/msg_1") return reached ? { data: { message: picture(2) } } : undefined;
      return { status: 201, data: { ...opened, messages: [picture(1), message(2, "还在吗")] } };
    });
    await chat.open();
    expect(await chat.renew("msg_1")).toBe("https://desk.test/files/fil_1?until=2");
    expect(calls.at(-1)?.call.header?.authorization).toMatch(/^Bearer /);
    expect(now().messages.map(({ content }) => content)).toEqual([picture(2).content, message(2, "还在吗").content]);
    reached = false;
    expect(await chat.renew("msg_1")).toBe("https://desk.test/files/fil_1?until=2");
  });

  test("while there is no socket it polls from the cursor, and connects again", async () => {
    const { chat, texts, sockets, calls } = start((path) =>
      path.startsWith("/v1/visitor/messages") ? { data: { items: [message(2, "漏了吗")], cursor: "9" } } : open(path),
    );
    await chat.open();
    sockets[0]?.emit("open");
    sockets[0]?.emit("error");
    sockets[0]?.emit("close");
    await vi.advanceTimersByTimeAsync(0);
    expect(texts()).toEqual(["亲，您好！", "漏了吗"]);
    expect(calls.at(-1)?.path).toBe("/v1/visitor/messages?after=7");
    await vi.advanceTimersByTimeAsync(1500);
    expect(sockets.map((socket) => socket.options.url.split("=")[1])).toEqual(["7", "9"]);
    sockets[1]?.emit("open");
    const polls = calls.length;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(calls).toHaveLength(polls);
  });

  test("a token the server has forgotten opens a new conversation", async () => {
    const { chat, sockets, calls, storage } = start((path) =>
      path.startsWith("/v1/visitor/messages") ? { status: 401 } : open(path),
    );
    await chat.open();
    sockets[0]?.emit("close");
    await vi.advanceTimersByTimeAsync(100);
    expect(calls.map(({ path }) => path)).toEqual([
      "/v1/visitor/sessions",
      "/v1/visitor/messages?after=7",
      "/v1/visitor/sessions",
    ]);
    expect(calls.at(-1)?.call.data).toEqual({ inboxId: "web" });
    expect(storage.get("xiaoer:web")).toBe(opened.token);
  });

  test("typing passes by itself, a session and a receipt are shown, and a frame that is none is ignored", async () => {
    const { chat, now, sockets } = start(open);
    await chat.open();
    sockets[0]?.frame("typing", "8", { author: { kind: "agent" }, on: true });
    expect(now().typing).toBe(true);
    await vi.advanceTimersByTimeAsync(6000);
    expect(now().typing).toBe(false);
    sockets[0]?.frame("session", "9", { sessionId: "s1", state: "queued", queuePosition: 2 });
    sockets[0]?.frame("receipt", "10", { messageId: "msg_1", delivery: "read" });
    sockets[0]?.emit("message", { data: "<html>" });
    expect(now()).toMatchObject({ session: { state: "queued" }, messages: [{ delivery: "read" }] });
  });

  test("closed, it does nothing more", async () => {
    const { chat, sockets, calls, now } = start(open);
    await chat.open();
    chat.close();
    const before = now();
    sockets[0]?.frame("message", "8", message(2, "还在吗"));
    sockets[0]?.emit("close");
    await vi.advanceTimersByTimeAsync(60_000);
    expect([sockets[0]?.closed, now() === before, calls.length]).toEqual([true, true, 1]);
  });
});

describe("rows", () => {
  const context = { words: wordsOf("zh-CN"), root: "https://desk.test", locale: "zh-CN" };
  const row = (content: object) => toRows([message(1, "", { content })], context)[0];

  test.each([
    [{ amount: 25900, currency: "CNY" }, "¥259.00"],
    [{ amount: 123456789, currency: "USD" }, "$1,234,567.89"],
    [{ amount: 25900, currency: "JPY" }, "¥25,900"],
    [{ amount: -5, currency: "CNY" }, "-¥0.05"],
    [{ amount: 100, currency: "XYZ" }, "XYZ 1.00"],
    ["面议", "面议"],
    [undefined, ""],
  ])("%j is %s", (price, shown) => expect(priceOf(price)).toBe(shown));

  test("links stand apart from the words around them", () => {
    expect(partsOf("见 https://a.example/b?c=1，或 https://d.example")).toEqual([
      { text: "见 ", url: "" },
      { text: "https://a.example/b?c=1", url: "https://a.example/b?c=1" },
      { text: "，或 ", url: "" },
      { text: "https://d.example", url: "https://d.example" },
    ]);
  });

  test("a product and an order are cards that open their own pages", () => {
    const product = {
      type: "product",
      productId: "p1",
      title: "跑鞋",
      price: { amount: 25900, currency: "CNY" },
      imageUrl: "/files/a.jpg",
    };
    expect(row(product)).toMatchObject({
      kind: "cards",
      cards: [{ title: "跑鞋", price: "¥259.00", image: "https://desk.test/files/a.jpg", product: "p1" }],
    });
    const order = {
      type: "order",
      orderId: "A1",
      status: "已发货",
      items: [{ title: "跑鞋", quantity: 2 }],
      total: { amount: 51800, currency: "CNY" },
    };
    expect(row(order)).toMatchObject({
      cards: [{ title: "订单 A1", lines: ["已发货", "跑鞋 × 2"], price: "合计 ¥518.00", order: "A1" }],
    });
  });

  test("every kind of content is shown", () => {
    const card = { type: "card", title: "a", actions: [{ label: "b", value: "c" }] };
    const kinds = [
      [{ type: "text", text: "a" }, "text"],
      [{ type: "image", url: "/files/a" }, "image"],
      [{ type: "audio", url: "/files/a" }, "audio"],
      [{ type: "video", url: "/files/a" }, "video"],
      [{ type: "file", url: "/files/a", name: "a.pdf" }, "file"],
      [{ type: "location", lat: 1, lng: 2 }, "place"],
      [{ type: "link", url: "https://a.example", title: "a" }, "cards"],
      [card, "cards"],
      [{ type: "carousel", cards: [card, card] }, "cards"],
      [{ type: "choices", text: "a", choices: [{ label: "b", value: "c" }] }, "choices"],
      [{ type: "sticker", emoji: "🎉" }, "text"],
      [{ type: "system", code: "recalled", text: "" }, "note"],
      [{ type: "unsupported", kind: "poll" }, "note"],
      [{ type: "hologram" }, "note"],
    ] as const;
    expect(kinds.map(([content]) => row(content)?.kind)).toEqual(kinds.map(([, kind]) => kind));
  });
});
