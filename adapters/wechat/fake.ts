import {
  createFakeClock,
  createFakeDoor,
  type FakeClock,
  type FakeEvent,
  type FakePlatform,
  type FakeSent,
  toBody,
} from "../shared/fake.ts";
import { serveShopFile } from "../shared/fake-files.ts";
import { serveSample } from "../shared/fake-media.ts";
import { parseJson } from "../shared/json.ts";
import { createPackets, signParts } from "../shared/weixin-crypt.ts";
import { cdata } from "../shared/xml.ts";
import type { MiniprogramConfig, OfficialConfig, WechatConfig } from "./config.ts";
import { type FakeAccount, type FakeSend, findFault, refusal, renderedText } from "./fake-rules.ts";

export interface FakeWechatOptions {
  readonly clock?: FakeClock;
  readonly webhookUrl?: string;
  /** Messages an account may send after one of a person's. @default 5 */
  readonly repliesPerMessage?: number;
  /** Who is whom across one company's accounts, by openid. */
  readonly unionids?: Readonly<Record<string, string>>;
}

export function createFakeWechatMiniprogram(config: MiniprogramConfig, options: FakeWechatOptions = {}): FakePlatform {
  return createFakeWechat(config, { ...options, account: "miniprogram", format: config.format });
}

export function createFakeWechatOfficial(config: OfficialConfig, options: FakeWechatOptions = {}): FakePlatform {
  return createFakeWechat(config, { ...options, account: "official", format: "xml" });
}

interface Options extends FakeWechatOptions {
  readonly account: FakeAccount;
  readonly format: "json" | "xml";
}

const ACCOUNT_ID = "gh_5a1c0b77e2d4";
const WINDOW_MS = 48 * 3_600_000;
const VISIT_MS = 60_000;
/** Subscription messages of the account, and the kinds of their values. */
const SUBSCRIPTIONS: Readonly<Record<string, readonly string[]>> = { "tpl-shipped": ["thing1", "character_string2"] };
/** Longest value of each kind. */
const VALUE_LIMITS: Readonly<Record<string, number>> = { thing: 20, character_string: 32, phrase: 5 };
const TOKEN_LIFE_S = 7200;

/** WeChat as an account sees it, strict about what it takes and when. A person may be written to once they have written. */
function createFakeWechat(config: WechatConfig, options: Options): FakePlatform {
  const { account, format } = options;
  const clock = options.clock ?? createFakeClock();
  const webhookUrl = options.webhookUrl ?? "https://desk.test/webhooks/wechat";
  const repliesPerMessage = options.repliesPerMessage ?? 5;
  const packets =
    config.encodingAesKey === undefined
      ? undefined
      : createPackets({ encodingAesKey: config.encodingAesKey, receiver: config.appId });
  let count = 0;
  let token = { value: "", until: 0 };
  const sent: FakeSent[] = [];
  const media = new Set<string>();
  const consentsUsed = new Set<string>();
  /** What a person did opens so many messages for so long; each kind of doing by itself. */
  const windows = new Map<string, Partial<Record<"message" | "visit", { until: number; left: number }>>>();
  const door = createFakeDoor({ origin: config.apiRoot, serve, refuse: (failure) => refusal(failure) });

  async function serve(request: Request): Promise<Response> {
    const url = new URL(request.url);
    if (url.pathname === "/cgi-bin/stable_token") return giveToken(request);
    if (url.searchParams.get("access_token") !== token.value || token.until <= clock.now()) return refusal(40001);
    switch (url.pathname) {
      case "/cgi-bin/get_api_domain_ip":
        return Response.json({ ip_list: ["101.226.103.1"] });
      case "/cgi-bin/media/upload":
        return takeMedia(request, url);
      case "/cgi-bin/media/get":
        return serveMedia(url.searchParams.get("media_id") ?? "");
      case account === "official" ? "/cgi-bin/message/custom/typing" : "/cgi-bin/message/custom/business/typing":
        return takeTyping(await request.json());
      case "/cgi-bin/user/info":
        return tellFollower(url.searchParams.get("openid") ?? "");
      case account === "miniprogram" ? "/cgi-bin/message/subscribe/send" : "":
        return takeSubscription(await request.json());
      case "/cgi-bin/message/custom/send":
        return takeMessage((await request.json().catch(() => undefined)) as FakeSend | undefined);
      default:
        return new Response("404 page not found", { status: 404 });
    }
  }

  /** The same token until it ends. https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/mp-access-token/getStableAccessToken.html */
  async function giveToken(request: Request): Promise<Response> {
    const asked = (await request.json()) as Readonly<Record<string, unknown>>;
    if (asked.grant_type !== "client_credential") return refusal(40002);
    if (asked.appid !== config.appId) return refusal(40013);
    if (asked.secret !== config.appSecret) return refusal(40125);
    if (asked.force_refresh === true || token.until <= clock.now()) {
      count += 1;
      token = { value: `token-${count}`, until: clock.now() + TOKEN_LIFE_S * 1000 };
    }
    return Response.json({ access_token: token.value, expires_in: Math.ceil((token.until - clock.now()) / 1000) });
  }

  async function takeMedia(request: Request, url: URL): Promise<Response> {
    const file = (await request.formData()).get("media");
    if (!(file instanceof File) || !["image", "voice"].includes(url.searchParams.get("type") ?? ""))
      return refusal(40004);
    count += 1;
    media.add(`media-${count}`);
    return Response.json({ type: url.searchParams.get("type"), media_id: `media-${count}`, created_at: seconds() });
  }

  /** https://developers.weixin.qq.com/doc/offiaccount/User_Management/Get_users_basic_information_UnionID.html */
  function tellFollower(openid: string): Response {
    if (account !== "official") return refusal(48001);
    if (!windows.has(openid)) return refusal(40003);
    const unionid = options.unionids?.[openid];
    return Response.json({ subscribe: 1, openid, ...(unionid === undefined ? {} : { unionid }) });
  }

  function takeTyping(typing: unknown): Response {
    const { touser, command } = Object(typing) as Readonly<Record<string, unknown>>;
    if (!windows.has(String(touser))) return refusal(40003);
    return command === "Typing" || command === "CancelTyping"
      ? Response.json({ errcode: 0, errmsg: "ok" })
      : refusal(45072);
  }

  /** Everybody has agreed once to everything. */
  function takeSubscription(body: unknown): Response {
    const { touser, template_id: id, data, ...more } = Object(body) as Readonly<Record<string, unknown>>;
    const known = Object.keys(more).every((key) => ["page", "miniprogram_state", "lang"].includes(key));
    if (!windows.has(String(touser))) return refusal(40003);
    const gaps = SUBSCRIPTIONS[String(id)];
    if (gaps === undefined) return refusal(40037);
    const values = Object(data) as Readonly<Record<string, { readonly value?: string }>>;
    const isRight = gaps.every((gap) => {
      const value = values[gap]?.value ?? "";
      return value !== "" && [...value].length <= (VALUE_LIMITS[gap.replace(/\d+$/, "")] ?? 20);
    });
    if (!known || !isRight || Object.keys(values).length !== gaps.length) return refusal(47003);
    const used = `${String(touser)}:${String(id)}`;
    if (consentsUsed.has(used)) return refusal(43101);
    consentsUsed.add(used);
    count += 1;
    sent.push({
      to: String(touser),
      messageId: `sent-${count}`,
      text: gaps.map((gap) => values[gap]?.value).join("\n"),
      buttons: [],
      method: "subscribe",
      payload: body,
      at: clock.now(),
    });
    return Response.json({ errcode: 0, errmsg: "ok" });
  }

  function takeMessage(message: FakeSend | undefined): Response {
    if (message === undefined) return refusal(47001);
    const open = windows.get(message.touser ?? "");
    if (open === undefined) return refusal(40003);
    const running = Object.values(open).filter((window) => window.until >= clock.now());
    if (running.length === 0) return refusal(45015);
    const fault = findFault(account, message, media);
    if (fault !== undefined) return refusal(fault);
    if (running.every((window) => window.left === 0)) return refusal(45047);
    for (const window of running) window.left = Math.max(0, window.left - 1);
    count += 1;
    sent.push({
      to: message.touser ?? "",
      messageId: `sent-${count}`,
      text: renderedText(message),
      buttons: message.msgmenu?.list?.map((item) => item.content ?? "") ?? [],
      method: message.msgtype ?? "",
      payload: message,
      at: clock.now(),
    });
    return Response.json({ errcode: 0, errmsg: "ok" });
  }

  const seconds = () => Math.floor(clock.now() / 1000);

  /** https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Service_Center_messages.html */
  function openWindow({ userId, type }: FakeEvent): void {
    const isVisit = type === "join" || type === "tap";
    const opened = isVisit
      ? { visit: { until: clock.now() + VISIT_MS, left: account === "official" ? 3 : 2 } }
      : { message: { until: clock.now() + WINDOW_MS, left: repliesPerMessage } };
    windows.set(userId, { ...windows.get(userId), ...opened });
  }

  function toPush(event: FakeEvent): Readonly<Record<string, unknown>> {
    count += 1;
    if (event.type === "leave") windows.delete(event.userId);
    else openWindow(event);
    const frame = { ToUserName: ACCOUNT_ID, FromUserName: event.userId, CreateTime: seconds() };
    const happened = (Event: string, more: object = {}) => ({ ...frame, MsgType: "event", Event, ...more });
    // As wide as WeChat's: beyond what a double holds.
    const message = (MsgType: string, more: object) => ({
      ...frame,
      MsgType,
      ...more,
      MsgId: `${24_681_012_345_678_000n + BigInt(count)}`,
    });
    switch (event.type) {
      case "text":
        return message("text", { Content: event.text });
      case "tap":
        return message("text", tapOf(event));
      case "image":
        return message("image", { PicUrl: "https://mmbiz.qpic.cn/x/1", MediaId: "inbound-image" });
      case "audio":
        return message("voice", { MediaId: "inbound-voice", Format: "amr" });
      case "video":
        return message("video", { MediaId: "inbound-video", ThumbMediaId: "inbound-thumb" });
      case "location":
        return message("location", { Location_X: event.lat, Location_Y: event.lng, Scale: 15, Label: "上海市" });
      case "join":
        return account === "official"
          ? happened("subscribe", { EventKey: event.payload === undefined ? "" : `qrscene_${event.payload}` })
          : happened("user_enter_tempsession", { SessionFrom: event.payload ?? "" });
      case "leave":
        return happened("unsubscribe", { EventKey: "" });
      case "unknown":
        return happened("hologram", { Beam: "7" });
      default:
        throw new Error(`WeChat has no ${event.type}.`);
    }
  }

  function tapOf({ userId, label }: Extract<FakeEvent, { type: "tap" }>): object {
    const shown = sent.findLast((message) => message.to === userId && message.buttons.includes(label));
    const item = (shown?.payload as FakeSend | undefined)?.msgmenu?.list?.find((each) => each.content === label);
    if (item === undefined) throw new Error(`${userId} sees no item "${label}".`);
    return { Content: label, bizmsgmenuid: item.id };
  }

  async function sign(body: unknown): Promise<Request> {
    const raw = typeof body === "string" || body instanceof Uint8Array ? toBody(body) : write(body, format);
    count += 1;
    const timestamp = String(seconds());
    const nonce = String(100_000_000 + count);
    const signature = await signParts(config.token, [timestamp, nonce]);
    const names = namesIn(raw);
    const query: Record<string, string> = { signature, timestamp, nonce };
    if (/^[\w-]+$/.test(names.FromUserName ?? "")) query.openid = names.FromUserName ?? "";
    if (packets === undefined) return post(query, raw);
    const Encrypt = await packets.seal(raw);
    const msg_signature = await signParts(config.token, [timestamp, nonce, Encrypt]);
    const envelope = { ToUserName: names.ToUserName ?? ACCOUNT_ID, Encrypt };
    return post({ ...query, encrypt_type: "aes", msg_signature }, write(envelope, format));
  }

  function post(query: Readonly<Record<string, string>>, body: string | Uint8Array<ArrayBuffer>): Request {
    const headers = { "content-type": format === "json" ? "application/json" : "text/xml" };
    return new Request(`${webhookUrl}?${new URLSearchParams(query)}`, { method: "POST", headers, body });
  }

  return {
    channel: account === "official" ? "wechat-official" : "wechat-miniprogram",
    ...door,
    fetch: async (input, init) => {
      const request = new Request(input, init);
      request.signal.throwIfAborted();
      // A token is asked for seldom, by itself: what goes wrong on request is the call it is for.
      if (new URL(request.url).pathname === "/cgi-bin/stable_token") return serve(request);
      return serveShopFile(request) ?? door.fetch(request);
    },
    clock,
    sent,
    sign,
    people: ["oUser_7Hq2Lw9XkZ3bTnVc", "oUser_8Kt5Mx2YpA6dRsWf"],
    plays: account === "official" ? [...COMMON, "tap", "audio", "video", "location", "leave"] : COMMON,
    webhook: (event) => sign(toPush(event)),
  };
}

const COMMON: readonly FakeEvent["type"][] = ["text", "image", "join", "unknown"];

/** JSON with its ids as bare numbers, as WeChat writes them, or XML. */
function write(body: unknown, format: "json" | "xml"): string {
  if (format === "json") return JSON.stringify(body).replaceAll(/"MsgId":"(\d+)"/g, '"MsgId":$1');
  return `<xml>${toXml(body)}</xml>`;
}

function toXml(value: unknown): string {
  // A reader of XML makes every line end a plain one; only a reference keeps the other.
  if (typeof value === "string") return cdata(value).replaceAll("\r", "]]>&#13;<![CDATA[");
  if (typeof value !== "object" || value === null) return value === null ? "" : String(value);
  return Object.entries(value)
    .map(([name, inner]) => (inner === undefined ? "" : `<${name}>${toXml(inner)}</${name}>`))
    .join("");
}

/** Whom a push is from and for, which WeChat repeats beside the packet. */
function namesIn(raw: string | Uint8Array): { readonly ToUserName?: string; readonly FromUserName?: string } {
  const bytes = typeof raw === "string" ? new TextEncoder().encode(raw) : raw;
  try {
    const { ToUserName, FromUserName } = Object(parseJson(bytes));
    const nameOf = (value: unknown) => (typeof value === "string" ? value : undefined);
    return definedOf({ ToUserName: nameOf(ToUserName), FromUserName: nameOf(FromUserName) });
  } catch {
    // Not JSON: XML, or what a test wants to see refused.
    const text = new TextDecoder().decode(bytes);
    const find = (name: string) => new RegExp(`<${name}>\\s*(?:<!\\[CDATA\\[)?([^<\\]]*)`).exec(text)?.[1];
    return definedOf({ ToUserName: find("ToUserName"), FromUserName: find("FromUserName") });
  }
}

function definedOf(names: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(names).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

function serveMedia(mediaId: string): Response {
  if (!mediaId.startsWith("inbound-")) return refusal(40007);
  if (mediaId === "inbound-video") return Response.json({ video_url: "https://videos.example/a.mp4" });
  return serveSample(mediaId === "inbound-voice" ? "audio" : "image", {
    "content-disposition": `attachment; filename="${mediaId}"`,
  });
}
