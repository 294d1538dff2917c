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
import { sampleKind, serveSample } from "../shared/fake-media.ts";
import { createPackets, signParts } from "../shared/weixin-crypt.ts";
import { cdata } from "../shared/xml.ts";
import type { WecomConfig } from "./config.ts";
import { type FakeSend, findFault, labelsOf, refusal, renderedText } from "./fake-rules.ts";

export interface FakeWecomOptions {
  readonly clock?: FakeClock;
  readonly webhookUrl?: string;
  /** Messages the account may send after one of a person's. @default 5 */
  readonly repliesPerMessage?: number;
  /** Most items of one pull. @default 1000 */
  readonly pageSize?: number;
}

/** A WeCom platform whose people's messages wait to be pulled, and whose conversations an agent may take. */
export interface FakeWecom extends FakePlatform {
  /** As if an agent took the conversation in WeCom's app (3), or it ended (4). */
  setState(userId: string, state: number): void;
  /** Puts an item among those to be pulled, without ringing. */
  queue(item: object): void;
}

const WINDOW_MS = 48 * 3_600_000;
const WELCOME_MS = 20_000;
const TOKEN_LIFE_S = 7200;

export function createFakeWecom(config: WecomConfig, options: FakeWecomOptions = {}): FakeWecom {
  const clock = options.clock ?? createFakeClock();
  const webhookUrl = options.webhookUrl ?? "https://desk.test/webhooks/wecom";
  const packets = createPackets({ encodingAesKey: config.encodingAesKey, receiver: config.corpId });
  let count = 0;
  let token = { value: "", until: 0 };
  const items: unknown[] = [];
  const sent: FakeSent[] = [];
  const media = new Map<string, string>();
  const ids = new Set<string>();
  const welcomes = new Map<string, { readonly userId: string; readonly until: number }>();
  const people = new Map<string, { openedAt: number; left: number; state: number; lastId: string }>();
  const door = createFakeDoor({ origin: config.apiRoot, serve, refuse: (failure) => refusal(failure) });
  const seconds = () => Math.floor(clock.now() / 1000);

  async function serve(request: Request): Promise<Response> {
    const url = new URL(request.url);
    if (url.pathname === "/cgi-bin/gettoken") return giveToken(url);
    const given = url.searchParams.get("access_token");
    if (given !== token.value) return refusal(given === null ? 41001 : 40001);
    if (token.until <= clock.now()) return refusal(42001);
    if (url.pathname === "/cgi-bin/media/upload") return takeMedia(request, url);
    if (url.pathname === "/cgi-bin/media/get") return serveMedia(url.searchParams.get("media_id") ?? "");
    const asked = await request.json().catch(() => ({}));
    switch (url.pathname) {
      case "/cgi-bin/kf/account/list":
        return ok({ account_list: [{ open_kfid: config.openKfId, name: "小店客服" }] });
      case "/cgi-bin/kf/sync_msg":
        return givePage(asked);
      case "/cgi-bin/kf/send_msg":
        return takeMessage(asked);
      case "/cgi-bin/kf/send_msg_on_event":
        return takeWelcome(asked);
      case "/cgi-bin/kf/service_state/get":
        return ok({ service_state: people.get(asked.external_userid)?.state ?? 0 });
      default:
        return new Response("404 page not found", { status: 404 });
    }
  }

  function giveToken(url: URL): Response {
    if (url.searchParams.get("corpid") !== config.corpId) return refusal(40013);
    if (url.searchParams.get("corpsecret") !== config.secret) return refusal(40001);
    if (token.until <= clock.now()) {
      count += 1;
      token = { value: `token-${count}`, until: clock.now() + TOKEN_LIFE_S * 1000 };
    }
    return ok({ access_token: token.value, expires_in: Math.ceil((token.until - clock.now()) / 1000) });
  }

  function givePage(asked: {
    readonly cursor?: string;
    readonly open_kfid?: string;
    readonly limit?: number;
  }): Response {
    if (asked.open_kfid !== config.openKfId) return refusal(95000);
    const start = Number(/^c(\d+)$/.exec(asked.cursor ?? "")?.[1] ?? 0);
    const end = Math.min(items.length, start + Math.min(asked.limit ?? 1000, options.pageSize ?? 1000));
    return ok({ next_cursor: `c${end}`, has_more: end < items.length ? 1 : 0, msg_list: items.slice(start, end) });
  }

  async function takeMedia(request: Request, url: URL): Promise<Response> {
    const file = (await request.formData()).get("media");
    const type = url.searchParams.get("type") ?? "";
    if (!(file instanceof File) || file.size < 5 || !["image", "voice", "video", "file"].includes(type))
      return refusal(40058);
    count += 1;
    media.set(`media-${count}`, type);
    return ok({ type, media_id: `media-${count}`, created_at: String(seconds()) });
  }

  function takeMessage(message: FakeSend): Response {
    if (message.open_kfid !== config.openKfId) return refusal(95000);
    const person = people.get(message.touser ?? "");
    if (person === undefined) return refusal(40096);
    if (person.state > 1) return refusal(95018);
    if (clock.now() - person.openedAt > WINDOW_MS) return refusal(95002);
    const fault = faultOf(message);
    if (fault !== undefined) return fault;
    if (person.left === 0) return refusal(95001);
    person.left -= 1;
    return accept(message.touser ?? "", message);
  }

  function takeWelcome(message: FakeSend): Response {
    const welcome = welcomes.get(message.code ?? "");
    if (welcome === undefined || welcome.until < clock.now()) return refusal(40058);
    const fault = message.msgtype === "text" || message.msgtype === "msgmenu" ? faultOf(message) : refusal(40008);
    if (fault !== undefined) return fault;
    welcomes.delete(message.code ?? "");
    return accept(welcome.userId, message);
  }

  function faultOf(message: FakeSend): Response | undefined {
    const { msgid = "" } = message;
    if (msgid !== "" && !/^[\w-]{1,32}$/.test(msgid)) return refusal(40058);
    if (ids.has(msgid)) return refusal(40058, "invalid Request Parameter: msgid already exists");
    const fault = findFault(message, media);
    return fault === undefined ? undefined : refusal(fault);
  }

  function accept(to: string, message: FakeSend): Response {
    count += 1;
    const msgid = message.msgid || `sent-${count}`;
    ids.add(msgid);
    sent.push({
      to,
      messageId: msgid,
      text: renderedText(message),
      buttons: labelsOf(message),
      method: message.msgtype ?? "",
      payload: message,
      at: clock.now(),
    });
    return ok({ msgid });
  }

  /** What a person did, as `sync_msg` will give it. */
  function toItem(event: FakeEvent): object {
    count += 1;
    const { userId } = event;
    const before = people.get(userId);
    const frame = { msgid: `4WZ${count}`, open_kfid: config.openKfId, send_time: seconds() };
    const happened = (more: object) => ({
      ...frame,
      origin: 4,
      msgtype: "event",
      event: { open_kfid: config.openKfId, external_userid: userId, ...more },
    });
    if (event.type === "unknown") return happened({ event_type: "hologram", beam: 7 });
    if (event.type === "recall") return happened({ event_type: "user_recall_msg", recall_msgid: before?.lastId ?? "" });
    if (event.type === "join") {
      const welcome_code = `welcome-${count}`;
      welcomes.set(welcome_code, { userId, until: clock.now() + WELCOME_MS });
      return happened({ event_type: "enter_session", scene: "shop", scene_param: event.payload ?? "", welcome_code });
    }
    const left = options.repliesPerMessage ?? 5;
    const state = before === undefined || before.state === 4 ? 0 : before.state;
    people.set(userId, { openedAt: clock.now(), left, state, lastId: frame.msgid });
    return { ...frame, external_userid: userId, origin: 3, ...saidIn(event) };
  }

  function saidIn(event: FakeEvent): object {
    switch (event.type) {
      case "text":
        return { msgtype: "text", text: { content: event.text } };
      case "tap":
        return { msgtype: "text", text: tapOf(event) };
      case "image":
        return { msgtype: "image", image: { media_id: "inbound-image" } };
      case "audio":
        return { msgtype: "voice", voice: { media_id: "inbound-voice" } };
      case "video":
        return { msgtype: "video", video: { media_id: "inbound-video" } };
      case "file":
        return { msgtype: "file", file: { media_id: "inbound-file" } };
      case "location":
        return {
          msgtype: "location",
          location: { latitude: event.lat, longitude: event.lng, name: "门店", address: "南京东路" },
        };
      default:
        throw new Error(`WeCom has no ${event.type}.`);
    }
  }

  function tapOf({ userId, label }: Extract<FakeEvent, { type: "tap" }>): object {
    const shown = sent.findLast((message) => message.to === userId && message.buttons.includes(label));
    const list = (shown?.payload as FakeSend | undefined)?.msgmenu?.list ?? [];
    const item = list.find((each) => each.click?.content === label);
    if (item === undefined) throw new Error(`${userId} sees no item "${label}".`);
    return { content: label, menu_id: item.click?.id };
  }

  function ring(): Promise<Request> {
    count += 1;
    const fields = [
      `<ToUserName>${cdata(config.corpId)}</ToUserName><CreateTime>${seconds()}</CreateTime>`,
      `<MsgType>${cdata("event")}</MsgType><Event>${cdata("kf_msg_or_event")}</Event>`,
      `<Token>${cdata(`ENC${count}`)}</Token><OpenKfId>${cdata(config.openKfId)}</OpenKfId>`,
    ];
    return post(`<xml>${fields.join("")}</xml>`);
  }

  async function post(message: string | Uint8Array): Promise<Request> {
    count += 1;
    const timestamp = String(seconds());
    const nonce = String(1_000_000_000 + count);
    const encrypted = await packets.seal(message);
    const msg_signature = await signParts(config.token, [timestamp, nonce, encrypted]);
    const body = `<xml><ToUserName>${cdata(config.corpId)}</ToUserName><Encrypt>${cdata(encrypted)}</Encrypt><AgentID>${cdata("")}</AgentID></xml>`;
    const query = new URLSearchParams({ msg_signature, timestamp, nonce });
    return new Request(`${webhookUrl}?${query}`, { method: "POST", headers: { "content-type": "text/xml" }, body });
  }

  return {
    channel: "wecom-kf",
    ...door,
    fetch: async (input, init) => {
      const request = new Request(input, init);
      request.signal.throwIfAborted();
      const { pathname } = new URL(request.url);
      // What goes wrong on request is the message: a token and a pull come by themselves.
      if (pathname === "/cgi-bin/gettoken" || pathname === "/cgi-bin/kf/sync_msg") return serve(request);
      return serveShopFile(request) ?? door.fetch(request);
    },
    clock,
    sent,
    people: ["wmAJ2GCAAAme1XQRC-NI-q0_ZM9ukoAw", "wmAJ2GCAAAXtWyujaWJHDDGi0mACH71w"],
    plays: ["text", "tap", "image", "audio", "video", "file", "location", "recall", "join", "unknown"],
    setState: (userId, state) => {
      const person = people.get(userId);
      if (person !== undefined) person.state = state;
    },
    queue: (item) => void items.push(item),
    /** Text is the notice itself; anything else is an item that waits to be pulled. */
    sign: (body) => {
      if (typeof body === "string" || body instanceof Uint8Array) return post(toBody(body));
      items.push(body);
      return ring();
    },
    webhook: (event) => {
      items.push(toItem(event));
      return ring();
    },
  };
}

function ok(result: object): Response {
  return Response.json({ errcode: 0, errmsg: "ok", ...result });
}

function serveMedia(mediaId: string): Response {
  if (!mediaId.startsWith("inbound-")) return refusal(40007);
  return serveSample(mediaId === "inbound-voice" ? "audio" : sampleKind(`${mediaId.replace("inbound-", "")}-`), {
    "content-disposition": `attachment; filename="${mediaId}"`,
  });
}
