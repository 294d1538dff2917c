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
import type { TelegramConfig } from "./config.ts";
import { type FakePayload, findFault, refusal, renderedText } from "./fake-rules.ts";
import { SECRET_HEADER } from "./verify.ts";

export interface FakeTelegramOptions {
  readonly clock?: FakeClock;
  /** Where webhooks go until `setWebhook` says otherwise. */
  readonly webhookUrl?: string;
}

/** Telegram as a bot sees it, strict about what it takes. Chats exist once their person has done something. */
export function createFakeTelegram(config: TelegramConfig, options: FakeTelegramOptions = {}): FakePlatform {
  const clock = options.clock ?? createFakeClock();
  let webhookUrl = options.webhookUrl ?? "https://desk.test/webhooks/telegram";
  let updateId = 500_000;
  let messageId = 100;
  const sent: FakeSent[] = [];
  const lastSaid = new Map<string, number>();
  const chats = new Map<string, "open" | "blocked">();
  const door = createFakeDoor({ origin: config.apiRoot, serve, refuse: (failure) => refusal(failure) });

  async function serve(request: Request): Promise<Response> {
    const path = decodeURIComponent(new URL(request.url).pathname);
    const base = new URL(config.apiRoot).pathname.replace(/\/+$/, "");
    if (path.startsWith(`${base}/file/bot${config.token}/`)) return serveFile(path);
    const [, token, method = ""] = /\/bot([^/]+)\/(\w+)$/.exec(path) ?? [];
    if (token !== config.token) return refusal("401");
    const payload = request.method === "POST" ? await readPayload(request) : {};
    return callMethod(method, payload);
  }

  function callMethod(method: string, payload: FakePayload): Response {
    if (method === "getMe") return ok({ id: 42, is_bot: true, first_name: "Shop", username: "shop_bot" });
    if (method === "getWebhookInfo") return ok({ url: webhookUrl, pending_update_count: 0 });
    if (method === "getFile") return ok({ file_id: payload.file_id, file_path: `files/${payload.file_id}` });
    if (method === "answerCallbackQuery") return ok(true);
    if (method === "setWebhook") {
      if (!String(payload.url).startsWith("https://")) return refusal("bad webhook: An HTTPS URL must be provided");
      webhookUrl = String(payload.url);
      return ok(true);
    }
    const chat = chats.get(String(payload.chat_id));
    if (chat === "blocked") return refusal("gone");
    const fault = chat === undefined ? "chat not found" : findFault(method, payload);
    if (fault !== undefined) return refusal(fault);
    if (method === "sendChatAction") return ok(true);
    return ok(take(method, payload));
  }

  function take(method: string, payload: FakePayload) {
    messageId += 1;
    sent.push({
      to: String(payload.chat_id),
      messageId: `${payload.chat_id}:${messageId}`,
      text: renderedText(payload),
      buttons: buttonsOf(payload).map((button) => button.text),
      method,
      payload,
      at: clock.now(),
    });
    return { message_id: messageId, date: seconds(), chat: { id: payload.chat_id, type: "private" } };
  }

  const seconds = () => Math.floor(clock.now() / 1000);
  const person = (id: string) => ({ id: Number(id), is_bot: false, first_name: "Lee", language_code: "zh-hans" });
  const chat = (id: string) => ({ id: Number(id), type: "private", first_name: "Lee" });

  function toUpdate(event: FakeEvent): object {
    const { userId } = event;
    chats.set(userId, event.type === "leave" ? "blocked" : "open");
    const frame = { from: person(userId), chat: chat(userId), date: seconds() };
    switch (event.type) {
      case "tap":
        return { callback_query: { id: `cb${updateId}`, from: frame.from, chat_instance: "1", ...tapOf(event) } };
      case "edit": {
        const id = lastSaid.get(userId);
        return { edited_message: { message_id: id, ...frame, edit_date: seconds(), text: event.text } };
      }
      case "leave":
        return { my_chat_member: { ...frame, new_chat_member: { status: "kicked", user: { id: 42, is_bot: true } } } };
      case "recall":
        throw new Error("Telegram does not tell bots of deleted messages.");
      case "unknown":
        return { hologram: { ...frame, beam: 7 } };
      default:
        messageId += 1;
        lastSaid.set(userId, messageId);
        return { message: { message_id: messageId, ...frame, ...said(event) } };
    }
  }

  function tapOf({ userId, label }: Extract<FakeEvent, { type: "tap" }>): object {
    const shown = sent.findLast((message) => message.to === userId && message.buttons.includes(label));
    if (shown === undefined) throw new Error(`${userId} sees no button "${label}".`);
    const payload = shown.payload as FakePayload;
    const data = buttonsOf(payload).find((button) => button.text === label)?.callback_data;
    const message_id = Number(shown.messageId.split(":")[1]);
    return { data, message: { message_id, date: seconds(), chat: chat(userId), reply_markup: payload.reply_markup } };
  }

  async function sign(body: unknown): Promise<Request> {
    const headers = { "content-type": "application/json", [SECRET_HEADER]: config.secretToken };
    return new Request(webhookUrl, { method: "POST", headers, body: toBody(body) });
  }

  return {
    channel: "telegram",
    ...door,
    clock,
    sent,
    sign,
    people: ["5000000001", "5000000002"],
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
      "join",
      "leave",
      "unknown",
    ],
    webhook: (event) => {
      updateId += 1;
      return sign({ update_id: updateId, ...toUpdate(event) });
    },
  };
}

type Said = Exclude<FakeEvent, { type: "tap" | "edit" | "recall" | "leave" | "unknown" }>;

function said(event: Said): object {
  switch (event.type) {
    case "text":
      return { text: event.text };
    case "join":
      return { text: event.payload === undefined ? "/start" : `/start ${event.payload}` };
    case "location":
      return { location: { latitude: event.lat, longitude: event.lng } };
    case "sticker":
      return { sticker: { file_id: "S1", file_unique_id: "SU1", width: 512, height: 512, emoji: event.emoji } };
    case "image": {
      const size = (id: string, width: number) => ({
        file_id: id,
        file_unique_id: id,
        width,
        height: width,
        file_size: width * 9,
      });
      return { photo: [size("P-small", 90), size("P-large", 1280)], caption: event.caption };
    }
    case "file":
      return {
        document: { file_id: "D1", file_name: event.name, mime_type: "application/pdf", file_size: 2048 },
        caption: event.caption,
      };
    case "audio":
      return { voice: { file_id: "V1", duration: 3, mime_type: "audio/ogg", file_size: 9000 }, caption: event.caption };
    case "video":
      return {
        video: { file_id: "M1", file_name: event.name, mime_type: "video/mp4", file_size: 9000 },
        caption: event.caption,
      };
  }
}

function buttonsOf(payload: FakePayload) {
  return payload.reply_markup?.inline_keyboard?.flat() ?? [];
}

function ok(result: unknown): Response {
  return Response.json({ ok: true, result });
}

const KINDS: Readonly<Record<string, SampleKind>> = { D1: "file", V1: "audio", M1: "video" };

function serveFile(path: string): Response {
  return serveSample(KINDS[path.split("/").at(-1) ?? ""] ?? "image");
}

/** JSON, or a form with a file in it. */
async function readPayload(request: Request): Promise<FakePayload> {
  if (request.headers.get("content-type")?.startsWith("multipart/form-data") !== true)
    return (await request.json()) as FakePayload;
  const form = [...(await request.formData())];
  return Object.fromEntries(
    form.map(([key, value]) => [key, typeof value === "string" ? value : { name: value.name, size: value.size }]),
  );
}
