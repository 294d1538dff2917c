import PostalMime from "postal-mime";
import {
  createFakeClock,
  createFakeDoor,
  type FakeClock,
  type FakeEvent,
  type FakeFailure,
  type FakePlatform,
  type FakeSent,
  toBody,
} from "../shared/fake.ts";
import { sampleFile } from "../shared/fake-media.ts";
import { toBase64 } from "../shared/hmac.ts";
import { createWebhookSigner } from "../shared/standard-webhooks.ts";
import type { EmailConfig } from "./config.ts";

/** What the server says next, and whether it hangs up. */
export interface SmtpReply {
  readonly write?: string;
  readonly close?: boolean;
}

/** One SMTP connection, for a TCP server in front of it: the greeting, then a reply to each piece of what the client writes. */
export interface SmtpSession {
  greet(): SmtpReply;
  data(chunk: string): Promise<SmtpReply>;
}

export interface FakeEmail extends FakePlatform {
  connect(): SmtpSession;
}

/** A mail provider: hands mails on signed, takes ours by SMTP for those it knows, and serves the files named in them. */
export function createFakeEmail(
  config: EmailConfig,
  options: { readonly clock?: FakeClock; readonly webhookUrl?: string; readonly files?: string } = {},
): FakeEmail {
  const clock = options.clock ?? createFakeClock();
  const webhookUrl = options.webhookUrl ?? "https://desk.test/webhooks/email";
  const signer = createWebhookSigner(config.inboundSecret);
  const sent: FakeSent[] = [];
  const mailboxes = new Set<string>();
  const failures: FakeFailure[] = [];
  const threads = new Map<string, readonly string[]>();
  let count = 0;
  const door = createFakeDoor({
    origin: options.files ?? "https://shop.example",
    serve: async (request) =>
      request.url.endsWith(".xlsx") ? new Response(null, { status: 404 }) : new Response("bytes of a file"),
    refuse: (failure) => new Response(null, { status: Number(failure) || 404 }),
  });

  async function take(to: string, raw: string): Promise<boolean> {
    const mail = await PostalMime.parse(Uint8Array.from(raw, (character) => character.charCodeAt(0)));
    const isThreaded = (threads.get(to) ?? []).some(
      (id) => mail.references?.includes(id) && mail.inReplyTo?.includes("@"),
    );
    if (mail.messageId === undefined || mail.date === undefined || !mail.subject || !isThreaded) return false;
    const files = mail.attachments.map((part) => part.filename ?? "");
    const text = [mail.text?.trim(), ...files].filter(Boolean).join("\n");
    sent.push({ to, messageId: mail.messageId, text, buttons: [], method: "SMTP", payload: mail, at: clock.now() });
    return true;
  }

  function connect(): SmtpSession {
    const failure = failures.shift();
    const user = decodeURIComponent(new URL(config.smtpUrl).username);
    const pass = decodeURIComponent(new URL(config.smtpUrl).password);
    let buffer = "";
    let recipient: string | undefined;
    let isOn = user === "";
    let inData = false;

    async function command(line: string): Promise<SmtpReply> {
      if (/^EHLO /i.test(line)) return { write: "250-mail.example\r\n250-8BITMIME\r\n250 AUTH PLAIN\r\n" };
      if (/^QUIT/i.test(line)) return { write: "221 2.0.0 Bye\r\n", close: true };
      if (/^AUTH PLAIN /i.test(line)) {
        isOn = failure !== "401" && atob(line.slice(11)) === `\u0000${user}\u0000${pass}`;
        return { write: isOn ? "235 2.7.0 Accepted\r\n" : "535 5.7.8 Authentication failed\r\n" };
      }
      if (!isOn) return { write: "530 5.7.0 Authentication required\r\n" };
      if (/^MAIL FROM:/i.test(line)) {
        if (failure === "429") return { write: "450 4.7.1 Too many messages, try again later\r\n" };
        return { write: failure === "500" ? "451 4.3.0 Temporary failure\r\n" : "250 2.1.0 Ok\r\n" };
      }
      if (/^RCPT TO:/i.test(line)) {
        recipient = /<([^<>]+)>/.exec(line)?.[1] ?? "";
        const isKnown = mailboxes.has(recipient) && failure !== "gone";
        return { write: isKnown ? "250 2.1.5 Ok\r\n" : "550 5.1.1 No such user here\r\n" };
      }
      if (/^DATA/i.test(line)) {
        inData = recipient !== undefined;
        return { write: inData ? "354 Go ahead\r\n" : "503 5.5.1 RCPT first\r\n" };
      }
      return { write: "502 5.5.2 Unknown command\r\n" };
    }

    async function message(raw: string): Promise<SmtpReply> {
      inData = false;
      if (failure === "timeout") return {};
      if (failure === "reset" || failure === "502") return { close: true };
      const isGood = await take(recipient ?? "", raw.replaceAll("\r\n..", "\r\n."));
      if (failure === "accepted-then-reset") return { close: true };
      return { write: isGood ? "250 2.0.0 Queued\r\n" : "554 5.6.0 The message is malformed\r\n" };
    }

    return {
      greet: () => (failure === "refused" ? { close: true } : { write: "220 mail.example ESMTP\r\n" }),
      async data(chunk) {
        buffer += chunk;
        const end = inData ? "\r\n.\r\n" : "\r\n";
        const at = buffer.indexOf(end);
        if (at === -1) return {};
        const piece = buffer.slice(0, at);
        buffer = buffer.slice(at + end.length);
        return inData ? message(piece) : command(piece);
      },
    };
  }

  function toMail(event: FakeEvent): string {
    count += 1;
    const id = `<in${count}@mail.example>`;
    threads.set(event.userId, [...(threads.get(event.userId) ?? []), id]);
    const headers = [
      `From: =?utf-8?B?5p2O?= <${event.userId}>`,
      `To: ${config.from}`,
      `Message-ID: ${id}`,
      `Date: ${new Date(clock.now()).toUTCString().replace("GMT", "+0000")}`,
      "MIME-Version: 1.0",
    ];
    const text = (words: string) => [
      "Content-Type: text/plain; charset=utf-8",
      "Content-Transfer-Encoding: base64",
      "",
      base64(words),
    ];
    if (event.type === "text")
      return [...headers, "In-Reply-To: <out1@shop.example>", ...text(event.text)].join("\r\n");
    if (event.type === "unknown") return headers.slice(1).join("\r\n");
    if (event.type !== "image" && event.type !== "file") throw new Error(`A mail has no ${event.type}.`);
    const { mime: type, bytes } = sampleFile(event.type);
    const name = `=?utf-8?B?${base64(event.name ?? "photo.png")}?=`;
    return [
      ...headers,
      'Content-Type: multipart/mixed; boundary="b1"',
      "",
      ...(event.caption === undefined ? [] : ["--b1", ...text(event.caption)]),
      "--b1",
      `Content-Type: ${type}; name="${name}"`,
      `Content-Disposition: attachment; filename="${name}"`,
      "Content-Transfer-Encoding: base64",
      "",
      toBase64(bytes),
      "--b1--",
      "",
    ].join("\r\n");
  }

  async function sign(body: unknown): Promise<Request> {
    const bytes = toBody(body);
    const headers = { "content-type": "message/rfc822", ...(await signer(`msg_${count}`, clock.now(), bytes)) };
    return new Request(webhookUrl, { method: "POST", headers, body: bytes });
  }

  return {
    channel: "email",
    ...door,
    fail: (next, times = 1) => void failures.push(...Array<FakeFailure>(times).fill(next)),
    connect,
    clock,
    sent,
    sign,
    people: ["lee@customer.example", "chen@customer.example"],
    plays: ["text", "image", "file", "unknown"],
    webhook: (event) => {
      mailboxes.add(event.userId);
      return sign(toMail(event));
    },
  };
}

function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}
