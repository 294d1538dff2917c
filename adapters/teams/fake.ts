import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from "jose";
import {
  createFakeClock,
  createFakeDoor,
  type FakeClock,
  type FakeEvent,
  type FakePlatform,
  type FakeSent,
  toBody,
} from "../shared/fake.ts";
import { serveSample } from "../shared/fake-media.ts";
import type { TeamsConfig } from "./config.ts";
import { actionsOf, type FakeActivity, findFault, refusal, renderedText } from "./fake-rules.ts";

export interface FakeTeamsOptions {
  readonly clock?: FakeClock;
  readonly webhookUrl?: string;
  /** What every activity names; its origin must be allowed by the configuration. */
  readonly serviceUrl?: string;
  readonly tenantId?: string;
}

/** Its public half is what the adapter fetches; one for the whole process, since making one takes a while. */
let keyPair: ReturnType<typeof generateKeyPair> | undefined;
const KID = "6cB1QGW_AP8LHMPNdHWAilToewk";

/** Teams as a bot sees it: the Connector, Microsoft's login and its keys. Conversations exist once their person has done something. */
export function createFakeTeams(config: TeamsConfig, options: FakeTeamsOptions = {}): FakePlatform {
  const clock = options.clock ?? createFakeClock();
  const webhookUrl = options.webhookUrl ?? "https://desk.test/webhooks/teams";
  const [ownCloud = "https://smba.trafficmanager.net"] = config.allowedServiceUrls ?? [];
  const serviceUrl = options.serviceUrl ?? `${ownCloud}/emea/`;
  const tenantId = options.tenantId ?? config.tenantId ?? "72f988bf-86f1-41af-91ab-2d7cd011db47";
  const botId = `28:${config.appId}`;
  const sent: FakeSent[] = [];
  const chats = new Map<string, "open" | "removed">();
  const lastSaid = new Map<string, string>();
  const tokens = new Set<string>();
  /** The Connector too uses a token for many requests. */
  const signatures = new Map<string, string>();
  let count = 0;
  keyPair ??= generateKeyPair("RS256", { extractable: true });
  const keys = keyPair;
  const origin = [config.openIdMetadataUrl, config.loginUrl, serviceUrl];
  const door = createFakeDoor({ origin, serve, refuse: (failure) => refusal(failure) });

  const isLogin = (url: string) => url.startsWith(config.loginUrl) && url.endsWith("/oauth2/v2.0/token");
  const nextId = () => {
    count += 1;
    return String(1_767_578_400_000 + count);
  };

  async function handle(request: Request): Promise<Response> {
    // What goes wrong on request is the Connector, not the login before it.
    return isLogin(request.url) ? login(request) : door.handle(request);
  }

  async function login(request: Request): Promise<Response> {
    const form = new URLSearchParams(await request.text());
    const isOurs =
      form.get("grant_type") === "client_credentials" &&
      form.get("client_id") === config.appId &&
      form.get("client_secret") === config.appPassword &&
      form.get("scope") === "https://api.botframework.com/.default";
    if (!isOurs) {
      return Response.json({ error: "invalid_client" }, { status: 401 });
    }
    const token = `fake-access-token-${nextId()}`;
    tokens.add(token);
    return Response.json({ token_type: "Bearer", expires_in: 3599, access_token: token });
  }

  async function serve(request: Request): Promise<Response> {
    if (request.url === config.openIdMetadataUrl) {
      const jwks_uri = new URL("/v1/.well-known/keys", config.openIdMetadataUrl).href;
      return Response.json({ issuer: "https://api.botframework.com", jwks_uri });
    }
    const { pathname } = new URL(request.url);
    if (pathname === "/v1/.well-known/keys") {
      const jwk = await exportJWK((await keys).publicKey);
      return Response.json({ keys: [{ ...jwk, use: "sig", kid: KID, endorsements: ["msteams"] }] });
    }
    const token = /^Bearer (.+)$/.exec(request.headers.get("authorization") ?? "")?.[1];
    if (config.auth !== "none" && !tokens.has(token ?? "")) return refusal("401");
    if (pathname.includes("/v3/attachments/")) {
      return serveSample("image");
    }
    const path = `${new URL(serviceUrl).pathname.replace(/\/+$/, "")}/v3/conversations/`;
    const [id = "", last] = pathname.startsWith(path) ? pathname.slice(path.length).split("/") : [];
    if (last !== "activities" || request.method !== "POST") return refusal("BadSyntax: path");
    return post(decodeURIComponent(id), (await request.json()) as FakeActivity);
  }

  function post(conversationId: string, activity: FakeActivity): Response {
    const chat = chats.get(conversationId);
    if (chat === undefined) return refusal("nobody");
    if (chat === "removed") return refusal("gone");
    const fault = findFault(activity);
    if (fault !== undefined) return refusal(fault);
    const id = nextId();
    if (activity.type === "typing") return Response.json({ id }, { status: 201 });
    sent.push({
      to: conversationId,
      messageId: `${conversationId}:${id}`,
      text: renderedText(activity),
      buttons: actionsOf(activity).map((action) => action.title ?? ""),
      method: "sendToConversation",
      payload: activity,
      at: clock.now(),
    });
    return Response.json({ id }, { status: 201 });
  }

  const chatOf = (userId: string) => `a:${userId.slice(3)}`;

  function toActivity(event: FakeEvent): object {
    const { userId } = event;
    const conversationId = chatOf(userId);
    chats.set(conversationId, event.type === "leave" ? "removed" : "open");
    const id = nextId();
    const frame = {
      id,
      timestamp: new Date(clock.now()).toISOString(),
      channelId: "msteams",
      serviceUrl,
      from: { id: userId, name: "Lee", aadObjectId: "f6b1c2d3-0000-4000-8000-000000000001" },
      conversation: { conversationType: "personal", id: conversationId, tenantId },
      recipient: { id: botId, name: "shopbot" },
      locale: "zh-CN",
      channelData: { tenant: { id: tenantId } },
    };
    switch (event.type) {
      case "join":
        return { type: "installationUpdate", action: "add", ...frame };
      case "leave":
        return { type: "installationUpdate", action: "remove", ...frame };
      case "edit":
        return { type: "messageUpdate", ...frame, id: lastSaid.get(userId), text: event.text };
      case "recall":
        return { type: "messageDelete", ...frame, id: lastSaid.get(userId) };
      case "unknown":
        return { type: "hologram", ...frame, beam: 7 };
      case "tap":
        return { type: "message", ...frame, ...tapped(conversationId, event.label) };
      default:
        lastSaid.set(userId, id);
        return { type: "message", ...frame, ...said(event) };
    }
  }

  function tapped(conversationId: string, label: string): object {
    const shown = sent.findLast((message) => message.to === conversationId && message.buttons.includes(label));
    if (shown === undefined) throw new Error(`${conversationId} shows no button "${label}".`);
    const { data } = actionsOf(shown.payload as FakeActivity).find((action) => action.title === label) ?? {};
    return { text: data?.msteams?.text, value: JSON.parse(data?.msteams?.value ?? "null") };
  }

  function said(event: Exclude<FakeEvent, { type: "tap" | "edit" | "recall" | "join" | "leave" | "unknown" }>): object {
    if (event.type === "text") return { text: event.text, textFormat: "plain" };
    if (event.type === "image") {
      const contentUrl = new URL(`v3/attachments/0-${nextId()}/views/original`, serviceUrl).href;
      return { text: event.caption, attachments: [{ contentType: "image/*", contentUrl }] };
    }
    if (event.type !== "file") throw new Error(`Teams has no ${event.type}.`);
    const name = event.name ?? "a.pdf";
    const content = {
      downloadUrl: `https://shop.sharepoint.com/dl?tempauth=${nextId()}`,
      uniqueId: "1",
      fileType: "pdf",
    };
    return { attachments: [{ contentType: "application/vnd.microsoft.teams.file.download.info", name, content }] };
  }

  async function toToken(claims: JWTPayload, now: number): Promise<string> {
    return new SignJWT(claims)
      .setProtectedHeader({ alg: "RS256", typ: "JWT", kid: KID, x5t: KID })
      .setIssuer("https://api.botframework.com")
      .setAudience(config.appId)
      .setNotBefore(now)
      .setExpirationTime(now + 3600)
      .sign((await keys).privateKey);
  }

  /** The token names the body's own service url, as the Connector's does. */
  async function sign(body: unknown): Promise<Request> {
    const bytes = toBody(body);
    const now = Math.floor(clock.now() / 1000);
    const claims: JWTPayload = { serviceurl: serviceUrlOf(bytes) ?? serviceUrl };
    const key = JSON.stringify([config.appId, claims, now]);
    const token = signatures.get(key) ?? (await toToken(claims, now));
    signatures.set(key, token);
    const headers = { "content-type": "application/json; charset=utf-8", authorization: `Bearer ${token}` };
    return new Request(webhookUrl, { method: "POST", headers, body: bytes });
  }

  return {
    channel: "teams",
    handle,
    fetch: async (input, init) => {
      const request = new Request(input, init);
      request.signal.throwIfAborted();
      return isLogin(request.url) ? login(request) : door.fetch(request);
    },
    // The adapter answers a 401 with one more try under a new token, so a refusal is two.
    fail: (next, times = 1) => door.fail(next, next === "401" ? 2 * times : times),
    clock,
    sent,
    sign,
    people: ["29:1XJKJMvc5GBtc2JwZq0oj8tHZmzrQgmQE-first", "29:1XJKJMvc5GBtc2JwZq0oj8tHZmzrQgmQE-second"],
    plays: ["text", "tap", "image", "file", "edit", "recall", "join", "leave", "unknown"],
    webhook: (event) => sign(toActivity(event)),
  };
}

function serviceUrlOf(bytes: string | Uint8Array<ArrayBuffer>): string | undefined {
  try {
    const body = JSON.parse(typeof bytes === "string" ? bytes : new TextDecoder().decode(bytes));
    return typeof body?.serviceUrl === "string" && body.serviceUrl !== "" ? body.serviceUrl : undefined;
  } catch {
    return undefined;
  }
}
