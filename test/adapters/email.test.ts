import { expect, test } from "vitest";
import { emailConfig } from "../../adapters/email/config.ts";
import { createFakeEmail, type FakeEmail } from "../../adapters/email/fake.ts";
import { htmlToText } from "../../adapters/email/html.ts";
import { email } from "../../adapters/email/index.ts";
import { toOwnWords } from "../../adapters/email/own-words.ts";
import { createFakeClock, createFakeState, toWebhookRequest } from "../../adapters/shared/fake.ts";
import { sampleFile } from "../../adapters/shared/fake-media.ts";
import { createHmac } from "../../adapters/shared/hmac.ts";
import { toHex } from "../../adapters/shared/secrets.ts";
import type { Content } from "../../src/core/content.ts";
import { testAdapter } from "../conformance/adapter.ts";
import { readFixtures } from "../conformance/fixtures.ts";
import { startSmtpServer } from "./smtp-server.ts";

let current: FakeEmail | undefined;
const { port } = await startSmtpServer(() => {
  if (current === undefined) throw new Error("No fake is there to take mails.");
  return current.connect();
});

const config = {
  inboundSecret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
  smtpUrl: `smtp://desk:pass%40word@127.0.0.1:${port}`,
  from: "小店 <help@shop.example>",
};
const oneLineEnd =
  "a mail has one kind of line end, so \\r\\n comes back as \\n; everything else is in this file's own test";

testAdapter({
  // Real sockets and a real MIME parser at the other end: the kit's 60 ms are for fakes that are called.
  channel: { ...email, create: (parsed, deps) => email.create(parsed, { ...deps, timeoutMs: 1000 }) },
  config,
  otherSecret: { ...config, inboundSecret: "whsec_V/KipdCpuNrFghVxmzHqa5Md6vkv7u8b" },
  createFake: (parsed, options) => {
    current = createFakeEmail(parsed, options);
    return current;
  },
  fixtures: readFixtures("email"),
  skip: { "keeps words as they were said": oneLineEnd, "shows words as they were written": oneLineEnd },
});

async function talk(extra: object = {}) {
  const parsed = emailConfig.parse({ ...config, ...extra });
  const clock = createFakeClock();
  const fake = createFakeEmail(parsed, { clock });
  current = fake;
  const deps = { inboxId: "in_1", fetch: fake.fetch, now: clock.now, state: createFakeState(clock), timeoutMs: 500 };
  const adapter = await email.create(parsed, deps);
  const receive = async (mail: string) => (await adapter.receive(await toWebhookRequest(await fake.sign(mail)))).events;
  const send = (content: Content, address: Record<string, string>, kind: "bot" | "agent" = "bot") =>
    adapter.send({ idempotencyKey: "k1", address, content, author: { kind } });
  return { adapter, fake, clock, receive, send };
}

const mail = (headers: readonly string[], body = "hi") =>
  [
    "From: Lee <Lee@Customer.example>",
    "To: help@shop.example",
    "Message-ID: <m1@customer.example>",
    ...headers,
    "",
    body,
  ].join("\r\n");

const NAUGHTY = [
  "<b>bold</b> & <script>alert(1)</script>",
  "שלום \u202egnorw\u202c مرحبا",
  "👨‍👩‍👧‍👦👍🏽🇯🇵 Z̷̢̛͎a̴l̵g̶o̸",
  "line one\n\tthree\n.\n..dots",
  "007",
  "From here on",
];

test("words come and go as they are", async () => {
  const { adapter, fake, send } = await talk();
  for (const text of NAUGHTY) {
    const request = await fake.webhook({ type: "text", userId: "lee@customer.example", text });
    const { events } = await adapter.receive(await toWebhookRequest(request));
    expect(events).toMatchObject([{ message: { content: { text: text.normalize("NFC") } } }]);
    const address = events[0]?.type === "message" ? events[0].message.address : {};
    expect(await send({ type: "text", text }, address)).toMatchObject({ ok: true });
    expect(fake.sent.at(-1)?.text).toBe(text);
  }
});

test("an answer stands in the thread, under its subject, marked as automatic only when it is", async () => {
  const { receive, send, fake } = await talk();
  await fake.webhook({ type: "text", userId: "lee@customer.example", text: "hi" });
  const [event] = await receive(
    mail(["Subject: Order A1001", "References: <in1@mail.example> <a@b.example>", "In-Reply-To: <a@b.example>"]),
  );
  const address = event?.type === "message" ? event.message.address : {};
  expect(await send({ type: "text", text: "on its way" }, address)).toEqual({
    ok: true,
    channelMessageId: "<k1.xiaoer@shop.example>",
  });
  expect(fake.sent.at(-1)?.payload).toMatchObject({
    subject: "Re: Order A1001",
    inReplyTo: "<m1@customer.example>",
    references: "<in1@mail.example> <a@b.example> <m1@customer.example>",
    from: { name: "小店", address: "help@shop.example" },
  });
  const headers = () => JSON.stringify(Object(fake.sent.at(-1)?.payload).headers);
  expect(headers()).toContain("auto-replied");
  await send({ type: "text", text: "by hand" }, address, "agent");
  expect(headers()).not.toContain("auto-replied");
});

test.each([
  "Auto-Submitted: auto-replied",
  "Auto-Submitted: auto-generated; x=y",
  "Precedence: bulk",
  "Precedence: auto_reply",
  "X-Autoreply: yes",
  "X-Auto-Response-Suppress: OOF",
  "Return-Path: <>",
  "List-Id: <news.shop.example>",
  "X-Xiaoer-Inbox: in_2",
])("a mail with %s is stored and not answered", async (header) => {
  const { receive } = await talk();
  expect(await receive(mail([header]))).toMatchObject([{ type: "message", message: { sender: { isBot: true } } }]);
});

test("a mail a person wrote is answered, whatever it declares of itself", async () => {
  const { receive } = await talk();
  for (const header of ["Auto-Submitted: no", "Precedence: first-class", "Return-Path: <lee@customer.example>"]) {
    const [event] = await receive(mail([header]));
    expect(event).toMatchObject({ type: "message", message: { sender: { id: "lee@customer.example", name: "Lee" } } });
    expect(Object(event).message.sender.isBot).toBeUndefined();
  }
});

test("a forged From brings nobody else's answers: who is answered is who wrote", async () => {
  const { receive } = await talk();
  const [event] = await receive(mail(["Reply-To: Eve <eve@else.example>"]));
  expect(event).toMatchObject({ message: { sender: { id: "eve@else.example" }, address: { to: "eve@else.example" } } });
});

test("our own mail that comes back is not answered", async () => {
  const { receive } = await talk();
  const own = mail([]).replace("Lee <Lee@Customer.example>", "Help <HELP@shop.example>");
  expect(await receive(own)).toMatchObject([{ message: { sender: { isBot: true } } }]);
});

test("files become messages of their own, and wait until they are fetched", async () => {
  const { adapter, fake } = await talk();
  const event = { type: "file", userId: "lee@customer.example", name: "发票.pdf", caption: "see here" } as const;
  const { events } = await adapter.receive(await toWebhookRequest(await fake.webhook(event)));
  expect(events).toMatchObject([
    { message: { channelMessageId: "<in1@mail.example>", content: { type: "text", text: "see here" } } },
    {
      message: {
        channelMessageId: "<in1@mail.example>:1",
        content: { type: "file", name: "发票.pdf", size: sampleFile("file").bytes.length },
      },
    },
  ]);
  const ref = events[1]?.type === "message" ? (events[1].message.mediaRef ?? "") : "";
  const file = await adapter.fetchMedia?.(ref);
  expect(file).toMatchObject({ name: "发票.pdf", mime: "application/pdf" });
  expect(new Uint8Array(await new Response(file?.body).arrayBuffer())).toEqual(sampleFile("file").bytes);
  await adapter.dropMedia?.(ref);
  expect(await adapter.fetchMedia?.(ref)).toBeUndefined();
  expect(await adapter.fetchMedia?.("<else@mail.example>/0")).toBeUndefined();
});

test.each([
  ["Bearer", (secret: string) => `Bearer ${secret}`, true],
  ["another scheme", (secret: string) => `Token ${secret}`, false],
  ["another secret", () => "Bearer whsec_V/KipdCpuNrFghVxmzHqa5Md6vkv7u8b", false],
])("who cannot sign sends the secret: %s", async (_, authorization, isTaken) => {
  const { adapter } = await talk();
  const headers = { authorization: authorization(config.inboundSecret) };
  const request = await toWebhookRequest(
    new Request("https://desk.test/", { method: "POST", headers, body: mail([]) }),
  );
  if (isTaken) expect((await adapter.receive(request)).events).toHaveLength(1);
  else await expect(adapter.receive(request)).rejects.toMatchObject({ code: "channel.signature_invalid" });
});

test("a bad signature is not made good by the secret beside it", async () => {
  const { adapter } = await talk();
  const headers = { authorization: `Bearer ${config.inboundSecret}`, "webhook-signature": "v1,AAAA" };
  const request = await toWebhookRequest(
    new Request("https://desk.test/", { method: "POST", headers, body: mail([]) }),
  );
  await expect(adapter.receive(request)).rejects.toMatchObject({ code: "channel.signature_invalid" });
});

test("Mailgun's route is taken once, and its replay refused after the mail is stored", async () => {
  const signingKey = "key-970238f2ece32edf0a524887a6e8dd25";
  const { adapter, clock } = await talk({ inboundFormat: "mailgun", inboundSecret: signingKey });
  const timestamp = String(clock.now() / 1000);
  const signature = toHex(await createHmac(signingKey).sign(`${timestamp}tok1`));
  const body = new URLSearchParams({ timestamp, token: "tok1", signature, "body-mime": mail([], "从 Mailgun 来") });
  const request = await toWebhookRequest(new Request("https://desk.test/", { method: "POST", body }));
  const received = await adapter.receive(request);
  expect(received.events).toMatchObject([{ message: { content: { text: "从 Mailgun 来" } } }]);
  expect((await adapter.receive(request)).events).toHaveLength(1);
  await received.commit?.();
  await expect(adapter.receive(request)).rejects.toMatchObject({ code: "channel.signature_invalid" });
});

test("hostile addresses and subjects break out of nothing", async () => {
  const { send, fake } = await talk();
  await fake.webhook({ type: "text", userId: "lee@customer.example", text: "hi" });
  const text = { type: "text", text: "hi" } as const;
  for (const to of ["a@b.example>\r\nRCPT TO:<c@d.example", "a b@c.example", "a@b.example, c@d.example", "a@", ""]) {
    expect(await send(text, { to })).toMatchObject({ code: "delivery.bad_request" });
  }
  const address = { to: "lee@customer.example", messageId: "<in1@mail.example>", references: "<in1@mail.example>" };
  await send(text, { ...address, subject: "hi\r\nBcc: victim@x.example\r\n\r\nbody" });
  const payload = fake.sent.at(-1)?.payload as { subject: string; headers: { key: string }[] };
  expect(payload.subject).toBe("Re: hi Bcc: victim@x.example body");
  expect(payload.headers.map(({ key }) => key)).not.toContain("bcc");
});

test("a card is one mail with its picture and links, a picture an attachment, a file that is gone its address", async () => {
  const { send, fake } = await talk();
  await fake.webhook({ type: "text", userId: "lee@customer.example", text: "hi" });
  const address = { to: "lee@customer.example", messageId: "<in1@mail.example>", references: "<in1@mail.example>" };
  const actions = [
    { label: "View", url: "https://shop.example/a?x=1&y=2" },
    { label: "Ask", value: "ask" },
  ];
  await send({ type: "card", title: "<Shoes>", imageUrl: "https://shop.example/a.jpg", actions }, address);
  await send({ type: "image", url: "https://shop.example/a.jpg", name: "a.jpg", alt: "size chart" }, address);
  await send({ type: "file", url: "https://shop.example/a.xlsx", name: "a.xlsx" }, address);
  const html = String(Object(fake.sent[0]?.payload).html);
  expect(html).toContain('<img src="https://shop.example/a.jpg"');
  expect(html).toContain('<a href="https://shop.example/a?x=1&amp;y=2">');
  expect(html).toContain("&lt;Shoes&gt;");
  expect(fake.sent[0]?.text).toContain("1. Ask");
  expect(fake.sent.slice(1).map((sent) => sent.text)).toEqual([
    "size chart\na.jpg",
    "a.xlsx\nhttps://shop.example/a.xlsx",
  ]);
});

test.each([
  ["Thanks!\n\nOn Mon, Jan 5, 2026 at 10:00 AM Shop <help@shop.example> wrote:\n> hello\n> there", "Thanks!"],
  ["Thanks!\n\nOn Mon, Jan 5, 2026 at 10:00 AM Shop\n<help@shop.example> wrote:\n\n> hello", "Thanks!"],
  ["好的\n\n在 2026年1月5日，小店 <help@shop.example> 写道：\n\n> 您好", "好的"],
  ["好的\n\n------------------ 原始邮件 ------------------\n发件人: 小店", "好的"],
  ["ok\n\nFrom: Shop <help@shop.example>\nSent: Monday, January 5, 2026 10:00 AM\nTo: Lee\nSubject: x\n\nhello", "ok"],
  ["了解です\n\n2026年1月5日(月) 10:00 小店 <help@shop.example>:\n> お世話になります", "了解です"],
  ["see below\n-- \nLee\nACME", "see below"],
  ["> only quoted", "> only quoted"],
  ["From: Shanghai to Beijing, how long?", "From: Shanghai to Beijing, how long?"],
  ["> which size?\n42\n> colour?\nblack", "42\nblack"],
])("of %j the new part is %j", (text, own) => {
  expect(toOwnWords(text)).toBe(own);
});

test.each([
  [
    '<p>Hi <a href="javascript:alert(1)">x</a> <b>there</b></p><script>alert(1)</script><style>p{}</style>',
    "Hi x there",
  ],
  [
    '<div>See <a href="https://a.example/?a=1&amp;b=2">this</a></div><div>&lt;b&gt; &#x4f60; &nbsp; &bogus;</div>',
    "See this (https://a.example/?a=1&b=2)\n\n<b> 你 &bogus;",
  ],
  ['new<div class="gmail_quote">old</div>', "new"],
  ["a<!-- <b>hidden</b> -->b<br>c", "ab\nc"],
  ["<p>unclosed <b", "unclosed"],
])("the words of %s", (html, text) => {
  expect(htmlToText(html, { own: true })).toBe(text);
});

test("a mail of nothing but brackets is read in time", () => {
  const start = performance.now();
  htmlToText("<".repeat(200_000));
  htmlToText("<script>".repeat(20_000));
  htmlToText('<a href="'.repeat(20_000));
  toOwnWords("On ".repeat(100_000));
  expect(performance.now() - start).toBeLessThan(2000);
});

test("changed bytes of a mail never break anything", async () => {
  const { receive } = await talk();
  const body = mail(
    ['Content-Type: multipart/mixed; boundary="b"'],
    '--b\r\nContent-Type: text/html\r\n\r\n<p>a</p>\r\n--b\r\nContent-Type: image/png; name="a.png"\r\nContent-Transfer-Encoding: base64\r\n\r\nAAAA\r\n--b--\r\n',
  );
  for (let index = 0; index < body.length; index += 1) {
    const changed = body.slice(0, index) + String.fromCharCode((index * 37) % 256) + body.slice(index + 1);
    for (const event of await receive(changed)) expect(JSON.stringify(event)).not.toContain("\\u0000");
  }
});
