import { expect, test } from "vitest";
import { createFakeClock, createFakeState, toWebhookRequest } from "../../adapters/shared/fake.ts";
import { createPackets, isSigned } from "../../adapters/shared/weixin-crypt.ts";
import { loadXmlReader } from "../../adapters/shared/xml.ts";
import { MINIPROGRAM } from "../../adapters/wechat/capabilities.ts";
import { miniprogramConfig, officialConfig } from "../../adapters/wechat/config.ts";
import { createFakeWechatMiniprogram, createFakeWechatOfficial } from "../../adapters/wechat/fake.ts";
import { wechatMiniprogram, wechatOfficial } from "../../adapters/wechat/index.ts";
import type { Content } from "../../src/core/content.ts";
import { lower } from "../../src/core/lower.ts";
import { testAdapter } from "../conformance/adapter.ts";
import { readFixtures } from "../conformance/fixtures.ts";

const config = {
  appId: "wx3f0a7c51b9d2e846",
  appSecret: "0123456789abcdef0123456789abcdef",
  token: "s3cret-token-of-the-push-0123456",
  encodingAesKey: "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
};
const otherSecret = { ...config, token: "an0ther-token-of-the-push-012345" };

testAdapter({
  channel: wechatMiniprogram,
  config,
  otherSecret,
  // The kit says more than WeChat lets an account say after one message; the limit has its own test.
  createFake: (parsed, options) => createFakeWechatMiniprogram(parsed, { ...options, repliesPerMessage: 100 }),
  fixtures: readFixtures("wechat-miniprogram"),
});

testAdapter({
  channel: wechatOfficial,
  config: { ...config, verified: true },
  otherSecret: { ...otherSecret, verified: true },
  createFake: (parsed, options) => createFakeWechatOfficial(parsed, { ...options, repliesPerMessage: 100 }),
  fixtures: readFixtures("wechat-official"),
});

type Options = { readonly config?: Record<string, unknown>; readonly repliesPerMessage?: number };
type Answer = (path: string, request: Request) => Promise<Response | undefined> | Response | undefined;

async function talk(kind: "miniprogram" | "official", options: Options = {}, answer?: Answer) {
  const clock = createFakeClock();
  const state = createFakeState(clock);
  const calls: { readonly path: string; readonly url: string; readonly json: unknown }[] = [];
  const given = { ...config, ...options.config };
  const fakeOptions = { clock, ...(options.repliesPerMessage && { repliesPerMessage: options.repliesPerMessage }) };
  const official = officialConfig.safeParse(given);
  const miniprogram = miniprogramConfig.safeParse(given);
  const fake =
    kind === "official"
      ? createFakeWechatOfficial(official.data ?? fail(official.error), fakeOptions)
      : createFakeWechatMiniprogram(miniprogram.data ?? fail(miniprogram.error), fakeOptions);
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    const { pathname } = new URL(request.url);
    calls.push({
      path: pathname,
      url: request.url,
      json: await request
        .clone()
        .json()
        .catch(() => undefined),
    });
    return (await answer?.(pathname, request.clone())) ?? fake.fetch(request);
  };
  const deps = { inboxId: "in_1", fetch, now: clock.now, state };
  const adapter =
    kind === "official"
      ? await wechatOfficial.create(official.data ?? fail(official.error), deps)
      : await wechatMiniprogram.create(miniprogram.data ?? fail(miniprogram.error), deps);
  const [userId] = fake.people;
  const receive = async (request: Request | Promise<Request>) => adapter.receive(await toWebhookRequest(await request));
  await receive(fake.webhook({ type: "text", userId, text: "hi" }));
  const reply = (content: Content) =>
    ({ idempotencyKey: "k1", address: { openid: userId }, content, author: { kind: "bot" } }) as const;
  return {
    adapter,
    fake,
    clock,
    calls,
    userId,
    receive,
    reply,
    send: (content: Content) => adapter.send(reply(content)),
  };
}

function fail(error: unknown): never {
  throw new Error("The configuration is wrong.", { cause: error });
}

const text = (words: string) => ({ type: "text", text: words }) as const;
const errcode = (code: number) => Response.json({ errcode: code, errmsg: "x" });
const isSend = (path: string) => path === "/cgi-bin/message/custom/send";
const refusedWith = { code: "channel.signature_invalid" };

test("the check of the address is answered with exactly its echo, as text that is no page", async () => {
  const { adapter } = await talk("miniprogram");
  // https://developers.weixin.qq.com/miniprogram/dev/framework/server-ability/message-push.html
  const clock = { ...createFakeClock(1_714_036_504_000) };
  const deps = { inboxId: "in_1", fetch: globalThis.fetch, now: clock.now, state: createFakeState(clock) };
  const parsed = miniprogramConfig.parse({ ...config, token: "AAAAA" });
  const documented = await wechatMiniprogram.create(parsed, deps);
  const url = (echo: string) =>
    new URL(
      `https://desk.test/w?signature=f464b24fc39322e44b38aa78f5edd27bd1441696&timestamp=1714036504&nonce=1514711492&echostr=${echo}`,
    );
  const ask = (echo: string) => ({ method: "GET", url: url(echo), headers: new Headers(), body: new Uint8Array() });
  const { events, response } = await documented.receive(ask("4375120948345356249"));
  expect([events, await response.text()]).toEqual([[], "4375120948345356249"]);
  expect(response.headers.get("content-type")).toMatch("text/plain");
  expect(response.headers.get("x-content-type-options")).toBe("nosniff");
  for (const echo of ["", "<script>", "a".repeat(65), "1&echostr=2"]) {
    await expect(documented.receive(ask(echo))).rejects.toMatchObject(refusedWith);
  }
  await expect(adapter.receive(ask("4375120948345356249"))).rejects.toMatchObject(refusedWith);
});

test("a signature is good for five minutes either way", async () => {
  const { fake, receive, userId, clock } = await talk("miniprogram");
  const request = await fake.webhook({ type: "text", userId, text: "hi" });
  clock.advance(299_000);
  await expect(receive(request.clone())).resolves.toMatchObject({ events: [{ type: "message" }] });
  clock.advance(2000);
  await expect(receive(request)).rejects.toMatchObject(refusedWith);
});

test("with a key, what is not sealed is refused, however well it is signed", async () => {
  const { receive } = await talk("miniprogram");
  const plain = await talk("miniprogram", { config: { encodingAesKey: undefined, allowPlain: true } });
  const request = await plain.fake.webhook({ type: "text", userId: "o1", text: "hi" });
  await expect(receive(request)).rejects.toMatchObject(refusedWith);
});

test("a packet for another app is refused", async () => {
  const { receive, clock } = await talk("miniprogram");
  const other = createFakeWechatMiniprogram(miniprogramConfig.parse({ ...config, appId: "wx0000000000000000" }), {
    clock,
  });
  await expect(receive(other.webhook({ type: "text", userId: "o1", text: "hi" }))).rejects.toMatchObject(refusedWith);
});

test("in compatible mode only the sealed copy counts", async () => {
  const { fake, receive, userId } = await talk("miniprogram");
  const request = await fake.webhook({ type: "text", userId, text: "真" });
  const body = JSON.stringify({ ...(await request.json()), MsgType: "text", Content: "假", FromUserName: "oOther" });
  const { events } = await receive(new Request(request.url, { method: "POST", body }));
  expect(events).toMatchObject([{ message: { sender: { id: userId }, content: { text: "真" } } }]);
});

test("in plain mode a signature serves one body, however often that is sent, and nobody is verified by it", async () => {
  const plain = await talk("miniprogram", { config: { encodingAesKey: undefined, allowPlain: true } });
  expect(plain.adapter.capabilities.identityLevel).toBe("claimed");
  const request = await plain.fake.webhook({ type: "text", userId: plain.userId, text: "hi" });
  const forged = new Request(request.url, { method: "POST", body: (await request.clone().text()).replace("hi", "ho") });
  const first = await plain.receive(request.clone());
  expect((await plain.receive(request)).events).toEqual(first.events);
  await expect(plain.receive(forged)).rejects.toMatchObject(refusedWith);
  expect(await plain.adapter.check?.()).toContainEqual(expect.objectContaining({ check: "encryption", ok: false }));
});

test("a configuration needs the key, or leave to go without", () => {
  const { encodingAesKey: _, ...without } = config;
  expect(miniprogramConfig.safeParse(without).success).toBe(false);
  expect(officialConfig.safeParse({ ...without, allowPlain: true }).success).toBe(true);
});

test("XML with wrong values in any place is taken or refused, and never breaks", async () => {
  const { fake, receive } = await talk("official");
  const wrong = [
    "",
    "<![CDATA[]]>",
    "<a><b>c</b></a>",
    "-1",
    "1e308",
    "&#0;&#xD800;&bogus;",
    "x".repeat(3000),
    "<![CDATA[\u0001]]>",
  ];
  for (const { request } of readFixtures("wechat-official")) {
    const body = String(request.body);
    for (const [element, name] of body.matchAll(/<(\w+)>(?:(?!<\/\1>)[\s\S])*<\/\1>/g)) {
      if (name === "xml") continue;
      for (const value of wrong) {
        const changed = body.replace(element, `<${name}>${value}</${name}>`);
        const received = await receive(fake.sign(changed)).catch((error: unknown) => error);
        const code = Object(received).code ?? "taken";
        // Another name inside than beside the packet is not WeChat's.
        expect([
          "taken",
          "channel.payload_invalid",
          ...(name === "ToUserName" || name === "FromUserName" ? ["channel.signature_invalid"] : []),
        ]).toContain(code);
      }
    }
  }
});

test.each([
  ['<!DOCTYPE xml [<!ENTITY a "x">]><xml><MsgType>&a;</MsgType></xml>'],
  ["<xml><MsgType>text</MsgType><MsgType>event</MsgType></xml>"],
  ["<xml><!-- <![CDATA[ --><!DOCTYPE x><!-- ]]> --><A>1</A></xml>"],
  ["<xml><A b='1'>1</A></xml>"],
  ["<xml><![BDATA[x]]></xml>"],
  ["<xml><A>1</B></xml>"],
  [`${"<a>".repeat(40)}${"</a>".repeat(40)}`],
  ["<xml>only text</xml>"],
  ["<xml><__proto__><b>1</b></__proto__></xml>"],
])("%s is no push", async (body) => {
  const { fake, receive } = await talk("official");
  await expect(receive(fake.sign(body))).rejects.toMatchObject({ code: "channel.payload_invalid" });
});

test.each([
  [-1, "delivery.unavailable", true],
  [45009, "delivery.quota_exhausted", false],
  [45015, "delivery.window_closed", false],
  [45047, "delivery.window_closed", false],
  [45002, "delivery.bad_request", false],
  [40003, "delivery.recipient_gone", false],
  [48001, "delivery.unauthorized", false],
  [40164, "delivery.unauthorized", false],
])("%i means %s", async (code, meaning, retryable) => {
  const { send } = await talk("miniprogram", {}, (path) => (isSend(path) ? errcode(code) : undefined));
  expect(await send(text("hi"))).toMatchObject({ ok: false, code: meaning, retryable });
});

test("a minute's limit is waited for", async () => {
  const { send } = await talk("miniprogram", {}, (path) => (isSend(path) ? errcode(45011) : undefined));
  expect(await send(text("hi"))).toMatchObject({ code: "delivery.rate_limited", retryAfterMs: 60_000 });
});

test("the sixth answer to one message, and one after 48 hours, are refused", async () => {
  const { send, clock, fake, userId } = await talk("miniprogram");
  for (let turn = 0; turn < 5; turn += 1) expect(await send(text("hi"))).toMatchObject({ ok: true });
  expect(await send(text("hi"))).toMatchObject({ ok: false, code: "delivery.window_closed" });
  await fake.webhook({ type: "text", userId, text: "hi" });
  clock.advance(48 * 3_600_000 + 1);
  expect(await send(text("hi"))).toMatchObject({ ok: false, code: "delivery.window_closed" });
});

test("one token serves many calls at once, is never in a url of its own making, and is renewed once when refused", async () => {
  let refusals = 1;
  const { adapter, reply, calls } = await talk("miniprogram", { repliesPerMessage: 10 }, (path, request) => {
    if (!isSend(path) || refusals === 0 || !request.url.includes("token=token-")) return undefined;
    refusals -= 1;
    return errcode(42001);
  });
  const receipts = await Promise.all([1, 2, 3].map(() => adapter.send(reply(text("hi")))));
  expect(receipts.every((receipt) => receipt.ok)).toBe(true);
  const tokenCalls = calls.filter((call) => call.path === "/cgi-bin/stable_token");
  // The second asks again, gets the refused one, and so asks for another by force.
  expect(tokenCalls.map((call) => Object(call.json).force_refresh)).toEqual([false, false, true]);
  expect(tokenCalls.every((call) => new URL(call.url).search === "")).toBe(true);
});

test("a token that is refused twice, and a wrong secret, are for the shop to mend", async () => {
  const twice = await talk("miniprogram", {}, (path) => (isSend(path) ? errcode(40001) : undefined));
  expect(await twice.send(text("hi"))).toMatchObject({ code: "delivery.unauthorized", retryable: false });
  expect(twice.calls.filter((call) => isSend(call.path))).toHaveLength(2);
  const wrong = await talk("miniprogram", {}, (path) => (path.endsWith("stable_token") ? errcode(40125) : undefined));
  expect(await wrong.send(text("hi"))).toMatchObject({ code: "delivery.unauthorized" });
});

test("a token that does not come says nothing was sent", async () => {
  const { send } = await talk("miniprogram", {}, (path) => {
    if (path.endsWith("stable_token")) throw new TypeError("fetch failed");
    return undefined;
  });
  expect(await send(text("hi"))).toMatchObject({ code: "delivery.unavailable", retryable: true });
});

const picture = { type: "image", url: "https://shop.example/a.jpg" } as const;
const product = {
  type: "product",
  productId: "p/1",
  title: "跑鞋",
  price: { amount: 25900, currency: "CNY" },
  imageUrl: "https://shop.example/a.jpg",
  url: "https://shop.example/p1",
} as const;

test("a picture is uploaded once and shown by its id", async () => {
  const { send, calls, fake } = await talk("miniprogram");
  await send(picture);
  await send(picture);
  expect(calls.filter((call) => call.path === "/cgi-bin/media/upload")).toHaveLength(1);
  expect(fake.sent.map((sent) => sent.method)).toEqual(["image", "image"]);
});

test("a picture that cannot be had, is too large or is refused, is a link; its words are said too", async () => {
  const large = new Response(new Uint8Array(2 * 1024 * 1024 + 1));
  for (const answer of [new Response(null, { status: 404 }), large]) {
    const { send, fake } = await talk("miniprogram", {}, (path) => (path === "/a.jpg" ? answer.clone() : undefined));
    expect(await send({ ...picture, alt: "尺码表" })).toMatchObject({ ok: true });
    expect(fake.sent.map((sent) => sent.text)).toEqual(["尺码表\nhttps://shop.example/a.jpg"]);
  }
  const { send, fake } = await talk("miniprogram");
  for (const part of lower({ ...picture, alt: "尺码表" }, MINIPROGRAM)) await send(part);
  expect(fake.sent.map((sent) => [sent.method, sent.text])).toEqual([
    ["image", ""],
    ["text", "尺码表"],
  ]);
});

test("a product is a link of a mini-program, a card where its page is known, and an article of an Official Account", async () => {
  const link = await talk("miniprogram");
  await link.send(product);
  expect(link.fake.sent[0]?.payload).toMatchObject({
    link: { title: "跑鞋", description: "¥259.00", url: product.url, thumb_url: product.imageUrl },
  });
  const card = await talk("miniprogram", { config: { productPage: "pages/item/item?id={id}" } });
  await card.send(product);
  expect(card.fake.sent[0]?.payload).toMatchObject({
    miniprogrampage: {
      title: "跑鞋 ¥259.00",
      pagepath: "pages/item/item?id=p%2F1",
      thumb_media_id: expect.any(String),
    },
  });
  const article = await talk("official", { config: { verified: true } });
  await article.send(product);
  expect(article.fake.sent[0]?.payload).toMatchObject({
    news: { articles: [{ title: "跑鞋", description: "¥259.00", url: product.url, picurl: product.imageUrl }] },
  });
});

test("a product without an address is said in words", async () => {
  const { send, fake } = await talk("miniprogram");
  const { url: _, ...bare } = product;
  await send({ ...bare, imageUrl: undefined });
  expect(fake.sent.map((sent) => sent.text)).toEqual(["跑鞋\n¥259.00"]);
});

test("a file is fetched by its id, a video from where it lies, and one that is gone is gone", async () => {
  const { adapter, calls } = await talk("official", { config: { verified: true } });
  const image = await adapter.fetchMedia?.("inbound-image");
  expect([image?.mime, image?.name]).toEqual(["image/png", "inbound-image"]);
  const video = await adapter.fetchMedia?.("inbound-video");
  expect(video?.mime).toBe("video/mp4");
  expect(calls.at(-1)?.url).toBe("https://videos.example/a.mp4");
  expect(await adapter.fetchMedia?.("expired")).toBeUndefined();
});

test("a file that cannot be had now is tried again, and its error does not show the token", async () => {
  const { adapter } = await talk("official", { config: { verified: true } }, (path, request) => {
    if (path === "/cgi-bin/media/get") throw new TypeError(`Failed to fetch ${request.url}`);
    return undefined;
  });
  const error: unknown = await adapter.fetchMedia?.("inbound-image").catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: "channel.media_unavailable" });
  expect(`${error} ${JSON.stringify(error)} ${Object(error).cause}`).not.toContain("token-1");
});

const readXml = await loadXmlReader();
const bytes = async (response: Response) => new Uint8Array(await response.arrayBuffer());

test("an account that is not verified answers inside the response, sealed, with as many parts as fit one text", async () => {
  const { receive, fake, userId, reply, adapter, calls } = await talk("official");
  const received = await receive(fake.webhook({ type: "text", userId, text: "hi" }));
  expect(await received.response.text()).toBe("success");
  const long = "字".repeat(600);
  const answer = await received.inline?.([reply(text("亲]]>")), reply(text(long)), reply(text(long))]);
  expect(answer?.carried).toBe(2);
  const envelope = readXml(await bytes(answer?.response ?? Response.error()));
  const { Encrypt, MsgSignature, TimeStamp, Nonce } = envelope as Record<string, string>;
  expect(await isSigned(MsgSignature, config.token, [TimeStamp ?? "", Nonce ?? "", Encrypt ?? ""])).toBe(true);
  const packets = createPackets({ encodingAesKey: config.encodingAesKey, receiver: config.appId });
  const inner = readXml((await packets.open(Encrypt)) ?? new Uint8Array());
  expect(inner).toEqual({
    ToUserName: userId,
    FromUserName: "gh_5a1c0b77e2d4",
    CreateTime: String(Math.floor(fake.clock.now() / 1000)),
    MsgType: "text",
    Content: `亲]]>\n\n${long}\n\n（回复任意内容，查看后面的消息）`,
  });
  // What did not fit has no other way.
  expect(await adapter.send(reply(text(long)))).toMatchObject({ ok: false, code: "delivery.window_closed" });
  expect(calls).toEqual([]);
  expect(adapter.typing).toBeUndefined();
});

test("an answer inside the response is plain in plain mode, and success when there is nothing to say", async () => {
  const { receive, fake, userId, reply } = await talk("official", {
    config: { encodingAesKey: undefined, allowPlain: true },
  });
  const received = await receive(fake.webhook({ type: "join", userId }));
  const answer = await received.inline?.([
    reply({ type: "choices", text: "哪个？", choices: [{ label: "查物流", value: "a" }] }),
  ]);
  expect(readXml(await bytes(answer?.response ?? Response.error())).Content).toBe("哪个？\n1. 查物流\n请回复数字选择");
  const nothing = await received.inline?.([]);
  expect([await nothing?.response.text(), nothing?.carried]).toEqual(["success", 0]);
});

test("a verified account answers by the API and not inside the response", async () => {
  const { receive, fake, userId, adapter } = await talk("official", { config: { verified: true } });
  expect((await receive(fake.webhook({ type: "text", userId, text: "hi" }))).inline).toBeUndefined();
  expect(adapter.capabilities).toMatchObject({ replyWindowMessages: 5, replyWindowMs: 172_800_000, textUnit: "bytes" });
});

const shipped = {
  vendorId: "tpl-shipped",
  locale: "zh_CN",
  params: [
    { key: "thing1", value: "已发货" },
    { key: "character_string2", value: "A1024" },
  ],
};

test("a subscription message goes after the window, once for each consent", async () => {
  const { adapter, reply, fake, clock } = await talk("miniprogram");
  clock.advance(49 * 3_600_000);
  const send = (template = shipped) => adapter.send({ ...reply({ type: "text", text: "您的订单已发货" }), template });
  expect(await send({ ...shipped, vendorId: "unknown" })).toMatchObject({ code: "delivery.bad_request" });
  expect(await send({ ...shipped, params: shipped.params.slice(1) })).toMatchObject({ code: "delivery.bad_request" });
  expect(await send()).toMatchObject({ ok: true });
  expect(fake.sent).toMatchObject([{ method: "subscribe", text: "已发货\nA1024" }]);
  expect(await send()).toMatchObject({ code: "delivery.quota_exhausted", retryable: false });
});

test("an Official Account has no subscription messages here", async () => {
  const { adapter, reply } = await talk("official", { config: { verified: true } });
  const message = { ...reply({ type: "text", text: "您的订单已发货" }), template: shipped };
  expect(await adapter.send(message)).toMatchObject({ code: "delivery.bad_request" });
});

test.each([
  ["miniprogram", "join", 2],
  ["official", "join", 3],
] as const)("who only comes in to a %s (%s) may be told %i things within a minute", async (kind, type, count) => {
  const { adapter, fake, receive, clock, reply } = await talk(
    kind,
    kind === "official" ? { config: { verified: true } } : {},
  );
  clock.advance(49 * 3_600_000);
  const [, userId] = fake.people;
  await receive(fake.webhook({ type, userId }));
  const send = () => adapter.send({ ...reply({ type: "text", text: "欢迎" }), address: { openid: userId } });
  for (let n = 0; n < count; n += 1) expect(await send()).toMatchObject({ ok: true });
  expect(await send()).toMatchObject({ code: "delivery.window_closed" });
  clock.advance(61_000);
  expect(await send()).toMatchObject({ code: "delivery.window_closed" });
});

test("words beyond one message are counted as the platform counts them", async () => {
  const { send } = await talk("miniprogram");
  const card = { type: "order" as const, orderId: "A1", status: "已发货", items: [], url: "https://shop.example/a" };
  expect(await send(card)).toEqual({ ok: true, channelMessageId: "k1" });
});
