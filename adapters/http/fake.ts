import { type Content, contentText } from "../../src/core/content.ts";
import { offeredChoices } from "../../src/core/lower.ts";
import {
  createFakeClock,
  createFakeDoor,
  type FakeClock,
  type FakeEvent,
  type FakePlatform,
  type FakeSent,
  toBody,
  toWebhookRequest,
} from "../shared/fake.ts";
import { createWebhookSigner, createWebhookVerify } from "../shared/standard-webhooks.ts";
import type { HttpConfig } from "./config.ts";

interface Sent {
  readonly id: string;
  readonly address: { readonly userId: string };
  readonly content: Content;
}

/** The system at the other end: checks our signatures, drops what it has seen, and shows the content as it is. */
export function createFakeHttp(
  config: HttpConfig,
  options: { readonly clock?: FakeClock; readonly webhookUrl?: string } = {},
): FakePlatform {
  const clock = options.clock ?? createFakeClock();
  const webhookUrl = options.webhookUrl ?? "https://desk.test/webhooks/http";
  const verify = createWebhookVerify(config, clock.now);
  const signer = createWebhookSigner(config.secret);
  const sent: FakeSent[] = [];
  const people = new Set<string>();
  const seen = new Set<string>();
  const lastSaid = new Map<string, string>();
  let count = 0;
  const door = createFakeDoor({ origin: config.sendUrl, serve, refuse });

  async function serve(request: Request): Promise<Response> {
    if (request.method !== "POST" || request.url !== config.sendUrl) return new Response(null, { status: 404 });
    const webhook = await toWebhookRequest(request);
    const id = await verify(webhook);
    if (id === undefined) return new Response(null, { status: 401 });
    const { type, data } = JSON.parse(new TextDecoder().decode(webhook.body)) as { type: string; data: Sent };
    if (type === "ping") return new Response(null, { status: 204 });
    if (type !== "message.created" || data.id !== id) return new Response(null, { status: 422 });
    if (!people.has(data.address.userId)) return Response.json({ code: "recipient_gone" }, { status: 422 });
    if (!seen.has(id)) take(data);
    seen.add(id);
    return Response.json({ id });
  }

  function take({ id, address, content }: Sent): void {
    const buttons = offeredChoices(content).map((choice) => choice.label);
    const text = contentText(content);
    sent.push({
      to: address.userId,
      messageId: id,
      text,
      buttons,
      method: "message.created",
      payload: content,
      at: clock.now(),
    });
  }

  function toEvent(event: FakeEvent): { type: string; data: object } {
    count += 1;
    const sender = { id: event.userId, name: "Lee" };
    const id = lastSaid.get(event.userId);
    switch (event.type) {
      case "edit":
        return { type: "message.updated", data: { id, sender, text: event.text } };
      case "recall":
        return { type: "message.deleted", data: { id, sender } };
      case "join":
        return { type: "contact.joined", data: { sender, value: event.payload } };
      case "leave":
        return { type: "contact.left", data: { sender } };
      case "unknown":
        return { type: "message.pinned", data: { sender } };
      default:
        lastSaid.set(event.userId, `m${count}`);
        return { type: "message.created", data: { id: `m${count}`, sender, ...said(event) } };
    }
  }

  function said(event: Exclude<FakeEvent, { type: "edit" | "recall" | "join" | "leave" | "unknown" }>): object {
    switch (event.type) {
      case "text":
        return { text: event.text };
      case "tap":
        return { text: event.label, value: tappedValue(event) };
      case "location":
        return { content: { type: "location", lat: event.lat, lng: event.lng } };
      case "sticker":
        return { content: { type: "sticker", emoji: event.emoji } };
      default:
        return {
          content: { type: event.type, url: "https://shop.example/f.bin", name: event.name, alt: event.caption },
        };
    }
  }

  function tappedValue({ userId, label }: Extract<FakeEvent, { type: "tap" }>): string | undefined {
    const shown = sent.findLast((message) => message.to === userId && message.buttons.includes(label));
    if (shown === undefined) throw new Error(`${userId} sees no button "${label}".`);
    // Every payload in `sent` is a content that `take` read.
    return offeredChoices(shown.payload as Content).find((choice) => choice.label === label)?.value;
  }

  async function sign(body: unknown): Promise<Request> {
    const bytes = toBody(body);
    const headers = { "content-type": "application/json", ...(await signer(`msg_${count}`, clock.now(), bytes)) };
    return new Request(webhookUrl, { method: "POST", headers, body: bytes });
  }

  return {
    channel: "http",
    ...door,
    clock,
    sent,
    sign,
    people: ["u_1001", "u_1002"],
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
      if (event.type === "leave") people.delete(event.userId);
      else people.add(event.userId);
      return sign({ ...toEvent(event), timestamp: new Date(clock.now()).toISOString() });
    },
  };
}

function refuse(failure: "429" | "500" | "502" | "401" | "gone"): Response {
  if (failure === "gone") return Response.json({ code: "recipient_gone" }, { status: 422 });
  return new Response(null, { status: Number(failure), headers: failure === "429" ? { "retry-after": "7" } : {} });
}
