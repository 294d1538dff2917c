import type { Content } from "../../src/core/content.ts";
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
import type { CallConfig } from "./config.ts";

/** A call centre: what an agent notes is said in the caller's name, and words for the caller go out as text messages of up to 2,000 characters. */
export function createFakeCall(
  config: CallConfig,
  options: { readonly clock?: FakeClock; readonly webhookUrl?: string } = {},
): FakePlatform {
  const clock = options.clock ?? createFakeClock();
  const webhookUrl = options.webhookUrl ?? "https://desk.test/webhooks/call";
  const sendUrl = config.sendUrl ?? "https://calls.example/say";
  const verify = createWebhookVerify({ secret: config.signingSecret }, clock.now);
  const signer = createWebhookSigner(config.signingSecret);
  const sent: FakeSent[] = [];
  const callers = new Set<string>();
  const seen = new Set<string>();
  let count = 0;
  const door = createFakeDoor({ origin: sendUrl, serve, refuse });

  async function serve(request: Request): Promise<Response> {
    const webhook = await toWebhookRequest(request);
    const id = await verify(webhook);
    if (id === undefined) return new Response(null, { status: 401 });
    const { type, data } = JSON.parse(new TextDecoder().decode(webhook.body)) as {
      type: string;
      data: { address: { number?: string }; content: Content };
    };
    if (type === "ping") return new Response(null, { status: 204 });
    const { number = "" } = data.address;
    if (!callers.has(number)) return Response.json({ code: "recipient_gone" }, { status: 422 });
    if (data.content.type !== "text" || data.content.text.trim() === "" || data.content.text.length > 2000) {
      return new Response(null, { status: 422 });
    }
    const { text } = data.content;
    if (!seen.has(id))
      sent.push({ to: number, messageId: id, text, buttons: [], method: type, payload: data, at: clock.now() });
    seen.add(id);
    return new Response(null, { status: 202 });
  }

  async function sign(body: unknown): Promise<Request> {
    const bytes = toBody(body);
    const headers = { "content-type": "application/json", ...(await signer(`msg_${count}`, clock.now(), bytes)) };
    return new Request(webhookUrl, { method: "POST", headers, body: bytes });
  }

  return {
    channel: "call",
    ...door,
    clock,
    sent,
    sign,
    people: ["+8613800138000", "+16505551234"],
    plays: ["text", "audio", "join", "leave", "unknown"],
    webhook: (event) => {
      count += 1;
      callers.add(event.userId);
      const data = { callId: `call-${event.userId.slice(1)}`, from: event.userId, to: "4008001234" };
      return sign({ timestamp: new Date(clock.now()).toISOString(), ...toEvent(event, data) });
    },
  };
}

function toEvent(event: FakeEvent, data: object): { type: string; data: object } {
  switch (event.type) {
    case "text":
      return { type: "call.note", data: { ...data, text: event.text } };
    case "audio":
      return { type: "call.recording", data: { ...data, recordingUrl: "https://calls.example/r/1.mp3" } };
    case "join":
      return { type: "call.ringing", data };
    case "leave":
      return { type: "call.ended", data: { ...data, durationMs: 187_000 } };
    case "unknown":
      return { type: "call.parked", data };
    default:
      throw new Error(`A call has no ${event.type}.`);
  }
}

function refuse(failure: "429" | "500" | "502" | "401" | "gone"): Response {
  if (failure === "gone") return Response.json({ code: "recipient_gone" }, { status: 422 });
  return new Response(null, { status: Number(failure), headers: failure === "429" ? { "retry-after": "7" } : {} });
}
