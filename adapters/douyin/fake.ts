import {
  createFakeClock,
  createFakeDoor,
  type FakeClock,
  type FakeEvent,
  type FakePlatform,
  type FakeSent,
  toBody,
} from "../shared/fake.ts";
import { toHex } from "../shared/secrets.ts";
import type { DouyinConfig } from "./config.ts";
import { SIGNATURE_HEADER, signBody } from "./verify.ts";

export interface FakeDouyinOptions {
  readonly clock?: FakeClock;
  readonly webhookUrl?: string;
}

interface FakeSend {
  readonly to_user_id?: string;
  readonly scene?: string;
  readonly msg_id?: string;
  readonly conversation_id?: string;
  readonly content?: { readonly msg_type?: number; readonly text?: { readonly text?: string } };
}

const ACCOUNT = "_0000H0aiWYlSslflujv5GP2iFd7";
const TOKEN_LIFE_S = 7200;

/** Douyin as an operator's mini-program sees it; a person may be answered once they have written or come. */
export function createFakeDouyin(config: DouyinConfig, options: FakeDouyinOptions = {}): FakePlatform {
  const clock = options.clock ?? createFakeClock();
  const webhookUrl = options.webhookUrl ?? "https://desk.test/webhooks/douyin";
  let count = 0;
  let token = { value: "", until: 0 };
  const sent: FakeSent[] = [];
  /** Whose each message is: an answer names the one it answers. */
  const authors = new Map<string, string>();
  const door = createFakeDoor({ origin: config.apiRoot, serve, refuse: refusal });

  async function serve(request: Request): Promise<Response> {
    const url = new URL(request.url);
    const asked = (await request.json()) as Readonly<Record<string, unknown>>;
    if (url.pathname === "/oauth/client_token/") return giveToken(asked);
    if (url.pathname !== "/im/send/msg/") return new Response("404 page not found", { status: 404 });
    if (request.headers.get("access-token") !== token.value) return failed(2190002, "access_token无效");
    if (token.until <= clock.now()) return failed(2190008, "access_token过期,请刷新或重新授权");
    if (url.searchParams.get("open_id") !== ACCOUNT) return failed(2100005, "参数不合法");
    return takeMessage(asked);
  }

  function giveToken(asked: Readonly<Record<string, unknown>>): Response {
    const known = asked.client_key === config.clientKey && asked.client_secret === config.clientSecret;
    if (!known || asked.grant_type !== "client_credential") return failed(2190003, "client_key或client_secret错误");
    count += 1;
    token = { value: `clt.${count}`, until: clock.now() + TOKEN_LIFE_S * 1000 };
    return ok({ access_token: token.value, expires_in: TOKEN_LIFE_S });
  }

  function takeMessage(message: FakeSend): Response {
    const to = message.to_user_id ?? "";
    const text = message.content?.text?.text ?? "";
    if (authors.get(message.msg_id ?? "") !== to) return failed(2100005, "参数不合法");
    if (!["im_reply_msg", "im_enter_direct_msg"].includes(message.scene ?? "")) return failed(2100005, "参数不合法");
    if (message.content?.msg_type !== 1 || text.trim() === "" || text.length > 500)
      return failed(2100005, "参数不合法");
    count += 1;
    sent.push({
      to,
      messageId: `@sent${count}`,
      text,
      buttons: [],
      method: "/im/send/msg/",
      payload: message,
      at: clock.now(),
    });
    return ok({ msg_id: `@sent${count}` });
  }

  function toPush(event: FakeEvent): object {
    count += 1;
    const { userId } = event;
    const id = `@6ed0nZVy5ExYJBf5G8LZ${count}`;
    const push = (name: string, more: object) => {
      const content = {
        conversation_short_id: "@k5cg9zYPR3tXNSYlvgn7",
        server_message_id: id,
        conversation_type: 1,
        create_time: clock.now(),
        source: "",
        user_infos: [{ open_id: userId, nick_name: "小林", avatar: "https://p.example/a.jpg" }],
        ...more,
      };
      const head = {
        event: name,
        from_user_id: userId,
        to_user_id: ACCOUNT,
        client_key: config.clientKey,
        log_id: "2024",
      };
      return { ...head, content: JSON.stringify(content) };
    };
    if (event.type === "unknown") return push("im_hologram", { beam: 7 });
    authors.set(id, userId);
    switch (event.type) {
      case "join":
        return push("im_enter_direct_msg", {});
      case "text":
        return push("im_receive_msg", { message_type: "text", text: event.text });
      case "sticker":
        return push("im_receive_msg", { message_type: "emoji", resource_url: "https://p.example/emoji.webp" });
      default:
        throw new Error(`Douyin has no ${event.type}.`);
    }
  }

  async function sign(body: unknown): Promise<Request> {
    const raw = toBody(body);
    const bytes = typeof raw === "string" ? new TextEncoder().encode(raw) : raw;
    const signature = toHex(await signBody(config.clientSecret, bytes));
    const headers = { "content-type": "application/json", [SIGNATURE_HEADER]: signature };
    return new Request(webhookUrl, { method: "POST", headers, body: bytes });
  }

  return {
    channel: "douyin-miniprogram",
    ...door,
    fetch: async (input, init) => {
      const request = new Request(input, init);
      request.signal.throwIfAborted();
      // What goes wrong on request is the message: the first token comes by itself.
      const first = new URL(request.url).pathname === "/oauth/client_token/" && token.value === "";
      return first ? serve(request) : door.fetch(request);
    },
    clock,
    sent,
    sign,
    people: ["_000MBFixd1pBouyFuoRt3xZvbXY", "_000QTRkbd2qHouzGtpSu4yAwcZ8"],
    plays: ["text", "sticker", "join", "unknown"],
    webhook: (event) => sign(toPush(event)),
  };
}

function ok(data: object): Response {
  return Response.json({ data: { error_code: 0, description: "", ...data }, extra: { error_code: 0, logid: "2024" } });
}

/** In `data`, whatever the HTTP status says. */
function failed(error_code: number, description: string): Response {
  return Response.json({ data: { error_code, description }, extra: { error_code, description, logid: "2024" } });
}

function refusal(failure: "429" | "500" | "502" | "401" | "gone"): Response {
  if (failure === "500") return new Response("internal error", { status: 500 });
  if (failure === "502") return new Response("<html><h1>502 Bad Gateway</h1></html>", { status: 502 });
  if (failure === "429") return failed(2100001, "系统繁忙，请求过于频繁");
  return failure === "401" ? failed(2190004, "应用未获得该能力") : failed(2100009, "用户被禁封使用该操作");
}
