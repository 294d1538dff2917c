import {
  createFakeClock,
  createFakeDoor,
  type FakeClock,
  type FakeEvent,
  type FakePlatform,
  type FakeSent,
  toBody,
} from "../shared/fake.ts";
import { createHmac } from "../shared/hmac.ts";
import { toHex } from "../shared/secrets.ts";
import { graphFile, graphRefusal, isPublic, named } from "./fake-rules.ts";
import type { PageConfig } from "./messenger-config.ts";
import { SIGNATURE_HEADER } from "./verify.ts";

interface Button {
  readonly type: "web_url" | "postback";
  readonly title: string;
  readonly url?: string;
  readonly payload?: string;
}

/** The fields of `POST /me/messages` that are looked at. https://developers.facebook.com/docs/messenger-platform/reference/send-api */
interface Payload {
  readonly recipient?: { readonly id?: string };
  readonly messaging_type?: string;
  readonly tag?: string;
  readonly sender_action?: string;
  readonly message?: {
    readonly text?: string;
    readonly metadata?: string;
    readonly quick_replies?: readonly { readonly title: string; readonly payload: string }[];
    readonly attachment?: {
      readonly type: string;
      readonly payload: {
        readonly url?: string;
        readonly elements?: readonly {
          readonly title?: string;
          readonly subtitle?: string;
          readonly image_url?: string;
          readonly buttons?: readonly Button[];
        }[];
      };
    };
  };
}

interface FakeOptions {
  readonly clock?: FakeClock;
  readonly webhookUrl?: string;
}

export const createFakeMessenger = (config: PageConfig, options: FakeOptions = {}) =>
  createFakePage("messenger", config, options);
export const createFakeInstagram = (config: PageConfig, options: FakeOptions = {}) =>
  createFakePage("instagram", config, options);

/** A page or an Instagram account, strict about what it takes. People may be written to for 24 hours after they wrote. */
function createFakePage(channel: "messenger" | "instagram", config: PageConfig, options: FakeOptions): FakePlatform {
  const clock = options.clock ?? createFakeClock();
  const webhookUrl = options.webhookUrl ?? `https://desk.test/webhooks/${channel}`;
  let count = 0;
  const sent: FakeSent[] = [];
  const lastWrote = new Map<string, number>();
  const lastSaid = new Map<string, string>();
  const hmac = createHmac(config.appSecret);
  const base = `${new URL(config.apiRoot).pathname.replace(/\/+$/, "")}/${config.apiVersion}/`;
  const gone = () => graphRefusal(400, 551, "This person isn't available right now.");
  const door = createFakeDoor({
    origin: config.apiRoot,
    serve,
    refuse: (failure) => (failure === "gone" ? gone() : named(failure, 613)),
  });

  async function serve(request: Request): Promise<Response> {
    const file = graphFile(request, config.apiRoot);
    if (file !== undefined) return file;
    if (request.headers.get("authorization") !== `Bearer ${config.accessToken}`) return named("401", 0);
    const { pathname } = new URL(request.url);
    if (request.method === "GET") return Response.json({ id: config.pageId, name: "Shop", username: "shop" });
    if (pathname !== `${base}me/messages`) return graphRefusal(400, 100, "Unknown path");
    return take((await request.json()) as Payload);
  }

  function take(payload: Payload): Response {
    const to = payload.recipient?.id ?? "";
    const wrote = lastWrote.get(to);
    if (wrote === undefined) return graphRefusal(400, 100, "No matching user found", 2018001);
    // With the tag a person may still answer for a week.
    const tagged = payload.messaging_type === "MESSAGE_TAG" && payload.tag === "HUMAN_AGENT";
    if (clock.now() - wrote > (tagged ? 7 : 1) * 24 * 3_600_000)
      return graphRefusal(400, 10, "Sent outside of allowed window", 2018278);
    if (payload.sender_action !== undefined) return Response.json({ recipient_id: to });
    const isTyped = tagged || (payload.messaging_type === "RESPONSE" && payload.tag === undefined);
    const fault = isTyped ? findFault(payload, channel) : "messaging_type is invalid";
    if (fault !== undefined) return graphRefusal(400, 100, fault);
    count += 1;
    const messageId = `m_out${count}`;
    const buttons = buttonsOf(payload).map((button) => button.title);
    sent.push({ to, messageId, text: textOf(payload), buttons, method: "me/messages", payload, at: clock.now() });
    return Response.json({ recipient_id: to, message_id: messageId });
  }

  function toMessaging(event: FakeEvent): object {
    count += 1;
    const frame = { sender: { id: event.userId }, recipient: { id: config.pageId }, timestamp: clock.now() };
    const mid = lastSaid.get(event.userId);
    switch (event.type) {
      case "edit":
        return { ...frame, message_edit: { mid, text: event.text, num_edit: 1 } };
      case "recall":
        return { ...frame, message: { mid, is_deleted: true } };
      case "join":
        return { ...frame, referral: { ref: event.payload, source: "SHORTLINK", type: "OPEN_THREAD" } };
      case "leave":
        throw new Error("Meta does not say who blocked a page.");
      case "unknown":
        return { ...frame, reaction: { mid: "m_out1", action: "react", emoji: "❤", reaction: "love" } };
      case "tap":
        return { ...frame, ...tapOf(event) };
      default:
        lastSaid.set(event.userId, `m_in${count}`);
        return { ...frame, message: { mid: `m_in${count}`, ...said(event) } };
    }
  }

  function said(event: Exclude<FakeEvent, { type: "edit" | "recall" | "join" | "leave" | "unknown" | "tap" }>): object {
    const file = (type: string) => ({
      type,
      payload: { url: `${new URL(config.apiRoot).origin}/file/${type}-${count}` },
    });
    switch (event.type) {
      case "text":
        return { text: event.text };
      case "sticker":
        return { sticker_id: 369239263222822, attachments: [{ ...file("image") }] };
      case "location":
        return {
          attachments: [
            { type: "location", title: "Pin", payload: { coordinates: { lat: event.lat, long: event.lng } } },
          ],
        };
      default:
        return { attachments: [file(event.type)], ...(event.caption === undefined ? {} : { text: event.caption }) };
    }
  }

  function tapOf({ userId, label }: Extract<FakeEvent, { type: "tap" }>): object {
    const shown = sent.findLast((message) => message.to === userId && message.buttons.includes(label));
    if (shown === undefined) throw new Error(`${userId} sees no button "${label}".`);
    // Every payload in `sent` was taken by `take`.
    const button = buttonsOf(shown.payload as Payload).find(({ title }) => title === label);
    const mid = `m_in${count}`;
    return button?.isReply === true
      ? { message: { mid, text: label, quick_reply: { payload: button.payload } } }
      : { postback: { mid, title: label, payload: button?.payload } };
  }

  async function sign(body: unknown): Promise<Request> {
    const bytes = toBody(body);
    const headers = {
      "content-type": "application/json",
      [SIGNATURE_HEADER]: `sha256=${toHex(await hmac.sign(bytes))}`,
    };
    return new Request(webhookUrl, { method: "POST", headers, body: bytes });
  }

  return {
    channel,
    ...door,
    clock,
    sent,
    sign,
    people: ["200000000000001", "200000000000002"],
    // Messenger tells a page of nothing taken back, Instagram does.
    plays: channel === "instagram" ? [...PLAYS, "recall"] : PLAYS,
    webhook: (event) => {
      lastWrote.set(event.userId, clock.now());
      const object = channel === "messenger" ? "page" : "instagram";
      return sign({ object, entry: [{ id: config.pageId, time: clock.now(), messaging: [toMessaging(event)] }] });
    },
  };
}

const PLAYS: FakePlatform["plays"] = [
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
  "unknown",
];

/** What Meta refuses, and how it says so. */
function findFault({ message }: Payload, channel: "messenger" | "instagram"): string | undefined {
  const { text, attachment, quick_replies: replies = [], metadata } = message ?? {};
  if (text === undefined && attachment === undefined) return "Message cannot be empty";
  if (channel === "instagram" && metadata !== undefined) return "metadata is unknown";
  if (replies.length > 13) return "Too many quick replies";
  if (replies.some(({ title, payload }) => !isLabel(title) || payload.length > 1000)) return "Quick reply is invalid";
  if (text !== undefined) {
    const length = channel === "instagram" ? new TextEncoder().encode(text).length : text.length;
    return text.trim() === "" || length > (channel === "instagram" ? 1000 : 2000)
      ? "Length of text is invalid"
      : undefined;
  }
  const elements = attachment?.payload.elements;
  if (attachment?.type !== "template") {
    if (channel === "instagram" && attachment?.type === "file") return "Unsupported attachment type";
    return isPublic(attachment?.payload.url ?? "") ? undefined : "Invalid url";
  }
  if (elements === undefined || elements.length < 1 || elements.length > 10) return "1 to 10 elements";
  const isWrong = elements.some(({ title = "", subtitle = "", image_url: image, buttons = [] }) => {
    const isBare = subtitle === "" && image === undefined && buttons.length === 0;
    const isLong = title.trim() === "" || title.length > 80 || subtitle.length > 80 || buttons.length > 3;
    const isBad = (button: Button) =>
      !isLabel(button.title) ||
      (button.type === "web_url" ? !isPublic(button.url ?? "") : (button.payload ?? "") === "");
    return isBare || isLong || buttons.some(isBad) || (image !== undefined && !isPublic(image));
  });
  return isWrong ? "Element is invalid" : undefined;
}

function isLabel(title: string): boolean {
  return title.trim() !== "" && title.length <= 20;
}

function buttonsOf({ message }: Payload) {
  const replies = (message?.quick_replies ?? []).map(({ title, payload }) => ({ title, payload, isReply: true }));
  const buttons = (message?.attachment?.payload.elements ?? []).flatMap(({ buttons = [] }) => buttons);
  return [...replies, ...buttons.map(({ title, payload }) => ({ title, payload, isReply: false }))];
}

function textOf({ message }: Payload): string {
  const elements = message?.attachment?.payload.elements ?? [];
  return [message?.text, ...elements.map(({ title, subtitle }) => [title, subtitle].join("\n"))]
    .filter(Boolean)
    .join("\n");
}
