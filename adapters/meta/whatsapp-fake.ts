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
import { SIGNATURE_HEADER } from "./verify.ts";
import type { WhatsAppConfig } from "./whatsapp-config.ts";

interface Part {
  readonly link?: string;
  readonly caption?: string;
  readonly body?: string;
  readonly filename?: string;
  readonly name?: string;
  readonly address?: string;
  readonly latitude?: number;
  readonly longitude?: number;
}

interface FakeTemplate {
  readonly name?: string;
  readonly language?: { readonly code?: string };
  readonly components?: readonly {
    readonly type?: string;
    readonly parameters?: readonly {
      readonly type?: string;
      readonly parameter_name?: string;
      readonly text?: string;
    }[];
  }[];
}

/** The templates Meta has approved for the number: name, language, text with its gaps. */
const APPROVED: readonly { readonly name: string; readonly language: string; readonly body: string }[] = [
  { name: "order_update", language: "en_US", body: "Hello {{1}}, your order {{2}} is on its way." },
  { name: "order_update", language: "zh_CN", body: "{{1}}您好，您的订单 {{2}} 已发货。" },
  { name: "follow_up", language: "en_US", body: "Hello {{name}}, we have an answer for you." },
  { name: "hello_world", language: "en_US", body: "Welcome and congratulations!" },
];

interface Row {
  readonly id: string;
  readonly title: string;
}

/** The fields of `POST /messages` that are looked at. https://developers.facebook.com/docs/whatsapp/cloud-api/messages */
interface Payload {
  readonly messaging_product?: string;
  readonly status?: string;
  readonly message_id?: string;
  readonly to?: string;
  readonly recipient?: string;
  readonly type?: string;
  readonly text?: Part;
  readonly image?: Part;
  readonly audio?: Part;
  readonly video?: Part;
  readonly document?: Part;
  readonly location?: Part;
  readonly template?: FakeTemplate;
  readonly interactive?: {
    readonly type: "button" | "list" | "cta_url";
    readonly header?: { readonly image?: Part };
    readonly body?: { readonly text?: string };
    readonly action: {
      readonly buttons?: readonly { readonly reply: Row }[];
      readonly button?: string;
      readonly sections?: readonly { readonly rows: readonly Row[] }[];
      readonly parameters?: { readonly display_text: string; readonly url: string };
    };
  };
}

/** WhatsApp as a shop's number sees it, strict about what it takes. People exist once they have written, and may be written to for 24 hours. */
export function createFakeWhatsApp(
  config: WhatsAppConfig,
  options: { readonly clock?: FakeClock; readonly webhookUrl?: string } = {},
): FakePlatform {
  const clock = options.clock ?? createFakeClock();
  let webhookUrl = options.webhookUrl ?? "https://desk.test/webhooks/whatsapp";
  let count = 0;
  const sent: FakeSent[] = [];
  const lastWrote = new Map<string, number>();
  const lastSaid = new Map<string, string>();
  const hmac = createHmac(config.appSecret);
  const base = `${new URL(config.apiRoot).pathname.replace(/\/+$/, "")}/${config.apiVersion}/`;
  const gone = () => graphRefusal(400, 131026, "Message undeliverable");
  const door = createFakeDoor({
    origin: config.apiRoot,
    serve,
    refuse: (failure) => (failure === "gone" ? gone() : named(failure, 130429)),
  });

  async function serve(request: Request): Promise<Response> {
    if (request.headers.get("authorization") !== `Bearer ${config.accessToken}`) return named("401", 0);
    const { pathname } = new URL(request.url);
    const file = graphFile(request, config.apiRoot);
    if (file !== undefined) return file;
    if (!pathname.startsWith(base)) return graphRefusal(404, 100, "Unknown path");
    const path = pathname.slice(base.length);
    if (request.method === "GET" && path === config.phoneNumberId) return showNumber();
    if (request.method === "GET")
      return Response.json({ url: `${config.apiRoot}/file/${path}`, mime_type: "image/jpeg" });
    const payload = (await request.json()) as Payload & { webhook_configuration?: { override_callback_uri: string } };
    if (path === config.phoneNumberId && payload.webhook_configuration !== undefined) {
      webhookUrl = payload.webhook_configuration.override_callback_uri;
      return Response.json({ success: true });
    }
    if (path !== `${config.phoneNumberId}/messages`) return graphRefusal(400, 100, "Unknown path");
    return payload.status === "read" ? Response.json({ success: true }) : take(payload);
  }

  function showNumber(): Response {
    return Response.json({
      id: config.phoneNumberId,
      display_phone_number: "+1 555 078 3881",
      verified_name: "Shop",
      quality_rating: "GREEN",
      webhook_configuration: { phone_number: webhookUrl },
    });
  }

  function take(payload: Payload): Response {
    const to = payload.to ?? payload.recipient ?? "";
    if (payload.messaging_product !== "whatsapp") return graphRefusal(400, 100, "messaging_product is required");
    const wrote = lastWrote.get(to);
    if (wrote === undefined) return graphRefusal(400, 131030, "Recipient phone number not in allowed list");
    if (payload.type === "template") {
      const refusal = faultOfTemplate(payload.template);
      if (refusal !== undefined) return graphRefusal(400, ...refusal);
    } else {
      if (clock.now() - wrote > 24 * 3_600_000) return graphRefusal(400, 131047, "Re-engagement message");
      const fault = findFault(payload);
      if (fault !== undefined) return graphRefusal(400, 100, fault);
    }
    count += 1;
    const messageId = `wamid.out${count}`;
    const buttons = rowsOf(payload).map((row) => row.title);
    sent.push({ to, messageId, text: textOf(payload), buttons, method: "messages", payload, at: clock.now() });
    return Response.json({ messaging_product: "whatsapp", contacts: [{ wa_id: to }], messages: [{ id: messageId }] });
  }

  const seconds = () => String(Math.floor(clock.now() / 1000));

  function toMessage(event: FakeEvent): object {
    count += 1;
    const { userId } = event;
    const frame = { from: userId, id: `wamid.in${count}`, timestamp: seconds() };
    const original_message_id = lastSaid.get(userId);
    switch (event.type) {
      case "edit":
        return {
          ...frame,
          type: "edit",
          edit: { original_message_id, message: { type: "text", text: { body: event.text } } },
        };
      case "recall":
        return { ...frame, type: "revoke", revoke: { original_message_id } };
      case "leave":
        throw new Error("WhatsApp does not say who blocked a shop.");
      default:
        lastSaid.set(userId, frame.id);
        return { ...frame, ...said(event) };
    }
  }

  function said(event: Exclude<FakeEvent, { type: "edit" | "recall" | "leave" }>): object {
    switch (event.type) {
      case "text":
        return { type: "text", text: { body: event.text } };
      case "tap":
        return { type: "interactive", interactive: tapOf(event) };
      case "join":
        return {
          type: "text",
          text: { body: "hi" },
          referral: { source_type: "ad", source_id: event.payload ?? "ad_1" },
        };
      case "location":
        return { type: "location", location: { latitude: event.lat, longitude: event.lng } };
      case "sticker":
        return { type: "sticker", sticker: { id: "9001", mime_type: "image/webp", sha256: "x" } };
      case "file":
        return { type: "document", document: { id: "file-9002", filename: event.name, mime_type: "application/pdf" } };
      case "image":
      case "video":
        return {
          type: event.type,
          [event.type]: { id: `${event.type}-9003`, mime_type: "image/jpeg", caption: event.caption },
        };
      case "audio":
        return { type: "audio", audio: { id: "audio-9004", mime_type: "audio/ogg; codecs=opus", voice: true } };
      case "unknown":
        return { type: "reaction", reaction: { message_id: "wamid.out1", emoji: "👍" } };
    }
  }

  function tapOf({ userId, label }: Extract<FakeEvent, { type: "tap" }>): object {
    const shown = sent.findLast((message) => message.to === userId && message.buttons.includes(label));
    if (shown === undefined) throw new Error(`${userId} sees no button "${label}".`);
    // Every payload in `sent` was taken by `take`.
    const payload = shown.payload as Payload;
    const kind = payload.interactive?.type === "list" ? "list_reply" : "button_reply";
    return { type: kind, [kind]: rowsOf(payload).find((row) => row.title === label) };
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
    channel: "whatsapp",
    ...door,
    clock,
    sent,
    sign,
    people: ["16505551234", "8613800138000"],
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
      "unknown",
    ],
    webhook: (event) => {
      lastWrote.set(event.userId, clock.now());
      const metadata = { display_phone_number: "15550783881", phone_number_id: config.phoneNumberId };
      const contacts = [{ profile: { name: "Chen" }, wa_id: event.userId }];
      const value = { messaging_product: "whatsapp", metadata, contacts, messages: [toMessage(event)] };
      return sign({
        object: "whatsapp_business_account",
        entry: [{ id: "102290129340398", changes: [{ field: "messages", value }] }],
      });
    },
  };
}

const approvedOf = (template: FakeTemplate | undefined) =>
  APPROVED.find(({ name, language }) => name === template?.name && language === template?.language?.code);
const paramsOf = (template: FakeTemplate | undefined) => template?.components?.[0]?.parameters ?? [];

/** https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes#template-errors */
function faultOfTemplate(template: FakeTemplate | undefined): [number, string] | undefined {
  const approved = approvedOf(template);
  if (approved === undefined) return [132001, "Template name does not exist in the translation"];
  const components = template?.components ?? [];
  if (components.length > 1 || components.some(({ type }) => type !== "body")) return [100, "components is invalid"];
  const gaps = [...approved.body.matchAll(/\{\{(\w+)\}\}/g)].map(([, key = ""]) => key);
  const params = paramsOf(template);
  if (params.length !== gaps.length) return [132000, "Number of parameters does not match"];
  const isNamed = gaps.some((gap) => !/^\d+$/.test(gap));
  const isRight = params.every(({ type, text = "", parameter_name: name }) => {
    const isNameRight = isNamed ? gaps.includes(name ?? "") : name === undefined;
    return type === "text" && isNameRight && text.trim() !== "" && !/[\n\t]| {5}/.test(text);
  });
  return isRight ? undefined : [132012, "Parameter format does not match"];
}

function textOfTemplate(template: FakeTemplate | undefined): string | undefined {
  const params = paramsOf(template);
  return approvedOf(template)?.body.replaceAll(/\{\{(\w+)\}\}/g, (_, key: string) => {
    const param = params.find((one) => one.parameter_name === key) ?? params[Number(key) - 1];
    return param?.text ?? "";
  });
}

/** What Meta refuses, and how it says so. */
function findFault(payload: Payload): string | undefined {
  const { type = "text", text, interactive, location } = payload;
  if (interactive !== undefined) return faultOfInteractive(interactive);
  if (type === "text") {
    if ((text?.body ?? "").trim() === "") return "text.body is required";
    return (text?.body ?? "").length > 4096 ? "text.body must be at most 4096 characters" : undefined;
  }
  if (type === "location") return Number.isFinite(location?.latitude) ? undefined : "location.latitude is required";
  if (type !== "image" && type !== "audio" && type !== "video" && type !== "document") return `type ${type} is unknown`;
  const file = payload[type];
  if (!isPublic(file?.link ?? "")) return `${type}.link is invalid`;
  if (type === "audio" && file?.caption !== undefined) return "audio.caption is not allowed";
  return (file?.caption ?? "").length > 1024 ? "caption must be at most 1024 characters" : undefined;
}

function faultOfInteractive({ type, header, body, action }: NonNullable<Payload["interactive"]>): string | undefined {
  const text = body?.text ?? "";
  if (text.trim() === "" || text.length > 1024) return "interactive.body.text must be 1 to 1024 characters";
  if (header?.image !== undefined && !isPublic(header.image.link ?? "")) return "header.image.link is invalid";
  if (type === "cta_url") {
    const { display_text: shown = "", url = "" } = action.parameters ?? {};
    return shown.trim() === "" || shown.length > 20 || !isPublic(url) ? "action.parameters is invalid" : undefined;
  }
  const rows =
    type === "button" ? (action.buttons ?? []).map(({ reply }) => reply) : rowsOf({ interactive: { type, action } });
  const [most, longest, idMost] = type === "button" ? [3, 20, 256] : [10, 24, 200];
  if (rows.length < 1 || rows.length > most) return `1 to ${most} are allowed`;
  if (type === "list" && ((action.button ?? "").trim() === "" || (action.button ?? "").length > 20))
    return "action.button";
  if (rows.some((row) => row.title.trim() === "" || row.title.length > longest)) return `title must be 1 to ${longest}`;
  if (rows.some((row) => row.id === "" || row.id.length > idMost)) return `id must be 1 to ${idMost}`;
  const isRepeated = (key: "id" | "title") => new Set(rows.map((row) => row[key])).size !== rows.length;
  return isRepeated("id") || isRepeated("title") ? "Duplicated" : undefined;
}

function rowsOf({ interactive }: Payload): readonly Row[] {
  const { buttons, sections } = interactive?.action ?? {};
  return [...(buttons ?? []).map(({ reply }) => reply), ...(sections ?? []).flatMap(({ rows }) => rows)];
}

function textOf({ text, image, video, document, location, interactive, template }: Payload): string {
  const place = location && [location.name, location.address, `${location.latitude},${location.longitude}`].join("\n");
  const captions = [image, video, document].map((file) => file?.caption);
  return [text?.body, ...captions, place, interactive?.body?.text, textOfTemplate(template)].filter(Boolean).join("\n");
}
