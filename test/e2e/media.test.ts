/** Pictures, voices and files over real servers: from the platform's webhook to the bytes an agent sees, and from an agent to the platform. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { httpConfig } from "../../adapters/http/config.ts";
import { createFakeHttp } from "../../adapters/http/fake.ts";
import { lineConfig } from "../../adapters/line/config.ts";
import { createFakeLine } from "../../adapters/line/fake.ts";
import type { FakeEvent, FakePlatform } from "../../adapters/shared/fake.ts";
import { sampleFile } from "../../adapters/shared/fake-media.ts";
import { createFakeTelegram } from "../../adapters/telegram/fake.ts";
import { miniprogramConfig } from "../../adapters/wechat/config.ts";
import { createFakeWechatMiniprogram } from "../../adapters/wechat/fake.ts";
import { withoutMetadata } from "../../src/core/picture-privacy.ts";
import { cameraNotes, jpegOf, segment, tellsPlace } from "../support/pictures.ts";
import { freePort, spawnServer } from "../support/process.ts";
import { post, serveFake, startServer, type TestServer, until } from "../support/server.ts";

const clock = { now: () => Date.now(), advance: () => undefined };
const MIB = 1024 * 1024;

interface Platform {
  readonly id: string;
  readonly fake: FakePlatform;
  readonly url: string;
  readonly config: object;
  readonly channel: string;
  /** Answers in place of the platform where a file is asked for. */
  file: ((request: Request) => Response | Promise<Response> | undefined) | undefined;
  stop(): Promise<void>;
}

async function open(
  id: string,
  channel: string,
  path: RegExp,
  make: (apiRoot: string) => { readonly fake: FakePlatform; readonly config: object },
): Promise<Platform> {
  const server = await serveFake(async (request) => {
    const own = path.test(new URL(request.url).pathname) ? await platform.file?.(request) : undefined;
    return own ?? platform.fake.handle(request);
  });
  const platform: Platform = { id, channel, ...make(server.url), url: server.url, file: undefined, stop: server.stop };
  return platform;
}

const openTelegram = () =>
  open("tg", "telegram", /\/file\/bot/, (apiRoot) => {
    const config = { token: "123456:TEST-token-of-a-fake-bot-0123456789", secretToken: "s".repeat(40), apiRoot };
    return { config, fake: createFakeTelegram(config, { clock }) };
  });
const openLine = () =>
  open("ln", "line", /\/content$/, (apiRoot) => {
    const config = { channelAccessToken: "t".repeat(40), channelSecret: "0123456789abcdef0123456789abcdef", apiRoot };
    return { config, fake: createFakeLine(lineConfig.parse(config), { clock }) };
  });
const openWechat = () =>
  open("mp", "wechat-miniprogram", /\/media\/get$/, (apiRoot) => {
    const config = {
      appId: "wx0123456789abcdef",
      appSecret: "0123456789abcdef0123456789abcdef",
      token: "a-token-of-our-own",
      encodingAesKey: "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
      apiRoot,
    };
    return { config, fake: createFakeWechatMiniprogram(miniprogramConfig.parse(config), { clock }) };
  });

let server: TestServer;
let platforms: readonly Platform[] = [];
const sockets: WebSocket[] = [];
beforeAll(async () => {
  server = await startServer();
  platforms = await Promise.all([openTelegram(), openLine(), openWechat()]);
  for (const { id, channel, config } of platforms) {
    const made = await server.admin("POST", "/v1/inboxes", { id, channel, name: id, config });
    expect(made.status, JSON.stringify(made.body)).toBe(201);
  }
});
afterEach(() => {
  for (const platform of platforms) platform.file = undefined;
  for (const socket of sockets.splice(0)) socket.terminate();
});
afterAll(async () => {
  await server?.stop();
  await Promise.all(platforms.map(({ stop }) => stop()));
});

const platformOf = (id: string): Platform => {
  const found = platforms.find((one) => one.id === id);
  if (found === undefined) throw new Error(id);
  return found;
};

async function send(id: string, event: FakeEvent, to: Pick<TestServer, "url"> = server): Promise<void> {
  expect((await post(to, id, await platformOf(id).fake.webhook(event))).status).toBe(200);
}

/** What the desk shows of an inbox's newest contact message. */
async function newest(id: string, from: Pick<TestServer, "admin"> = server) {
  const [session] = (await from.admin("GET", `/v1/sessions?inboxId=${id}`)).body.items;
  if (session === undefined) return undefined;
  const { items } = (await from.admin("GET", `/v1/sessions/${session.id}/messages`)).body;
  return items.find((message: { direction: string }) => message.direction === "inbound");
}

async function settled(id: string, state: string, from: Pick<TestServer, "admin"> = server) {
  await until(async () => (await newest(id, from))?.media?.state === state, `${id} to be ${state}`);
  return newest(id, from);
}

async function watchDesk() {
  const login = await server.call("POST", "/v1/auth/login", {
    body: { email: "admin@shop.test", password: "correct-horse-battery" },
  });
  const cookie = (login.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
  const frames: { type: string; data: { id: string; media?: { state: string }; content: { url?: string } } }[] = [];
  const socket = new WebSocket(`${server.url.replace("http", "ws")}/v1/stream`, ["xiaoer.v1"], {
    headers: { cookie, origin: server.url },
  });
  sockets.push(socket);
  socket.on("message", (data) => frames.push(JSON.parse(String(data))));
  await until(() => frames[0]?.type === "ready", "the desk's stream");
  return frames;
}

const bytesOf = async (url: string) => new Uint8Array(await (await fetch(server.url + url)).arrayBuffer());

describe("a picture from a platform", () => {
  it.each(["tg", "ln", "mp"])("is a placeholder at once and the very same bytes a moment later (%s)", async (id) => {
    const platform = platformOf(id);
    const frames = await watchDesk();
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    platform.file = () => held.then(() => undefined as unknown as Response);
    await send(id, { type: "image", userId: platform.fake.people[0] });
    await until(() => frames.some(({ data }) => data.media?.state === "pending"), "the placeholder's frame");
    const waiting = await newest(id);
    expect(waiting).toMatchObject({ content: { type: "image" }, media: { state: "pending" } });
    // The platform's own name for it may be a link with a credential.
    expect(waiting.content).not.toHaveProperty("fileId");
    release();
    await until(
      () => frames.some(({ data }) => data.id === waiting.id && data.media?.state === "stored"),
      "the picture's frame",
    );
    const sample = sampleFile("image");
    const shown = await settled(id, "stored");
    expect(shown.content).toMatchObject({ type: "image", mime: sample.mime, size: sample.bytes.length });
    expect(shown.content.url).toMatch(/^\/files\/fil_\w+\?until=/);
    expect(await bytesOf(shown.content.url)).toEqual(sample.bytes);
    const served = await fetch(server.url + shown.content.url);
    expect(served.headers.get("content-security-policy")).toContain("sandbox");
    expect(served.headers.get("x-content-type-options")).toBe("nosniff");
  });

  it("is kept upright, and without the place where it was taken", async () => {
    const photo = (notes: Uint8Array) => jpegOf({ segments: [segment(0xe1, "Exif\0\0", notes)] });
    platformOf("tg").file = () => new Response(photo(cameraNotes({ orientation: 6 })));
    await send("tg", { type: "image", userId: "70012" });
    await until(async () => (await newest("tg"))?.content.mime === "image/jpeg", "the photo");
    const shown = await settled("tg", "stored");
    const kept = await bytesOf(shown.content.url);
    expect([tellsPlace(photo(cameraNotes({}))), tellsPlace(kept)]).toEqual([true, false]);
    expect(kept.length).toBe(shown.content.size);
    expect(kept).toEqual(withoutMetadata(photo(cameraNotes({ orientation: 6 })), "image/jpeg"));
  });

  it("is stored once, however often the webhook comes", async () => {
    const { fake } = platformOf("tg");
    const asked: string[] = [];
    platformOf("tg").file = (request) => {
      asked.push(request.url);
      return undefined;
    };
    const request = await fake.webhook({ type: "image", userId: "70011" });
    for (const copy of [request.clone(), request.clone(), request])
      expect((await post(server, "tg", copy)).status).toBe(200);
    await settled("tg", "stored");
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(asked).toHaveLength(1);
  });
});

describe("a voice and a film", () => {
  it("play from anywhere in them", async () => {
    await send("tg", { type: "audio", userId: "70012" });
    const voice = await settled("tg", "stored");
    const { bytes } = sampleFile("audio");
    expect(voice.content).toMatchObject({ type: "audio", mime: "audio/wav", size: bytes.length });
    const part = await fetch(server.url + voice.content.url, { headers: { range: "bytes=44-143" } });
    expect(part.status).toBe(206);
    expect(part.headers.get("content-range")).toBe(`bytes 44-143/${bytes.length}`);
    expect(new Uint8Array(await part.arrayBuffer())).toEqual(bytes.slice(44, 144));
    const last = await fetch(server.url + voice.content.url, { headers: { range: "bytes=-10" } });
    expect(new Uint8Array(await last.arrayBuffer())).toEqual(bytes.slice(-10));
    const beyond = await fetch(server.url + voice.content.url, { headers: { range: `bytes=${bytes.length}-` } });
    expect([beyond.status, beyond.headers.get("content-range")]).toEqual([416, `bytes */${bytes.length}`]);
    await send("ln", { type: "video", userId: platformOf("ln").fake.people[1] });
    expect((await settled("ln", "stored")).content).toMatchObject({ type: "video", mime: "video/mp4" });
  });
});

describe("a file that is not kept", () => {
  it("because it is too large, announced or not, keeps its reason", async () => {
    const telegram = platformOf("tg");
    let sent = 0;
    const endless = (headers: Record<string, string>) =>
      new Response(
        new ReadableStream({
          pull(controller) {
            sent += MIB;
            if (sent > 40 * MIB) controller.close();
            else controller.enqueue(new Uint8Array(MIB));
          },
        }),
        { headers },
      );
    telegram.file = () => endless({ "content-type": "image/png" });
    await send("tg", { type: "image", userId: "70013" });
    expect((await settled("tg", "failed")).media).toEqual({ state: "failed", code: "file.too_large" });
    const line = platformOf("ln");
    line.file = () => new Response(new Uint8Array(23 * MIB), { headers: { "content-length": String(23 * MIB) } });
    await send("ln", { type: "image", userId: line.fake.people[0] });
    expect(await settled("ln", "failed")).toMatchObject({
      media: { code: "file.too_large" },
      content: { size: 23 * MIB },
    });
  });

  it("because its bytes are something else, or it is gone, keeps its reason", async () => {
    const wechat = platformOf("mp");
    const [user] = wechat.fake.people;
    wechat.file = () => new Response("<script>alert(1)</script>", { headers: { "content-type": "image/png" } });
    await send("mp", { type: "image", userId: user });
    expect((await settled("mp", "failed")).media).toEqual({ state: "failed", code: "file.type_not_allowed" });
    // A page of paper is a good file and no picture.
    wechat.file = () => new Response(sampleFile("file").bytes, { headers: { "content-type": "image/png" } });
    await send("mp", { type: "image", userId: user });
    expect((await settled("mp", "failed")).media.code).toBe("file.type_not_allowed");
    wechat.file = () => Response.json({ errcode: 40007, errmsg: "invalid media_id" });
    await send("mp", { type: "image", userId: user });
    expect((await settled("mp", "failed")).media.code).toBe("media.gone");
    // 40,000 × 40,000: a few bytes that unpack to gigabytes.
    const bomb = sampleFile("image").bytes;
    new DataView(bomb.buffer).setUint32(16, 40_000);
    new DataView(bomb.buffer).setUint32(20, 40_000);
    wechat.file = () => new Response(bomb, { headers: { "content-type": "image/png" } });
    await send("mp", { type: "image", userId: user });
    expect((await settled("mp", "failed")).media.code).toBe("file.too_many_pixels");
  });

  it("is fetched when an agent asks again, and by nobody without that right", async () => {
    const telegram = platformOf("tg");
    telegram.file = () => new Response(null, { status: 404 });
    await send("tg", { type: "image", userId: "70014" });
    const { id } = await settled("tg", "failed");
    const path = `/v1/messages/${id}/media/retry`;
    expect((await server.call("POST", path, { body: {} })).status).toBe(401);
    expect((await server.admin("POST", "/v1/messages/msg_none/media/retry")).status).toBe(404);
    telegram.file = undefined;
    const asked = await server.admin("POST", path);
    expect([asked.status, asked.body.message.id]).toEqual([202, id]);
    expect(await bytesOf((await settled("tg", "stored")).content.url)).toEqual(sampleFile("image").bytes);
    // Once more changes nothing.
    expect((await server.admin("POST", path)).body.message.media).toEqual({ state: "stored" });
  });
});

describe("a platform that fails", () => {
  it("for a while is asked again until it gives the file", async () => {
    const telegram = platformOf("tg");
    let asked = 0;
    telegram.file = () => {
      asked += 1;
      return asked < 3 ? new Response("oops", { status: 500 }) : undefined;
    };
    await send("tg", { type: "image", userId: "70015" });
    await settled("tg", "stored");
    expect(asked).toBe(3);
  }, 20_000);

  it("to answer does not keep another platform's files waiting", async () => {
    const telegram = platformOf("tg");
    telegram.file = () =>
      new Promise<Response>((resolve) => setTimeout(() => resolve(new Response(null, { status: 404 })), 3000));
    for (let i = 0; i < 8; i += 1) await send("tg", { type: "image", userId: `7002${i}` });
    const begun = performance.now();
    await send("ln", { type: "image", userId: platformOf("ln").fake.people[0] });
    await settled("ln", "stored");
    expect(performance.now() - begun).toBeLessThan(2000);
    await until(async () => (await newest("tg"))?.media?.state === "failed", "the slow ones");
  }, 20_000);
});

describe("a process that is killed", () => {
  it("in the middle of a file leaves it to the next", async () => {
    const folder = await mkdtemp(join(tmpdir(), "xiaoer-media-"));
    const telegram = await openTelegram();
    const env = { PORT: String(await freePort()), DATABASE_URL: `file:${join(folder, "xiaoer.db")}` };
    const first = await spawnServer(env);
    try {
      const { config } = telegram;
      const made = await first.admin("POST", "/v1/inboxes", { id: "tg", channel: "telegram", name: "tg", config });
      expect(made.status).toBe(201);
      let asked = 0;
      telegram.file = () => {
        asked += 1;
        return new Promise<Response>(() => {}); // never
      };
      expect((await post(first, "tg", await telegram.fake.webhook({ type: "image", userId: "1" }))).status).toBe(200);
      await until(() => asked === 1, "the fetch to begin");
      await first.kill();
      telegram.file = undefined;
      const second = await spawnServer(env);
      try {
        const shown = await settled("tg", "stored", second);
        const served = await fetch(second.url + shown.content.url);
        expect(new Uint8Array(await served.arrayBuffer())).toEqual(sampleFile("image").bytes);
      } finally {
        await second.kill();
      }
    } finally {
      await first.kill();
      await telegram.stop();
      await rm(folder, { recursive: true, force: true });
    }
  }, 120_000);
});

describe("a picture from an agent", () => {
  it("reaches Telegram as one it can fetch from us, and only the agent who uploaded it may send it", async () => {
    const userId = "70031";
    const { fake } = platformOf("tg");
    expect((await post(server, "tg", await fake.webhook({ type: "text", userId, text: "转人工" }))).status).toBe(200);
    await until(
      async () => (await server.admin("GET", "/v1/sessions?state=queued&inboxId=tg")).body.items.length > 0,
      "the handoff",
    );
    const [session] = (await server.admin("GET", "/v1/sessions?state=queued&inboxId=tg")).body.items;
    await server.admin("POST", `/v1/tickets/${session.ticketId}/claim`);
    const { token } = (
      await server.call("POST", "/v1/auth/login", {
        body: { email: "admin@shop.test", password: "correct-horse-battery" },
      })
    ).body;
    const { bytes, mime } = sampleFile("image");
    const form = new FormData();
    form.set("file", new Blob([bytes], { type: mime }), "裂了.png");
    const uploaded = await fetch(`${server.url}/v1/uploads`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}` },
      body: form,
    });
    expect(uploaded.status).toBe(201);
    const { fileId } = (await uploaded.json()) as { fileId: string };
    const say = (clientId: string, content: object) =>
      server.admin("POST", `/v1/tickets/${session.ticketId}/messages`, { clientId, content });
    const sent = await say("p", { type: "image", fileId, name: "裂了.png" });
    expect([sent.status, sent.body.message.content.mime]).toEqual([201, mime]);
    await until(() => fake.sent.some(({ method }) => method === "sendPhoto"), "the picture at Telegram");
    const { payload } = fake.sent.findLast(({ method }) => method === "sendPhoto") ?? {};
    const { photo = "" } = payload as { photo?: string };
    expect(photo.startsWith(`${server.url}/files/`)).toBe(true);
    expect(new Uint8Array(await (await fetch(photo)).arrayBuffer())).toEqual(bytes);
    // Another's file, here the contact's on another channel, is none.
    const theirs = await settled("ln", "stored");
    expect((await say("q", { type: "image", fileId: /fil_\w+/.exec(theirs.content.url)?.[0] })).status).toBe(404);
    expect((await say("r", { type: "audio", fileId })).status).toBe(415);
  });
});

describe("a mail with files", () => {
  const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  const config = { inboundSecret: secret, smtpUrl: "smtp://127.0.0.1:9", from: "Shop <help@shop.example>" };
  const paper = (bytes: number) => {
    const file = new Uint8Array(bytes).fill(0x20);
    file.set(new TextEncoder().encode("%PDF-1.4\n"));
    return file;
  };
  const deliver = (id: string, files: readonly Uint8Array[]) => {
    const parts = files.flatMap((file, index) => [
      "--b1",
      `Content-Type: application/pdf; name="${index}.pdf"`,
      `Content-Disposition: attachment; filename="${index}.pdf"`,
      "Content-Transfer-Encoding: base64",
      "",
      Buffer.from(file).toString("base64").replaceAll(/.{76}/g, "$&\r\n"),
    ]);
    const mail = [
      "From: Lee <lee@customer.example>",
      "To: help@shop.example",
      `Message-ID: <${id}@customer.example>`,
      "MIME-Version: 1.0",
      'Content-Type: multipart/mixed; boundary="b1"',
      "",
      ...parts,
      "--b1--",
      "",
    ].join("\r\n");
    const headers = { "content-type": "message/rfc822", authorization: `Bearer ${secret}` };
    return fetch(`${server.url}/webhooks/mail`, { method: "POST", headers, body: mail });
  };
  beforeAll(async () => {
    const made = await server.admin("POST", "/v1/inboxes", { id: "mail", channel: "email", name: "mail", config });
    expect(made.status, JSON.stringify(made.body)).toBe(201);
  });

  it("of several megabytes is taken, and every file kept whole", async () => {
    const files = [paper(3_000_000), paper(9_000_000), paper(10.5 * MIB)];
    expect((await deliver("m1", files.slice(0, 2))).status).toBe(200);
    const [session] = (await server.admin("GET", "/v1/sessions?inboxId=mail")).body.items;
    const messages = async () => (await server.admin("GET", `/v1/sessions/${session.id}/messages`)).body.items;
    const inbound = async () => (await messages()).filter((message: { media?: object }) => message.media !== undefined);
    await until(
      async () => (await inbound()).every(({ media }: { media: { state: string } }) => media.state === "stored"),
      "both files",
    );
    const shown = (await inbound()).sort((a: { seq: number }, b: { seq: number }) => a.seq - b.seq);
    expect(shown).toHaveLength(2);
    for (const [index, { content }] of shown.entries()) {
      expect(content).toMatchObject({ type: "file", name: `${index}.pdf`, mime: "application/pdf" });
      expect(Buffer.compare(await bytesOf(content.url), files[index] ?? paper(0))).toBe(0);
    }
    expect((await deliver("m2", files.slice(2))).status).toBe(200);
    expect((await settled("mail", "failed")).media.code).toBe("file.too_large");
  }, 30_000);

  it("of more than 25 MiB is refused before it is read, and other channels stay at one", async () => {
    const headers = { "content-type": "message/rfc822", authorization: `Bearer ${secret}` };
    const large = await fetch(`${server.url}/webhooks/mail`, {
      method: "POST",
      headers,
      body: new Uint8Array(26 * MIB),
    });
    expect(large.status).toBe(413);
    const chat = await fetch(`${server.url}/webhooks/tg`, { method: "POST", body: new Uint8Array(2 * MIB) });
    expect(chat.status).toBe(413);
  });
});

describe("a file of another's", () => {
  it("is not had by naming our id for it from outside", async () => {
    const config = httpConfig.parse({
      secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
      sendUrl: "http://127.0.0.1:9/",
    });
    const made = await server.admin("POST", "/v1/inboxes", { id: "ht", channel: "http", name: "http", config });
    expect(made.status, JSON.stringify(made.body)).toBe(201);
    const theirs = /fil_\w+/.exec((await settled("ln", "stored")).content.url)?.[0];
    const fake = createFakeHttp(config, { clock });
    const webhook = await (await fake.webhook({ type: "image", userId: "u1" })).text();
    const forged = webhook.replace(/"url":"[^"]*"/, `"fileId":"${theirs}"`);
    expect(forged).toContain(String(theirs));
    expect((await post(server, "ht", await fake.sign(forged))).ok).toBe(true);
    await until(async () => (await newest("ht")) !== undefined, "the message");
    expect((await newest("ht")).content).toEqual({ type: "unsupported", kind: "image" });
  });
});
