import {
  createFakeClock,
  createFakeDoor,
  type FakeClock,
  type FakeEvent,
  type FakePlatform,
  type FakeSent,
  toBody,
} from "../shared/fake.ts";
import { type SampleKind, serveSample } from "../shared/fake-media.ts";
import { createHmac, toBase64 } from "../shared/hmac.ts";
import { dataRoot, type LineConfig } from "./config.ts";
import { actionsOf, type FakeMessage, findFault, refusal, renderedText } from "./fake-rules.ts";
import { SIGNATURE_HEADER } from "./verify.ts";

export interface FakeLineOptions {
  readonly clock?: FakeClock;
  /** Where webhooks go until the endpoint is set otherwise. */
  readonly webhookUrl?: string;
  /** The bot's own user id, named in every webhook. */
  readonly botUserId?: string;
}

const TOKEN_LIFE_MS = 60_000;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** LINE as a bot sees it, strict about what it takes. Chats exist once their person has done something. */
export function createFakeLine(config: LineConfig, options: FakeLineOptions = {}): FakePlatform {
  const clock = options.clock ?? createFakeClock();
  const destination = options.botUserId ?? "U8e742f61d673b39c7fff3cecb7536ef0";
  const hmac = createHmac(config.channelSecret);
  let webhookUrl = options.webhookUrl ?? "https://desk.test/webhooks/line";
  let count = 0;
  const sent: FakeSent[] = [];
  const chats = new Map<string, "open" | "blocked">();
  const lastSaid = new Map<string, string>();
  const kinds = new Map<string, SampleKind>();
  /** Reply tokens not used yet: whose, and until when. */
  const replies = new Map<string, { readonly to: string; readonly until: number }>();
  const retried = new Map<string, object>();
  const origin = [config.apiRoot, dataRoot(config)];
  const door = createFakeDoor({ origin, serve, refuse: (failure) => refusal(failure) });
  const nextId = () => {
    count += 1;
    return String(460_000_000_000_000_000n + BigInt(count));
  };

  async function serve(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    if (request.headers.get("authorization") !== `Bearer ${config.channelAccessToken}`) return refusal("401");
    const file = /^\/v2\/bot\/message\/(\w+)\/content$/.exec(pathname)?.[1];
    if (file !== undefined) return serveSample(kinds.get(file) ?? "image");
    switch (`${request.method} ${pathname}`) {
      case "GET /v2/bot/info":
        return Response.json({ userId: destination, basicId: "@216ru", displayName: "Shop", chatMode: "bot" });
      case "GET /v2/bot/channel/webhook/endpoint":
        return Response.json({ endpoint: webhookUrl, active: true });
      case "PUT /v2/bot/channel/webhook/endpoint":
        return setEndpoint(await request.json());
      case "GET /v2/bot/message/quota":
        return Response.json({ type: "limited", value: 1000 });
      case "GET /v2/bot/message/quota/consumption":
        return Response.json({ totalUsage: sent.filter((message) => message.method === "push").length });
      case "POST /v2/bot/chat/loading/start":
        return startLoading(await request.json());
      case "POST /v2/bot/message/reply":
        return reply(await request.json(), request.headers);
      case "POST /v2/bot/message/push":
        return push(await request.json(), request.headers);
      default:
        return Response.json({ message: "Not found" }, { status: 404 });
    }
  }

  function setEndpoint({ endpoint }: { endpoint?: string }): Response {
    if (endpoint === undefined || !endpoint.startsWith("https://") || endpoint.length > 500) {
      return refusal("Invalid webhook endpoint URL");
    }
    webhookUrl = endpoint;
    return Response.json({});
  }

  function startLoading({ chatId, loadingSeconds = 20 }: { chatId?: string; loadingSeconds?: number }): Response {
    const isRight = loadingSeconds >= 5 && loadingSeconds <= 60 && loadingSeconds % 5 === 0;
    return isRight && chats.has(String(chatId)) ? Response.json({}, { status: 202 }) : refusal("Bad request");
  }

  function reply(body: { replyToken?: string; messages?: FakeMessage[] }, headers: Headers): Response {
    if (headers.has("x-line-retry-key")) return refusal("The retry key is not supported for this endpoint");
    const fault = findFault(body.messages);
    if (fault !== undefined) return refusal("A message (messages[0]) in the request body is invalid", [fault]);
    const token = replies.get(String(body.replyToken));
    replies.delete(String(body.replyToken));
    if (token === undefined || token.until < clock.now()) return refusal("Invalid reply token");
    return Response.json(show("reply", token.to, body.messages ?? []));
  }

  function push(body: { to?: string; messages?: FakeMessage[] }, headers: Headers): Response {
    const key = headers.get("x-line-retry-key");
    if (key !== null && !UUID.test(key)) return refusal("The retry key is invalid");
    const before = key === null ? undefined : retried.get(key);
    if (before !== undefined) {
      return Response.json({ message: "The retry key is already accepted", ...before }, { status: 409 });
    }
    const fault = findFault(body.messages);
    if (fault !== undefined) return refusal("A message (messages[0]) in the request body is invalid", [fault]);
    const chat = chats.get(String(body.to));
    if (chat === undefined) return refusal("gone");
    // To someone who blocked the bot a push is as good as any other, and nobody sees it.
    const answer =
      chat === "blocked" ? { sentMessages: [{ id: nextId() }] } : show("push", String(body.to), body.messages ?? []);
    if (key !== null) retried.set(key, answer);
    return Response.json(answer);
  }

  function show(method: string, to: string, messages: readonly FakeMessage[]) {
    const ids = messages.map(() => ({ id: nextId() }));
    for (const [index, payload] of messages.entries()) {
      const buttons = actionsOf(payload).map((action) => action.label ?? "");
      const messageId = ids[index]?.id ?? "";
      sent.push({ to, messageId, text: renderedText(payload), buttons, method, payload, at: clock.now() });
    }
    return { sentMessages: ids };
  }

  function toEvent(event: FakeEvent): object {
    const { userId } = event;
    chats.set(userId, event.type === "leave" ? "blocked" : "open");
    const frame = {
      mode: "active",
      timestamp: clock.now(),
      source: { type: "user", userId },
      webhookEventId: `01FZ74A0TDDPYRVKNK${String(count).padStart(8, "0")}`,
      deliveryContext: { isRedelivery: false },
    };
    if (event.type === "recall") return { type: "unsend", ...frame, unsend: { messageId: lastSaid.get(userId) } };
    if (event.type === "leave") return { type: "unfollow", ...frame };
    if (event.type === "unknown") return { type: "hologram", ...frame, hologram: { beam: 7 } };
    const replyToken = `reply${nextId()}`;
    replies.set(replyToken, { to: userId, until: clock.now() + TOKEN_LIFE_MS });
    const open = { ...frame, replyToken };
    if (event.type === "join") return { type: "follow", ...open, follow: { isUnblocked: false } };
    if (event.type === "tap") return { type: "postback", ...open, postback: { data: tapped(event) } };
    if (event.type === "edit") {
      const message = { type: "text", id: lastSaid.get(userId), text: event.text, quoteToken: "q" };
      return { type: "messageEdited", ...open, message };
    }
    const id = nextId();
    lastSaid.set(userId, id);
    if (event.type === "audio" || event.type === "video" || event.type === "file") kinds.set(id, event.type);
    return { type: "message", ...open, message: { id, ...said(event) } };
  }

  function tapped({ userId, label }: Extract<FakeEvent, { type: "tap" }>): string | undefined {
    const shown = sent.findLast((message) => message.to === userId && message.buttons.includes(label));
    if (shown === undefined) throw new Error(`${userId} sees no button "${label}".`);
    return actionsOf(shown.payload as FakeMessage).find((action) => action.label === label)?.data;
  }

  async function sign(body: unknown): Promise<Request> {
    const bytes = toBody(body);
    const headers = {
      "content-type": "application/json; charset=utf-8",
      [SIGNATURE_HEADER]: toBase64(await hmac.sign(bytes)),
    };
    return new Request(webhookUrl, { method: "POST", headers, body: bytes });
  }

  return {
    channel: "line",
    ...door,
    clock,
    sent,
    sign,
    people: ["U4af4980629aabbccddeeff0011223344", "U91eeaf62d9aabbccddeeff0011223344"],
    plays: [
      "text",
      "tap",
      "image",
      "audio",
      "video",
      "file",
      "location",
      "sticker",
      "edit",
      "recall",
      "join",
      "leave",
      "unknown",
    ],
    webhook: (event) => {
      count += 1;
      return sign({ destination, events: [toEvent(event)] });
    },
  };
}

type Said = Exclude<FakeEvent, { type: "tap" | "edit" | "recall" | "join" | "leave" | "unknown" }>;

function said(event: Said): object {
  switch (event.type) {
    case "text":
      return { type: "text", text: event.text, quoteToken: "q" };
    case "location":
      return { type: "location", title: "my location", address: "日本", latitude: event.lat, longitude: event.lng };
    case "sticker":
      return { type: "sticker", packageId: "446", stickerId: "1988", keywords: [event.emoji], quoteToken: "q" };
    case "file":
      return { type: "file", fileName: event.name ?? "file.txt", fileSize: 2138 };
    default:
      return { type: event.type, contentProvider: { type: "line" }, duration: 60_000, quoteToken: "q" };
  }
}
