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
import { createHmac } from "../shared/hmac.ts";
import { toHex } from "../shared/secrets.ts";
import type { SlackConfig } from "./config.ts";
import { buttonsOf, type FakePost, findFault, refusal, renderedText } from "./fake-rules.ts";
import { escapeText } from "./mrkdwn.ts";
import { SIGNATURE_HEADER, signedBytes, TIMESTAMP_HEADER } from "./verify.ts";

export interface FakeSlackOptions {
  readonly clock?: FakeClock;
  readonly webhookUrl?: string;
}

const BOT = "U08SHOPBOT";
/** Sent as forms: what people do with blocks. */
const INTERACTIONS = new Set(["block_actions", "view_submission", "view_closed", "message_action", "shortcut"]);

/** Slack as a bot sees it, in direct messages, strict about what it takes. They exist once their person has done something. */
export function createFakeSlack(config: SlackConfig, options: FakeSlackOptions = {}): FakePlatform {
  const clock = options.clock ?? createFakeClock();
  const webhookUrl = options.webhookUrl ?? "https://desk.test/webhooks/slack";
  const hmac = createHmac(config.signingSecret);
  const sent: FakeSent[] = [];
  const channels = new Set<string>();
  const lastSaid = new Map<string, string>();
  let count = 0;
  const origin = [config.apiRoot, "https://files.slack.com"];
  const door = createFakeDoor({ origin, serve, refuse: (failure) => refusal(failure) });
  /** A message's id: its time, with a running number behind the point. */
  const nextTs = () => {
    count += 1;
    return `${Math.floor(clock.now() / 1000)}.${String(count).padStart(6, "0")}`;
  };

  async function serve(request: Request): Promise<Response> {
    if (request.headers.get("authorization") !== `Bearer ${config.botToken}`) return refusal("401");
    const { pathname } = new URL(request.url);
    if (pathname.startsWith("/files-pri/")) {
      return serveSample(sampleKind(pathname));
    }
    if (!request.headers.get("content-type")?.startsWith("application/json")) return refusal("invalid_form_data");
    const method = /\/api\/([\w.]+)$/.exec(pathname)?.[1];
    if (method === "auth.test") {
      const headers = { "x-oauth-scopes": "chat:write,im:history,files:read" };
      return Response.json({ ok: true, team: "Shop", user: "xiaoer", team_id: "T1", user_id: BOT }, { headers });
    }
    return method === "chat.postMessage" ? post((await request.json()) as FakePost) : refusal("unknown_method");
  }

  function post(payload: FakePost): Response {
    const channel = toChannel(payload.channel ?? "");
    if (!channels.has(channel)) return refusal("channel_not_found");
    const fault = findFault(payload);
    if (fault !== undefined) return refusal(fault);
    const ts = nextTs();
    sent.push({
      to: channel,
      messageId: `${channel}:${ts}`,
      text: renderedText(payload),
      buttons: buttonsOf(payload).map((button) => button.text?.text ?? ""),
      method: "chat.postMessage",
      payload,
      at: clock.now(),
    });
    return Response.json({ ok: true, channel, ts, message: { text: payload.text, bot_id: "B1" } });
  }

  const toChannel = (id: string) => (id.startsWith("U") ? `D${id.slice(1)}` : id);

  function toPayload(event: FakeEvent): object {
    const { userId } = event;
    const channel = toChannel(userId);
    channels.add(channel);
    const ts = nextTs();
    const from = { user: userId, channel, channel_type: "im", ts, event_ts: ts };
    switch (event.type) {
      case "tap":
        return toInteraction(userId, event.label, ts);
      case "join":
        return callback({ type: "member_joined_channel", ...from, team: "T1" });
      case "leave":
        return callback({ type: "member_left_channel", ...from, team: "T1" });
      case "unknown":
        return callback({ type: "hologram", ...from, beam: 7 });
      case "recall": {
        const hidden = { subtype: "message_deleted", hidden: true, deleted_ts: lastSaid.get(userId) };
        return callback({ type: "message", ...from, user: undefined, ...hidden });
      }
      case "edit": {
        const message = { type: "message", user: userId, text: escapeText(event.text), ts: lastSaid.get(userId) };
        const changed = { subtype: "message_changed", message: { ...message, edited: { user: userId, ts } } };
        return callback({ type: "message", ...from, user: undefined, ...changed });
      }
      case "text":
        lastSaid.set(userId, ts);
        return callback({ type: "message", ...from, text: escapeText(event.text) });
      default:
        lastSaid.set(userId, ts);
        return callback({ type: "message", subtype: "file_share", ...from, ...shared(event) });
    }
  }

  function callback(event: object): object {
    const authorizations = [{ team_id: "T1", user_id: BOT, is_bot: true }];
    const event_id = `Ev${String(count).padStart(8, "0")}`;
    return { type: "event_callback", team_id: "T1", api_app_id: "A1", event, event_id, event_time: 1, authorizations };
  }

  function toInteraction(userId: string, label: string, action_ts: string): object {
    const channel = toChannel(userId);
    const shown = sent.findLast((message) => message.to === channel && message.buttons.includes(label));
    if (shown === undefined) throw new Error(`${userId} sees no button "${label}".`);
    const button = buttonsOf(shown.payload as FakePost).find((each) => each.text?.text === label);
    const message = { type: "message", ts: shown.messageId.split(":")[1] };
    const user = { id: userId, username: "lee", team_id: "T1" };
    return { type: "block_actions", user, channel: { id: channel }, message, actions: [{ ...button, action_ts }] };
  }

  async function sign(body: unknown): Promise<Request> {
    const isForm =
      typeof body === "object" && body !== null && (INTERACTIONS.has(Object(body).type) || "command" in body);
    const text = isForm ? toForm(body) : toBody(body);
    const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
    const timestamp = String(Math.floor(clock.now() / 1000));
    const headers = {
      "content-type": isForm ? "application/x-www-form-urlencoded" : "application/json",
      [TIMESTAMP_HEADER]: timestamp,
      [SIGNATURE_HEADER]: `v0=${toHex(await hmac.sign(signedBytes(timestamp, bytes)))}`,
    };
    return new Request(webhookUrl, { method: "POST", headers, body: bytes });
  }

  return {
    channel: "slack",
    ...door,
    clock,
    sent,
    sign,
    people: ["U2147483697", "U2147483698"],
    plays: ["text", "tap", "image", "audio", "video", "file", "edit", "recall", "join", "leave", "unknown"],
    webhook: (event) => sign(toPayload(event)),
  };
}

function toForm(body: object): string {
  const fields = "command" in body ? Object.entries(body) : [["payload", JSON.stringify(body)]];
  return new URLSearchParams(fields.map(([name, value]) => [String(name), String(value)])).toString();
}

const MIME: Readonly<Record<string, string>> = {
  image: "image/png",
  audio: "audio/mp4",
  video: "video/mp4",
  file: "application/pdf",
};

function shared(
  event: Exclude<FakeEvent, { type: "text" | "tap" | "edit" | "recall" | "join" | "leave" | "unknown" }>,
) {
  if (event.type === "location" || event.type === "sticker") throw new Error(`Slack has no ${event.type}.`);
  const name = event.name ?? `${event.type}.bin`;
  const url_private = `https://files.slack.com/files-pri/T1-F1/${encodeURIComponent(name)}`;
  const file = { id: "F1", name, mimetype: MIME[event.type], size: 2048, mode: "hosted", url_private };
  return { text: event.caption ?? "", files: [file] };
}
