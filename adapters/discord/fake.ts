import {
  createFakeClock,
  createFakeDoor,
  type FakeClock,
  type FakeEvent,
  type FakePlatform,
  type FakeSent,
  toBody,
} from "../shared/fake.ts";
import { sampleKind, serveSample } from "../shared/fake-media.ts";
import { fromHex } from "../shared/hmac.ts";
import { sha256, toHex } from "../shared/secrets.ts";
import type { DiscordConfig } from "./config.ts";
import { buttonsOf, type FakePost, findFault, refusal, renderedText } from "./fake-rules.ts";
import { SIGNATURE_HEADER, signedBytes, TIMESTAMP_HEADER } from "./verify.ts";

export interface FakeDiscordOptions {
  readonly clock?: FakeClock;
  readonly webhookUrl?: string;
}

/** Public keys whose other halves this fake can make: it signs for these only. */
export const FAKE_PUBLIC_KEYS: readonly string[] = [
  "e52dc2878604f8db1839bb60363756f36fcdeb8f7f070356ec103d4c72b1af94",
  "9259ec0b4a5a7d92e48bdf52ef1272c34b60526a83dec842364d1ac505fc9ea6",
];

const TOKEN_LIFE_MS = 15 * 60_000;
const EPOCH = 1_420_070_400_000;

/** Discord as an application sees it, in direct messages, strict about what it takes. They exist once their person has done something. */
export function createFakeDiscord(config: DiscordConfig, options: FakeDiscordOptions = {}): FakePlatform {
  const clock = options.clock ?? createFakeClock();
  let webhookUrl = options.webhookUrl ?? "https://desk.test/webhooks/discord";
  const sent: FakeSent[] = [];
  const channels = new Set<string>();
  /** Interaction tokens: where they lead, until when, and whether "thinking…" is still shown. */
  const tokens = new Map<string, { readonly channel: string; readonly until: number; original: boolean }>();
  const nonces = new Map<string, object>();
  let count = 0;
  let key: Promise<CryptoKey> | undefined;
  const origin = [config.apiRoot, "https://cdn.discordapp.com"];
  const door = createFakeDoor({ origin, serve, refuse: (failure) => refusal(failure) });
  /** An id begins with its time. */
  const nextId = () => {
    count += 1;
    return String((BigInt(clock.now() - EPOCH) << 22n) + BigInt(count));
  };

  async function serve(request: Request): Promise<Response> {
    const { pathname, hostname } = new URL(request.url);
    if (hostname === "cdn.discordapp.com") {
      return serveSample(sampleKind(pathname));
    }
    const path = pathname.replace(/^\/api\/v10/, "");
    const read = async () => (await request.json()) as FakePost & { interactions_endpoint_url?: string; name?: string };
    const hook = new RegExp(`^/webhooks/${config.applicationId}/([^/]+)(/messages/@original)?$`).exec(path);
    if (hook !== null) return answer(decodeURIComponent(hook[1] ?? ""), request.method, await read());
    if (request.headers.get("authorization") !== `Bot ${config.botToken}`) return refusal("401");
    const channel = /^\/channels\/(\d+)\/(messages|typing)$/.exec(path);
    if (channel?.[1] !== undefined && !channels.has(channel[1])) return refusal("channel");
    if (channel?.[2] === "typing") return new Response(null, { status: 204 });
    if (channel?.[1] !== undefined) return post(channel[1], "messages", await read());
    if (path === `/applications/${config.applicationId}/commands`)
      return Response.json({ id: nextId() }, { status: 201 });
    if (path !== "/applications/@me") return Response.json({ message: "404: Not Found", code: 0 }, { status: 404 });
    if (request.method === "PATCH") webhookUrl = (await read()).interactions_endpoint_url ?? webhookUrl;
    return Response.json({
      id: config.applicationId,
      name: "Shop",
      verify_key: config.publicKey,
      interactions_endpoint_url: webhookUrl,
    });
  }

  function answer(name: string, method: string, payload: FakePost): Response {
    const token = tokens.get(name);
    if (token === undefined || token.until < clock.now()) return refusal("token");
    if (method === "POST") return post(token.channel, "followup", payload);
    if (!token.original) return refusal("Unknown Message");
    const before = sent.find((message) => message.method === `original:${name}`);
    if (before !== undefined) sent.splice(sent.indexOf(before), 1);
    return post(token.channel, `original:${name}`, payload);
  }

  function post(channel: string, method: string, payload: FakePost): Response {
    const fault = findFault(payload);
    if (fault !== undefined) return refusal(fault);
    const before = payload.nonce === undefined ? undefined : nonces.get(payload.nonce);
    if (before !== undefined) return Response.json(before);
    const id = nextId();
    const buttons = buttonsOf(payload).map((button) => button.label ?? "");
    sent.push({ to: channel, messageId: id, text: renderedText(payload), buttons, method, payload, at: clock.now() });
    const message = { id, channel_id: channel };
    if (payload.nonce !== undefined) nonces.set(payload.nonce, message);
    return Response.json(message);
  }

  /** A direct message's channel is not its person. */
  const toChannel = (userId: string) => `9${userId}`;

  function toInteraction(event: FakeEvent): object {
    const { userId } = event;
    const channel_id = toChannel(userId);
    channels.add(channel_id);
    const id = nextId();
    const token = `aW50ZXJhY3Rpb24${id}`;
    const user = { id: userId, username: "nelly", global_name: "Nelly" };
    const frame = { id, application_id: config.applicationId, token, version: 1, channel_id, user, locale: "zh-CN" };
    tokens.set(token, {
      channel: channel_id,
      until: clock.now() + TOKEN_LIFE_MS,
      original: event.type !== "tap",
    });
    if (event.type === "unknown") return { ...frame, type: 99, data: {} };
    if (event.type === "tap") return { ...frame, type: 3, ...tapped(channel_id, event.label) };
    return { ...frame, type: 2, data: { id: "1", name: "ask", type: 1, ...said(event, nextId()) } };
  }

  function tapped(channel: string, label: string): object {
    const shown = sent.findLast((message) => message.to === channel && message.buttons.includes(label));
    if (shown === undefined) throw new Error(`${channel} shows no button "${label}".`);
    const { components } = shown.payload as FakePost;
    const custom_id = buttonsOf(shown.payload as FakePost).find((button) => button.label === label)?.custom_id;
    return { data: { custom_id, component_type: 2 }, message: { id: shown.messageId, components } };
  }

  async function sign(body: unknown): Promise<Request> {
    const text = toBody(body);
    const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
    const timestamp = String(Math.floor(clock.now() / 1000));
    key ??= privateKeyOf(config.publicKey);
    const signature = await crypto.subtle.sign("Ed25519", await key, signedBytes(timestamp, bytes));
    const headers = {
      "content-type": "application/json",
      [SIGNATURE_HEADER]: toHex(new Uint8Array(signature)),
      [TIMESTAMP_HEADER]: timestamp,
    };
    return new Request(webhookUrl, { method: "POST", headers, body: bytes });
  }

  return {
    channel: "discord",
    ...door,
    clock,
    sent,
    sign,
    people: ["80351110224678912", "80351110224678913"],
    plays: ["text", "tap", "image", "audio", "video", "file", "unknown"],
    webhook: (event) => sign(toInteraction(event)),
  };
}

/** From a seed anyone may know: PKCS #8 of an Ed25519 key is a fixed head and the seed. https://www.rfc-editor.org/rfc/rfc8410#section-7 */
async function privateKeyOf(publicKey: string): Promise<CryptoKey> {
  const index = FAKE_PUBLIC_KEYS.indexOf(publicKey);
  if (index < 0) throw new Error("The fake platform signs for FAKE_PUBLIC_KEYS only.");
  const head = fromHex("302e020100300506032b657004220420") ?? [];
  const seed = await sha256(`fake-discord:${index}`);
  return crypto.subtle.importKey("pkcs8", new Uint8Array([...head, ...seed]), "Ed25519", false, ["sign"]);
}

const MIME: Readonly<Record<string, string>> = {
  image: "image/png",
  audio: "audio/mpeg",
  video: "video/mp4",
  file: "application/pdf",
};

function said(event: Exclude<FakeEvent, { type: "tap" | "unknown" }>, fileId: string): object {
  if (event.type === "text") return { options: [{ type: 3, name: "text", value: event.text }] };
  const content_type = MIME[event.type];
  if (content_type === undefined) {
    throw new Error(`Discord has no ${event.type}.`);
  }
  const name = "name" in event && event.name !== undefined ? event.name : `${event.type}.bin`;
  const caption = "caption" in event ? event.caption : undefined;
  const url = `https://cdn.discordapp.com/ephemeral-attachments/1/${fileId}/${encodeURIComponent(name)}?ex=1&is=2&hm=3`;
  const file = { id: fileId, filename: name, size: 2048, content_type, url };
  const words = caption === undefined ? [] : [{ type: 3, name: "text", value: caption }];
  return {
    options: [...words, { type: 11, name: "file", value: fileId }],
    resolved: { attachments: { [fileId]: file } },
  };
}
