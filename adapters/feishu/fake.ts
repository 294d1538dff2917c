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
import { toBase64 } from "../shared/hmac.ts";
import { toHex } from "../shared/secrets.ts";
import type { FeishuConfig } from "./config.ts";
import { importKey, NONCE_HEADER, SIGNATURE_HEADER, sign as signBytes, TIMESTAMP_HEADER } from "./verify.ts";

interface Button {
  readonly tag: string;
  readonly text: { readonly content: string };
  readonly value?: { readonly l: string; readonly v: string };
  readonly url?: string;
}

/** The contents of a message that are looked at. */
interface Payload {
  readonly text?: string;
  readonly image_key?: string;
  readonly file_key?: string;
  readonly zh_cn?: { readonly content: readonly (readonly { readonly text?: string }[])[] };
  readonly header?: { readonly title: { readonly content: string } };
  readonly elements?: readonly {
    readonly tag: string;
    readonly img_key?: string;
    readonly text?: { readonly content: string };
    readonly actions?: readonly Button[];
  }[];
}

/** Feishu as an app sees it, strict about what it takes; chats exist once their person has written, and are called after them. */
export function createFakeFeishu(
  config: FeishuConfig,
  options: { readonly clock?: FakeClock; readonly webhookUrl?: string } = {},
): FakePlatform {
  const clock = options.clock ?? createFakeClock();
  const webhookUrl = options.webhookUrl ?? "https://desk.test/webhooks/feishu";
  const base = `${new URL(config.apiRoot).pathname.replace(/\/+$/, "")}/open-apis/`;
  const sent: FakeSent[] = [];
  const chats = new Set<string>();
  const keys = new Set<string>();
  const seen = new Map<string, string>();
  const lastSaid = new Map<string, string>();
  let count = 0;
  // The token is not one of the calls that go wrong: the send call is.
  const door = createFakeDoor({ origin: [config.apiRoot, "https://shop.example"], serve, refuse });

  async function serve(request: Request): Promise<Response> {
    const url = new URL(request.url);
    if (url.host === "shop.example")
      return new Response("bytes of a file", { headers: { "content-type": "image/jpeg" } });
    const path = url.pathname.slice(base.length);
    if (path === "auth/v3/tenant_access_token/internal") return giveToken(request);
    if (request.headers.get("authorization") !== "Bearer t-fake") return fault(99991663, "Invalid access token");
    if (path === "bot/v3/info")
      return Response.json({ code: 0, msg: "ok", bot: { app_name: "小店客服", activate_status: 2 } });
    if (path.includes("/resources/")) return serveSample(KINDS[path.split("/").at(-1) ?? ""] ?? "image");
    if (path === "im/v1/images" || path === "im/v1/files") return takeFile(path, await request.formData());
    if (path !== "im/v1/messages" || url.searchParams.get("receive_id_type") !== "chat_id")
      return fault(230001, "invalid receive_id_type");
    return take((await request.json()) as { receive_id: string; msg_type: string; content: string; uuid?: string });
  }

  async function giveToken(request: Request): Promise<Response> {
    const asked = (await request.json()) as { app_id: string; app_secret: string };
    if (asked.app_id !== config.appId || asked.app_secret !== config.appSecret)
      return fault(10014, "app secret invalid");
    return Response.json({ code: 0, msg: "ok", tenant_access_token: "t-fake", expire: 7200 });
  }

  function takeFile(path: string, form: FormData): Response {
    count += 1;
    const isImage = path.endsWith("images");
    const file = form.get(isImage ? "image" : "file");
    const kind = isImage
      ? form.get("image_type") === "message"
      : form.get("file_type") !== null && form.get("file_name") !== null;
    if (!(file instanceof Blob) || file.size === 0 || !kind) return fault(234001, "Invalid request param.");
    const key = `${isImage ? "img" : "file"}_v3_${count}`;
    keys.add(key);
    return Response.json({ code: 0, msg: "ok", data: isImage ? { image_key: key } : { file_key: key } });
  }

  function take({
    receive_id: to,
    msg_type: type,
    content,
    uuid,
  }: {
    receive_id: string;
    msg_type: string;
    content: string;
    uuid?: string;
  }) {
    if (!chats.has(to)) return fault(230002, "The bot can not be outside the group.");
    const payload = JSON.parse(content) as Payload;
    const wrong = findFault(type, payload, { bytes: new TextEncoder().encode(content).length, keys });
    if (wrong !== undefined || (uuid ?? "").length > 50) return fault(230001, wrong ?? "uuid is too long");
    const known = seen.get(uuid ?? "");
    if (known !== undefined) return Response.json({ code: 0, msg: "success", data: { message_id: known } });
    count += 1;
    const messageId = `om_out${count}`;
    if (uuid !== undefined) seen.set(uuid, messageId);
    const buttons = buttonsOf(payload).map((button) => button.text.content);
    sent.push({ to, messageId, text: textOf(payload), buttons, method: type, payload, at: clock.now() });
    return Response.json({ code: 0, msg: "success", data: { message_id: messageId, chat_id: to } });
  }

  function toEvent(event: FakeEvent): { readonly type: string; readonly event: object } {
    count += 1;
    const { userId } = event;
    const chat_id = `oc_${userId}`;
    const person = { open_id: userId, union_id: `on_${userId}`, user_id: null };
    switch (event.type) {
      case "tap":
        return {
          type: "card.action.trigger",
          event: {
            operator: person,
            action: { tag: "button", value: tappedValue(chat_id, event.label) },
            context: { open_chat_id: chat_id },
          },
        };
      case "recall":
        return {
          type: "im.message.recalled_v1",
          event: { message_id: lastSaid.get(userId), chat_id, recall_time: String(clock.now()) },
        };
      case "join":
        return {
          type: "im.chat.access_event.bot_p2p_chat_entered_v1",
          event: { chat_id, operator_id: person, last_message_id: "" },
        };
      case "unknown":
        return {
          type: "im.message.reaction.created_v1",
          event: { message_id: "om_out1", reaction_type: { emoji_type: "OK" } },
        };
      case "edit":
      case "leave":
        throw new Error(`Feishu tells a bot of no ${event.type}.`);
      default: {
        lastSaid.set(userId, `om_in${count}`);
        const [message_type, content] = said(event);
        const message = { message_id: `om_in${count}`, create_time: String(clock.now()), chat_id, chat_type: "p2p" };
        const body = { ...message, message_type, content: JSON.stringify(content) };
        return {
          type: "im.message.receive_v1",
          event: { sender: { sender_id: person, sender_type: "user", tenant_key: "tk" }, message: body },
        };
      }
    }
  }

  function tappedValue(to: string, label: string): unknown {
    const shown = sent.findLast((message) => message.to === to && message.buttons.includes(label));
    if (shown === undefined) throw new Error(`${to} sees no button "${label}".`);
    // Every payload in `sent` was taken by `take`.
    return buttonsOf(shown.payload as Payload).find(({ text }) => text.content === label)?.value;
  }

  async function sign(body: unknown): Promise<Request> {
    const plain = toBody(body);
    const bytes =
      config.encryptKey === undefined
        ? toBytes(plain)
        : toBytes(JSON.stringify({ encrypt: await encrypt(config.encryptKey, plain) }));
    const headers = new Headers({ "content-type": "application/json" });
    if (config.encryptKey !== undefined) {
      headers.set(TIMESTAMP_HEADER, String(Math.floor(clock.now() / 1000)));
      headers.set(NONCE_HEADER, `nonce${count}`);
      headers.set(
        SIGNATURE_HEADER,
        toHex(await signBytes(config.encryptKey, { headers, body: bytes, hash: "SHA-256" })),
      );
    }
    return new Request(webhookUrl, { method: "POST", headers, body: new Uint8Array(bytes) });
  }

  return {
    channel: "feishu",
    ...door,
    handle: (request) => (isToken(request) ? serve(request) : door.handle(request)),
    fetch: async (input, init) => {
      const request = new Request(input, init);
      return isToken(request) ? serve(request) : door.fetch(request);
    },
    clock,
    sent,
    sign,
    people: ["ou_84aad35d084aa403a838cf73ee18467", "ou_7d8a6e6df7621556ce0d21922b676706"],
    plays: ["text", "tap", "image", "audio", "video", "file", "location", "sticker", "recall", "join", "unknown"],
    webhook: (event) => {
      chats.add(`oc_${event.userId}`);
      const { type, event: body } = toEvent(event);
      const header = {
        event_id: `ev${count}`,
        event_type: type,
        create_time: String(clock.now()),
        token: config.verificationToken,
        app_id: config.appId,
        tenant_key: "tk",
      };
      return sign({ schema: "2.0", header, event: body });
    },
  };

  function isToken(request: Request): boolean {
    return request.url.endsWith("/auth/v3/tenant_access_token/internal") && !request.signal.aborted;
  }
}

type Said = Exclude<FakeEvent, { type: "tap" | "recall" | "join" | "unknown" | "edit" | "leave" }>;

function said(event: Said): readonly [type: string, content: object] {
  switch (event.type) {
    case "text":
      return ["text", { text: event.text }];
    case "image":
      return ["image", { image_key: "img_v2_1" }];
    case "audio":
      return ["audio", { file_key: "file_v2_2", duration: 2000 }];
    case "video":
      return ["media", { file_key: "file_v2_3", image_key: "img_v2_4", file_name: event.name, duration: 2000 }];
    case "file":
      return ["file", { file_key: "file_v2_5", file_name: event.name }];
    case "location":
      return ["location", { name: "上海", longitude: String(event.lng), latitude: String(event.lat) }];
    case "sticker":
      return ["sticker", { file_key: "file_v2_6" }];
  }
}

/** What Feishu refuses, and how it says so. */
function findFault(
  type: string,
  payload: Payload,
  { bytes, keys }: { bytes: number; keys: ReadonlySet<string> },
): string | undefined {
  switch (type) {
    case "text":
      return payload.text?.trim() && bytes <= 150_000 ? undefined : "text is empty or too long";
    case "post":
      return textOf(payload).trim() !== "" && bytes <= 30_000 ? undefined : "post is empty or too long";
    case "image":
      return keys.has(payload.image_key ?? "") ? undefined : "image_key is invalid";
    case "file":
      return keys.has(payload.file_key ?? "") ? undefined : "file_key is invalid";
    case "interactive": {
      const elements = payload.elements ?? [];
      const images = elements.filter(({ tag }) => tag === "img").every(({ img_key: key }) => keys.has(key ?? ""));
      const buttons = buttonsOf(payload).every(
        ({ text, value, url }) => text.content.trim() !== "" && (value?.v || url),
      );
      const texts = elements.filter(({ tag }) => tag === "div").every(({ text }) => text?.content.trim());
      return images && buttons && texts && elements.length > 0 && bytes <= 30_000
        ? undefined
        : "card content is invalid";
    }
    default:
      return "msg_type is invalid";
  }
}

function buttonsOf({ elements = [] }: Payload): readonly Button[] {
  return elements.flatMap(({ actions = [] }) => actions);
}

function textOf({ text, zh_cn: post, header, elements = [] }: Payload): string {
  const lines = post?.content.map((line) => line.map((piece) => piece.text ?? "").join("")).join("\n");
  return [text, lines, header?.title.content, ...elements.map((element) => element.text?.content)]
    .filter(Boolean)
    .join("\n");
}

function fault(code: number, msg: string, status = 400): Response {
  return Response.json({ code, msg }, { status });
}

function refuse(failure: "429" | "500" | "502" | "401" | "gone"): Response {
  if (failure === "502") return new Response("<html><h1>502 Bad Gateway</h1></html>", { status: 502 });
  if (failure === "500") return fault(230099, "Internal error", 500);
  if (failure === "401") return fault(99991672, "Access denied");
  if (failure === "gone") return fault(230013, "Bot has NO availability to this user.");
  return Response.json(
    { code: 99991400, msg: "request trigger frequency limit" },
    { status: 429, headers: { "x-ogw-ratelimit-reset": "52" } },
  );
}

async function encrypt(encryptKey: string, plain: string | Uint8Array<ArrayBuffer>): Promise<string> {
  const iv = new Uint8Array(16).map((_, index) => index + 1);
  const key = await importKey(encryptKey, "encrypt");
  const encrypted = new Uint8Array(await crypto.subtle.encrypt({ name: "AES-CBC", iv }, key, toBytes(plain)));
  const whole = new Uint8Array(16 + encrypted.length);
  whole.set(iv);
  whole.set(encrypted, 16);
  return toBase64(whole);
}

function toBytes(body: string | Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return typeof body === "string" ? new TextEncoder().encode(body) : body;
}

const KINDS: Readonly<Record<string, SampleKind>> = { file_v2_2: "audio", file_v2_3: "video", file_v2_5: "file" };
