import { exportJWK, exportSPKI, generateKeyPair, SignJWT } from "jose";
import { beforeAll, expect, test } from "vitest";
import { createFakeClock, createFakeState, toWebhookRequest } from "../../adapters/shared/fake.ts";
import { teamsConfig } from "../../adapters/teams/config.ts";
import { createFakeTeams } from "../../adapters/teams/fake.ts";
import { teams } from "../../adapters/teams/index.ts";
import type { Content } from "../../src/core/content.ts";
import { SignatureError } from "../../src/core/errors.ts";
import { testAdapter } from "../conformance/adapter.ts";
import { readFixtures } from "../conformance/fixtures.ts";

const config = { appId: "4f1d2c3b-5a69-4788-9e0f-0123456789ab", appPassword: "s3cret~of.the-teams-test-app" };

testAdapter({
  channel: teams,
  config,
  otherSecret: { ...config, appId: "00000000-5a69-4788-9e0f-0123456789ab" },
  createFake: createFakeTeams,
  fixtures: readFixtures("teams"),
  skip: { "refuses a body changed by one byte": "the token signs the service url and no body" },
});

const SERVICE = "https://smba.trafficmanager.net/emea/";
const PERSON = "29:1XJKJMvc5GBtc2JwZq0oj8tHZmzrQgmQE-first";
const TENANT = "72f988bf-86f1-41af-91ab-2d7cd011db47";
const hi = { type: "text", text: "hi" } as const;

let ours: Awaited<ReturnType<typeof generateKeyPair>>;
let rogue: Awaited<ReturnType<typeof generateKeyPair>>;
beforeAll(async () => {
  ours = await generateKeyPair("RS256", { extractable: true });
  rogue = await generateKeyPair("RS256", { extractable: true });
});

/** An adapter whose keys and tokens this file makes itself. */
async function guard(options: object = {}, demo = false) {
  const clock = createFakeClock();
  let kid = "k1";
  let down = false;
  const calls: string[] = [];
  const fetch: typeof globalThis.fetch = async (input) => {
    calls.push(String(input));
    await new Promise((resolve) => setTimeout(resolve, 1));
    if (down) return new Response(null, { status: 503 });
    return String(input).endsWith("/keys")
      ? Response.json({ keys: [{ ...(await exportJWK(ours.publicKey)), kid, endorsements: ["msteams"] }] })
      : Response.json({ jwks_uri: "https://login.botframework.com/v1/.well-known/keys" });
  };
  const deps = { inboxId: "in_1", fetch, now: clock.now, state: createFakeState(clock), demo };
  const adapter = await teams.create(teamsConfig.parse({ ...config, ...options }), deps);
  const activity = (change: object = {}) => ({
    type: "message",
    id: "1",
    channelId: "msteams",
    serviceUrl: SERVICE,
    from: { id: PERSON },
    recipient: { id: `28:${config.appId}` },
    conversation: { id: "a:1", conversationType: "personal", tenantId: TENANT },
    text: "hi",
    ...change,
  });
  const now = clock.now() / 1000;
  const token = (claims: object = {}, header: object = {}, key: CryptoKey | Uint8Array = ours.privateKey) =>
    new SignJWT({
      iss: "https://api.botframework.com",
      aud: config.appId,
      serviceurl: SERVICE,
      nbf: now,
      exp: now + 3600,
      ...claims,
    })
      .setProtectedHeader({ alg: "RS256", kid: "k1", ...header })
      .sign(key);
  const post = async (authorization: string | undefined, body: unknown = activity()) => {
    const headers = new Headers(authorization === undefined ? {} : { authorization });
    const bytes = new TextEncoder().encode(typeof body === "string" ? body : JSON.stringify(body));
    return adapter.receive({ method: "POST", url: new URL("https://desk.test"), headers, body: bytes });
  };
  const change = (next: { kid?: string; down?: boolean }) => {
    kid = next.kid ?? kid;
    down = next.down ?? down;
  };
  return { adapter, clock, calls, activity, token, post, now, change };
}

type Guard = Awaited<ReturnType<typeof guard>>;

test.each<[string, (guard: Guard) => Promise<string>]>([
  ["another audience", ({ token }) => token({ aud: "someone-else" })],
  ["a list of audiences", ({ token }) => token({ aud: [config.appId] })],
  ["another issuer", ({ token }) => token({ iss: "https://sts.windows.net/x/" })],
  ["no expiry", ({ token }) => token({ exp: undefined })],
  ["an expiry six minutes ago", ({ token, now }) => token({ exp: now - 360 })],
  ["a start in six minutes", ({ token, now }) => token({ nbf: now + 360 })],
  ["no service url", ({ token }) => token({ serviceurl: undefined })],
  ["another service url", ({ token }) => token({ serviceurl: "https://smba.trafficmanager.net/amer/" })],
  ["the claim in another case", ({ token }) => token({ serviceurl: undefined, serviceUrl: SERVICE })],
  ["an unknown key", ({ token }) => token({}, { kid: "k9" })],
  ["no key id", ({ token }) => token({}, { kid: undefined })],
  ["another key under the same id", ({ token }) => token({}, {}, rogue.privateKey)],
  ["a key of its own by url", ({ token }) => token({}, { jku: "https://evil.example/keys" })],
  ["a certificate of its own by url", ({ token }) => token({}, { x5u: "https://evil.example/cert" })],
  ["a key of its own", async ({ token }) => token({}, { jwk: await exportJWK(rogue.publicKey) })],
  [
    "our public key as an HMAC secret",
    async ({ token }) => token({}, { alg: "HS256" }, new TextEncoder().encode(await exportSPKI(ours.publicKey))),
  ],
  ["more than 8 KiB", ({ token }) => token({ padding: "x".repeat(8192) })],
  [
    "no algorithm",
    async ({ token }) => {
      const [, payload] = (await token()).split(".");
      return `${btoa('{"alg":"none","kid":"k1"}').replaceAll("=", "")}.${payload}.AA`;
    },
  ],
])("a token with %s is refused", async (_, forge) => {
  const bench = await guard();
  expect((await bench.post(`Bearer ${await bench.token()}`)).events).toHaveLength(1);
  await expect(bench.post(`Bearer ${await forge(bench)}`)).rejects.toThrow(SignatureError);
});

test("clocks may differ by five minutes", async () => {
  const { post, token, now } = await guard();
  expect((await post(`Bearer ${await token({ exp: now - 240 })}`)).events).toHaveLength(1);
  expect((await post(`Bearer ${await token({ nbf: now + 240 })}`)).events).toHaveLength(1);
});

test("a header that is missing, of another scheme or sent twice is refused before the body is read", async () => {
  const { post, token } = await guard();
  const bearer = `Bearer ${await token()}`;
  for (const wrong of [undefined, "", "Bearer ", "Basic YTpi", `${bearer}, ${bearer}`, bearer.slice(7)]) {
    await expect(post(wrong, "{broken")).rejects.toThrow(SignatureError);
  }
  await expect(post(bearer, "{broken")).rejects.toMatchObject({ code: "channel.payload_invalid" });
});

test("a body from another place, another channel or another tenant than its token's is refused", async () => {
  const { post, token, activity } = await guard({ tenantId: TENANT });
  const bearer = `Bearer ${await token()}`;
  expect((await post(bearer)).events).toHaveLength(1);
  for (const change of [
    { serviceUrl: "https://evil.example/" },
    { channelId: "facebook" },
    { conversation: { id: "a:1", tenantId: "11111111-0000-0000-0000-000000000000" } },
    { conversation: { id: "a:1" } },
    { channelData: { tenant: { id: "11111111-0000-0000-0000-000000000000" } } },
  ]) {
    await expect(post(bearer, activity(change))).rejects.toThrow(SignatureError);
  }
});

test("a body that names no way back is kept, and nobody is heard by it", async () => {
  const { post, token, activity } = await guard({ tenantId: TENANT });
  for (const serviceUrl of [undefined, null]) {
    const { events } = await post(`Bearer ${await token()}`, activity({ serviceUrl }));
    expect(events).toMatchObject([{ type: "unsupported", kind: "message" }]);
  }
});

test("a host that anyone can register is not taken, though its token says the same", async () => {
  const { post, token, activity } = await guard();
  const serviceUrl = "https://evil.trafficmanager.net/";
  const bearer = `Bearer ${await token({ serviceurl: serviceUrl })}`;
  await expect(post(bearer, activity({ serviceUrl }))).rejects.toThrow(SignatureError);
});

test("keys are asked for once by all who wait, kept for a day, and for unknown ids once a minute", async () => {
  const { post, token, calls, clock, change } = await guard();
  const bearer = `Bearer ${await token({ exp: clock.now() / 1000 + 1e6 })}`;
  await Promise.all([post(bearer), post(bearer), post(bearer)]);
  expect(calls).toHaveLength(2);
  const unknown = `Bearer ${await token({}, { kid: "k2" })}`;
  for (let turn = 0; turn < 5; turn += 1) await expect(post(unknown)).rejects.toThrow(SignatureError);
  expect(calls).toHaveLength(2);
  change({ kid: "k2" });
  clock.advance(61_000);
  expect((await post(unknown)).events).toHaveLength(1);
  expect(calls).toHaveLength(4);
  change({ kid: "k1" });
  clock.advance(25 * 3_600_000);
  expect((await post(bearer)).events).toHaveLength(1);
  expect(calls).toHaveLength(6);
});

test("without keys nothing is taken, and they are asked for again soon", async () => {
  const { post, token, clock, change } = await guard();
  change({ down: true });
  const bearer = `Bearer ${await token()}`;
  await expect(post(bearer)).rejects.toThrow(SignatureError);
  change({ down: false });
  clock.advance(5000);
  expect((await post(bearer)).events).toHaveLength(1);
});

test("without authentication it starts in a demo only, and sends no token then", async () => {
  await expect(guard({ auth: "none" })).rejects.toMatchObject({ code: "channel.auth_required" });
  const { post } = await guard({ auth: "none" }, true);
  expect((await post(undefined)).events).toHaveLength(1);
});

test("a single-tenant app needs its tenant, and service urls are compared by origin", () => {
  expect(teamsConfig.safeParse({ ...config, appType: "SingleTenant" }).success).toBe(false);
  const { allowedServiceUrls } = teamsConfig.parse({ ...config, allowedServiceUrls: ["smba.example", `${SERVICE}x`] });
  expect(allowedServiceUrls).toEqual(["https://smba.example", "https://smba.trafficmanager.net"]);
});

async function talk(answer?: (request: Request) => Response | undefined, options: object = {}) {
  const parsed = teamsConfig.parse({ ...config, ...options });
  const clock = createFakeClock();
  const fake = createFakeTeams(parsed, { clock });
  const posts: { url: string; headers: Headers; json: Record<string, unknown> }[] = [];
  const logins: string[] = [];
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    if (request.url.includes("/activities")) {
      posts.push({ url: request.url, headers: request.headers, json: await request.clone().json() });
    }
    if (request.url.endsWith("/token")) logins.push(request.url);
    return answer?.(request) ?? fake.fetch(request);
  };
  const deps = { inboxId: "in_1", fetch, now: clock.now, state: createFakeState(clock), timeoutMs: 60 };
  const adapter = await teams.create(parsed, deps);
  const receive = async (request: Request) => adapter.receive(await toWebhookRequest(request));
  const { events } = await receive(await fake.webhook({ type: "text", userId: PERSON, text: "hi" }));
  const address = events[0]?.type === "message" ? events[0].message.address : {};
  const send = (content: Content = hi, to = address) =>
    adapter.send({ idempotencyKey: "k", address: to, content, author: { kind: "bot" } });
  return { adapter, fake, clock, posts, logins, receive, send, address };
}

const refuse =
  (status: number, body: unknown, headers = {}) =>
  (request: Request) =>
    request.url.includes("/activities") ? Response.json(body, { status, headers }) : undefined;

test.each([
  [429, { error: { code: "TooManyRequests" } }, "delivery.rate_limited", true],
  [412, { error: { code: "PreconditionFailed" } }, "delivery.unavailable", true],
  [413, { error: { code: "MessageSizeTooBig" } }, "delivery.bad_request", false],
  [403, { error: { code: "MessageWritesBlocked" } }, "delivery.recipient_gone", false],
  [403, { error: { code: "AuthorizationFailed" } }, "delivery.unauthorized", false],
  [404, { error: { code: "ConversationNotFound" } }, "delivery.recipient_gone", false],
  [400, { error: { code: "BadSyntax" } }, "delivery.bad_request", false],
  [503, {}, "delivery.unavailable", true],
  [200, {}, "delivery.outcome_unknown", true],
])("%i %j means %s, after one attempt", async (status, body, code, retryable) => {
  const { send, posts } = await talk(refuse(status, body, { "retry-after": "3" }));
  const receipt = await send();
  expect(receipt).toMatchObject({ ok: false, code, retryable });
  if (status === 429) expect(receipt).toMatchObject({ retryAfterMs: 3000 });
  expect(posts).toHaveLength(1);
});

test("a token is fetched once for many messages, and anew after a 401", async () => {
  let refusals = 0;
  const { send, posts, logins } = await talk((request) => {
    if (!request.url.includes("/activities") || posts.length !== 2 || refusals > 0) return undefined;
    refusals += 1;
    return Response.json({}, { status: 401 });
  });
  await send();
  expect(await send()).toMatchObject({ ok: true });
  expect(posts).toHaveLength(3);
  expect(logins).toHaveLength(2);
  expect(posts[2]?.headers.get("authorization")).not.toBe(posts[1]?.headers.get("authorization"));
});

test.each([
  [{}, "https://login.microsoftonline.com/botframework.com/oauth2/v2.0/token"],
  [{ appType: "SingleTenant", tenantId: TENANT }, `https://login.microsoftonline.com/${TENANT}/oauth2/v2.0/token`],
  [{ loginUrl: "https://login.example/tenant/" }, "https://login.example/tenant/oauth2/v2.0/token"],
  [{ loginUrl: "https://login.example/a/token" }, "https://login.example/a/token"],
])("%j logs in at %s", async (options, url) => {
  const { send, logins } = await talk(
    (request) => (request.url.endsWith("/token") ? Response.json({ error: "x" }, { status: 400 }) : undefined),
    options,
  );
  expect(await send()).toMatchObject({ code: "delivery.unauthorized" });
  expect(logins).toEqual([url]);
});

test("our token goes to no host that is not allowed", async () => {
  const { send, posts, address } = await talk();
  expect(await send(hi, { ...address, serviceUrl: "https://evil.example/" })).toMatchObject({
    code: "delivery.bad_request",
  });
  expect(posts).toEqual([]);
});

test("a button's value counts in the conversation it was offered in, and unchanged", async () => {
  const { fake, send, receive } = await talk();
  await send({ type: "choices", text: "?", choices: [{ label: "退款", value: "refund:A1" }] });
  const request = await fake.webhook({ type: "tap", userId: PERSON, label: "退款" });
  const body = await request.clone().json();
  expect((await receive(request)).events[0]).toMatchObject({
    message: { content: { text: "退款", value: "refund:A1" } },
  });
  const { xiaoer } = body.value;
  for (const change of [
    { value: { xiaoer: { ...xiaoer, value: "refund:A2" } } },
    { value: { xiaoer: { ...xiaoer, sign: "" } } },
    { conversation: { ...body.conversation, id: "a:other" } },
  ]) {
    const { events } = await receive(await fake.sign({ ...body, ...change }));
    expect(JSON.stringify(events)).toContain("退款");
    expect(JSON.stringify(events)).not.toContain('"value"');
  }
});

test("a card's action comes as an invoke too, and is answered in its response", async () => {
  const { fake, send, receive } = await talk();
  await send({ type: "choices", text: "?", choices: [{ label: "好", value: "yes" }] });
  const tap = await (await fake.webhook({ type: "tap", userId: PERSON, label: "好" })).json();
  const value = { action: { type: "Action.Execute", verb: "v", data: tap.value } };
  const invoke = { ...tap, type: "invoke", name: "adaptiveCard/action", text: undefined, value };
  const { events, response } = await receive(await fake.sign(invoke));
  expect(events[0]).toMatchObject({ message: { content: { text: "好", value: "yes" } } });
  expect(await response.json()).toMatchObject({ statusCode: 200 });
});

test("a card's words are no Markdown", async () => {
  const { send, posts } = await talk();
  await send({ type: "card", title: "*a*", text: "[b](c)\n\n1. d", actions: [] });
  const [attachment] = Object(posts[0]?.json).attachments;
  expect(attachment.content.body.map((block: { inlines: { text: string }[] }) => block.inlines[0]?.text)).toEqual([
    "*a*",
    "[b](c)",
    "1. d",
  ]);
});

test("a file's link, which holds its own credentials, stays out of the message and is fetched without our token", async () => {
  const seen: (string | null)[] = [];
  const { adapter, fake, receive } = await talk((request) => {
    if (!request.url.includes("sharepoint")) return undefined;
    seen.push(request.headers.get("authorization"));
    return new Response("pdf");
  });
  const { events } = await receive(await fake.webhook({ type: "file", userId: PERSON, name: "发票.pdf" }));
  expect(JSON.stringify(events)).not.toContain("tempauth");
  const ref = events[0]?.type === "message" ? events[0].message.mediaRef : undefined;
  const media = await adapter.fetchMedia?.(ref ?? "");
  expect(await new Response(media?.body).text()).toBe("pdf");
  expect(seen).toEqual([null]);
});
