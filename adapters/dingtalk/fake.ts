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
import { createHmac, toBase64 } from "../shared/hmac.ts";
import type { DingtalkConfig } from "./config.ts";

interface Card {
  readonly title?: string;
  readonly text?: string;
  readonly btns?: readonly { readonly title: string; readonly actionURL: string }[];
}

/** What a session's webhook takes. */
interface Payload {
  readonly msgtype?: string;
  readonly text?: { readonly content?: string };
  readonly markdown?: Card;
  readonly actionCard?: Card;
  readonly link?: Card & { readonly messageUrl?: string };
}

/** Sessions live on a host of their own; a server in front of the fake has one for everything. */
function sessionAddress({ apiRoot }: DingtalkConfig): string {
  const { origin } = new URL(apiRoot);
  return `${origin === "https://api.dingtalk.com" ? "https://oapi.dingtalk.com" : origin}/robot/sendBySession`;
}

/** DingTalk as a robot sees it, strict about what it takes; a conversation's webhook holds for 90 minutes. */
export function createFakeDingtalk(
  config: DingtalkConfig,
  options: { readonly clock?: FakeClock; readonly webhookUrl?: string } = {},
): FakePlatform {
  const clock = options.clock ?? createFakeClock();
  const webhookUrl = options.webhookUrl ?? "https://desk.test/webhooks/dingtalk";
  const hmac = createHmac(config.appSecret);
  const session = sessionAddress(config);
  const sent: FakeSent[] = [];
  const sessions = new Map<string, { readonly userId: string; readonly until: number }>();
  let count = 0;
  let lastTimestamp = 0;
  const door = createFakeDoor({ origin: [config.apiRoot, session], serve, refuse });

  async function serve(request: Request): Promise<Response> {
    const url = new URL(request.url);
    if (url.pathname.startsWith("/file/")) return serveSample(KINDS[url.pathname.split("/").at(-1) ?? ""] ?? "image");
    if (`${url.origin}${url.pathname}` === session) return takeBySession(url, (await request.json()) as Payload);
    const body = (await request.json()) as Record<string, unknown>;
    if (url.pathname === "/v1.0/oauth2/accessToken") return giveToken(body);
    if (request.headers.get("x-acs-dingtalk-access-token") !== "at-fake")
      return fault(401, "InvalidAuthentication", "token is invalid");
    if (body.robotCode !== config.robotCode) return fault(400, "robot.notExist", "robotCode is wrong");
    if (url.pathname === "/v1.0/robot/messageFiles/download")
      return Response.json({ downloadUrl: `${config.apiRoot}/file/${String(body.downloadCode)}` });
    const isGroup = url.pathname === "/v1.0/robot/groupMessages/send";
    if (!isGroup && url.pathname !== "/v1.0/robot/oToMessages/batchSend")
      return fault(404, "InvalidAction.NotFound", "no such API");
    return takeByApi(isGroup ? String(body.openConversationId) : String(Object(body.userIds)[0]), body);
  }

  function giveToken({ appKey, appSecret }: Record<string, unknown>): Response {
    if (appKey !== config.appKey || appSecret !== config.appSecret)
      return fault(400, "invalidClientIdOrSecret", "wrong");
    return Response.json({ accessToken: "at-fake", expireIn: 7200 });
  }

  function takeBySession(url: URL, payload: Payload): Response {
    const open = sessions.get(url.searchParams.get("session") ?? "");
    if (open === undefined || open.until < clock.now()) return oldFault(400101, "session is not found");
    const wrong = findFault(payload);
    if (wrong !== undefined) return oldFault(400105, wrong);
    take(open.userId, "sendBySession", payload);
    return Response.json({ errcode: 0, errmsg: "ok" });
  }

  function takeByApi(to: string, { msgKey, msgParam }: Record<string, unknown>): Response {
    const param = JSON.parse(String(msgParam)) as Record<string, string>;
    const payload = toPayload(String(msgKey), param);
    const wrong = payload === undefined ? "msgKey.invalid" : findFault(payload);
    if (payload === undefined || wrong !== undefined) return fault(400, "invalidParameter", String(wrong));
    const isKnown = [...sessions.values()].some(({ userId }) => userId === to);
    if (!isKnown) return Response.json({ processQueryKey: `p${count}`, invalidStaffIdList: [to] });
    take(to, String(msgKey), payload);
    return Response.json({ processQueryKey: `p${count}` });
  }

  function take(to: string, method: string, payload: Payload): void {
    count += 1;
    const buttons = buttonsOf(payload).map(({ title }) => title);
    sent.push({ to, messageId: `d${count}`, text: textOf(payload), buttons, method, payload, at: clock.now() });
  }

  function said(event: FakeEvent): object {
    switch (event.type) {
      case "text":
        return { msgtype: "text", text: { content: event.text } };
      case "tap":
        return { msgtype: "text", text: { content: tappedWords(event) } };
      case "image":
        return { msgtype: "picture", content: { downloadCode: "dc-1" } };
      case "audio":
        return { msgtype: "audio", content: { downloadCode: "dc-2", duration: 2000, recognition: "物流到哪了" } };
      case "video":
        return { msgtype: "video", content: { downloadCode: "dc-3", videoType: "mp4", duration: 2000 } };
      case "file":
        return { msgtype: "file", content: { downloadCode: "dc-4", fileName: event.name } };
      case "unknown":
        return { hologram: 7 };
      default:
        throw new Error(`DingTalk tells a robot of no ${event.type}.`);
    }
  }

  function tappedWords({ userId, label }: Extract<FakeEvent, { type: "tap" }>): string {
    const shown = sent.findLast((message) => message.to === userId && message.buttons.includes(label));
    if (shown === undefined) throw new Error(`${userId} sees no button "${label}".`);
    // Every payload in `sent` was taken by `take`.
    const address = buttonsOf(shown.payload as Payload).find(({ title }) => title === label)?.actionURL ?? "";
    return new URL(address).searchParams.get("content") ?? "";
  }

  async function sign(body: unknown): Promise<Request> {
    // Real ones differ in their milliseconds, and a signature is good for one body.
    lastTimestamp = Math.max(lastTimestamp + 1, clock.now());
    const timestamp = String(lastTimestamp);
    const signature = toBase64(await hmac.sign(`${timestamp}\n${config.appSecret}`));
    const headers = { "content-type": "application/json", timestamp, sign: signature };
    return new Request(webhookUrl, { method: "POST", headers, body: toBody(body) });
  }

  return {
    channel: "dingtalk",
    ...door,
    clock,
    sent,
    sign,
    people: ["user123", "user456"],
    plays: ["text", "tap", "image", "audio", "video", "file", "unknown"],
    webhook: (event) => {
      count += 1;
      const { userId } = event;
      const until = clock.now() + 5_400_000;
      sessions.set(`s-${userId}`, { userId, until });
      return sign({
        msgId: `msg${count}`,
        createAt: clock.now(),
        conversationId: `cid-${userId}`,
        conversationType: "1",
        senderId: `$:LWCP_v1:$${userId}`,
        senderStaffId: userId,
        senderNick: "张",
        chatbotUserId: "$:LWCP_v1:$bot",
        robotCode: config.robotCode,
        sessionWebhook: `${session}?session=s-${userId}`,
        sessionWebhookExpiredTime: until,
        ...said(event),
      });
    },
  };
}

/** What DingTalk refuses, and how it says so. */
function findFault(payload: Payload): string | undefined {
  const { msgtype, text, markdown, actionCard, link } = payload;
  if (JSON.stringify(payload).length > 20_000) return "the message is too long";
  if (msgtype === "text") return text?.content?.trim() ? undefined : "text.content is empty";
  if (msgtype === "markdown")
    return markdown?.title?.trim() && markdown.text?.trim() ? undefined : "markdown is incomplete";
  if (msgtype === "link")
    return link?.title && link.text && link.messageUrl?.startsWith("http") ? undefined : "link is incomplete";
  if (msgtype !== "actionCard") return "msgtype is not supported";
  const buttons = buttonsOf(payload);
  const isWhole = actionCard?.title?.trim() && actionCard.text?.trim() && buttons.length > 0;
  const areButtons = buttons.every(
    ({ title, actionURL }) => title.trim() !== "" && /^(?:https?|dtmd):\/\//.test(actionURL),
  );
  return isWhole && areButtons ? undefined : "actionCard is incomplete";
}

/** The API's templates are the same messages under other names. */
function toPayload(msgKey: string, param: Record<string, string>): Payload | undefined {
  const { title = "", text = "", content = "", singleTitle = "", singleURL = "" } = param;
  if (msgKey === "sampleText") return { msgtype: "text", text: { content } };
  if (msgKey === "sampleMarkdown") return { msgtype: "markdown", markdown: { title, text } };
  if (msgKey === "sampleLink") return { msgtype: "link", link: { title, text, messageUrl: param.messageUrl ?? "" } };
  if (msgKey === "sampleActionCard")
    return { msgtype: "actionCard", actionCard: { title, text, btns: [{ title: singleTitle, actionURL: singleURL }] } };
  const buttons = Number(/^sampleActionCard([2-5])$/.exec(msgKey)?.[1] ?? 0);
  if (buttons === 0) return undefined;
  const btns = Array.from({ length: buttons }, (_, n) => ({
    title: param[`actionTitle${n + 1}`] ?? "",
    actionURL: param[`actionURL${n + 1}`] ?? "",
  }));
  return { msgtype: "actionCard", actionCard: { title, text, btns } };
}

function buttonsOf({ actionCard }: Payload) {
  return actionCard?.btns ?? [];
}

function textOf({ text, markdown, actionCard, link }: Payload): string {
  return [text?.content, markdown?.text, actionCard?.text, link?.title, link?.text].filter(Boolean).join("\n");
}

function oldFault(errcode: number, errmsg: string): Response {
  return Response.json({ errcode, errmsg });
}

function fault(status: number, code: string, message: string): Response {
  return Response.json({ code, message, requestid: "x" }, { status });
}

function refuse(failure: "429" | "500" | "502" | "401" | "gone"): Response {
  if (failure === "502") return new Response("<html><h1>502 Bad Gateway</h1></html>", { status: 502 });
  if (failure === "500") return oldFault(-1, "系统繁忙");
  if (failure === "401") return oldFault(310000, "sign not match");
  return failure === "gone"
    ? oldFault(400013, "群已被解散")
    : oldFault(130101, "send too fast, exceed 20 times per minute");
}

const KINDS: Readonly<Record<string, SampleKind>> = { "dc-2": "audio", "dc-3": "video", "dc-4": "file" };
