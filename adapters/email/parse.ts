import type { Attachment, Email } from "postal-mime";
import type { Address, InboundEvent, Sender } from "../../src/core/adapter.ts";
import type { Content } from "../../src/core/content.ts";
import { PayloadError } from "../../src/core/errors.ts";
import { cleanText, shorten, splitText } from "../../src/core/text.ts";
import { toMessages } from "../shared/said.ts";
import { toHex } from "../shared/secrets.ts";
import { domainOf, isAddress, sameAddress } from "./address.ts";
import { isAutomatic, readBounce } from "./automatic.ts";
import { htmlToText } from "./html.ts";
import { toOwnWords } from "./own-words.ts";

/** A text of ours holds 20,000; a mail of more than ten such is no question. */
const MAX_TEXT = 20_000;
const MAX_TEXTS = 10;
const MAX_FILES = 20;
/** A signature's logo, shown inside the mail. */
const SMALL_INLINE_BYTES = 32_768;

export interface ParsedMail {
  readonly events: readonly InboundEvent[];
  /** To be kept until the core fetches them by `mediaRef`. */
  readonly files: readonly MailFile[];
}

export interface MailFile {
  readonly ref: string;
  readonly name: string;
  readonly mime: string;
  readonly bytes: Uint8Array;
}

/**
 * One mail: its new words as text, each file as a message of its own. https://www.rfc-editor.org/rfc/rfc5322
 * @throws {PayloadError} when it is nested beyond reason.
 */
export async function parseMail(
  raw: Uint8Array,
  { from, now }: { readonly from: string; readonly now: number },
): Promise<ParsedMail> {
  const mail = await readMail(raw);
  const own = sameAddress(from);
  const sender = toSender(mail, own);
  const bounce = readBounce(mail, (id) => id.toLowerCase().endsWith(`.xiaoer@${domainOf(own)}>`));
  if (bounce !== undefined) {
    const { messageId: channelMessageId, detail } = bounce;
    return {
      events: [{ type: "status", channelMessageId, status: "failed", at: toTime(mail, now), detail }],
      files: [],
    };
  }
  if (sender === undefined)
    return { events: [{ type: "unsupported", kind: "mail_without_sender", raw: toRaw(mail) }], files: [] };
  const id = await toMessageId(mail, raw);
  const machine = isAutomatic(mail, own);
  const frame = {
    sender: machine ? { ...sender, isBot: true } : sender,
    address: toAddress(mail, { to: sender.id, id }),
    at: toTime(mail, now),
  };
  const files = toFiles(mail, id);
  const contents: readonly Content[] = [...toTexts(mail, files.length), ...files.map(toFileContent)];
  const events = toMessages({ channelMessageId: id, ...frame }, contents);
  return { events, files };
}

async function readMail(raw: Uint8Array): Promise<Email> {
  const { default: PostalMime } = await import("postal-mime");
  try {
    return await PostalMime.parse(raw, { maxNestingDepth: 32, maxHeadersSize: 131_072, forceRfc822Attachments: true });
  } catch (cause) {
    throw new PayloadError("The mail is nested too deep, or its header is too large.", cause);
  }
}

/** The id other mails name it by; a mail without one is known by its bytes. */
async function toMessageId(mail: Email, raw: Uint8Array): Promise<string> {
  const id = cleanText(mail.messageId?.trim() ?? "");
  if (/^<[^<>\s]{1,400}>$/.test(id)) return id;
  return `<${toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", new Uint8Array(raw))))}@no-id>`;
}

/**
 * Who writes is whom the answer goes to, `Reply-To` before `From` (RFC 5322 §3.6.2): were they two, a forged `From` would bring another
 * person's answers to the forger. A claim either way, whatever the provider checked.
 */
function toSender(mail: Email, own: string): Sender | undefined {
  const mailboxes = [...(mail.replyTo ?? []), ...(mail.from === undefined ? [] : [mail.from])];
  const candidates = mailboxes.map((mailbox) => ({
    name: mailbox.name,
    id: cleanText(sameAddress(mailbox.address ?? "")),
  }));
  const found = candidates.find(({ id }) => isAddress(id) && id !== own) ?? candidates.find(({ id }) => isAddress(id));
  if (found === undefined) return undefined;
  const name = shorten(cleanText(found.name).trim(), 255, "utf16");
  return name === "" ? { id: found.id } : { id: found.id, name };
}

/** What puts the answer into the same thread (RFC 5322 §3.6.4); the oldest references go first when there are many. */
function toAddress(mail: Email, { to, id }: { readonly to: string; readonly id: string }): Address {
  const named = cleanText(`${mail.references ?? ""} ${mail.inReplyTo ?? ""}`).match(/<[^<>\s]{1,400}>/g) ?? [];
  const references = [...new Set([...named, id])].slice(-12).join(" ");
  const subject = oneLine(mail.subject ?? "");
  return subject === "" ? { to, messageId: id, references } : { to, messageId: id, references, subject };
}

/** A date that lies ahead, or years back, is the sender's wrong clock. */
function toTime(mail: Email, now: number): number {
  const sent = Date.parse(mail.date ?? "");
  return Number.isFinite(sent) && sent <= now && now - sent < 7 * 24 * 3_600_000 ? sent : now;
}

/** The subject opens a new thread's first message; an answer's repeats what is known. */
function toTexts(mail: Email, files: number): readonly Content[] {
  const written = mail.text?.trim() ? toOwnWords(mail.text) : "";
  const own = written || htmlToText(mail.html ?? "", { own: true }) || htmlToText(mail.html ?? "");
  const isAnswer = (mail.inReplyTo ?? mail.references ?? "").trim() !== "";
  const subject = oneLine(mail.subject ?? "");
  const text = cleanText([isAnswer && own !== "" ? "" : subject, own].filter(Boolean).join("\n\n")).trim();
  if (text === "") return files > 0 ? [] : [{ type: "unsupported", kind: "empty_mail" }];
  const pieces = splitText(text, MAX_TEXT, "utf16").filter((piece) => piece.trim() !== "");
  const rest = pieces.slice(MAX_TEXTS).join("").length;
  const shown = pieces.slice(0, MAX_TEXTS);
  return [...shown, ...(rest > 0 ? [`[… +${rest}]`] : [])].map((piece) => ({ type: "text", text: piece }));
}

function toFiles(mail: Email, id: string): readonly MailFile[] {
  const files = mail.attachments.filter((part) => !(part.related === true && sizeOf(part) < SMALL_INLINE_BYTES));
  return files.slice(0, MAX_FILES).map((part, index) => ({
    ref: `${id}/${index}`,
    name: shorten(oneLine(part.filename ?? "") || `attachment-${index + 1}`, 255, "utf16"),
    mime: /^[\w.+-]{1,60}\/[\w.+-]{1,100}$/.test(part.mimeType) ? part.mimeType : "application/octet-stream",
    bytes: toBytes(part),
  }));
}

function toFileContent({ ref: fileId, name, mime, bytes }: MailFile): Content {
  const [, kind] = /^(image|audio|video)\//.exec(mime) ?? [];
  // An SVG is a document with scripts.
  const type = kind === undefined || mime.startsWith("image/svg") ? "file" : (kind as "image" | "audio" | "video");
  return { type, fileId, name, mime, size: bytes.length };
}

function sizeOf(part: Attachment): number {
  return typeof part.content === "string" ? part.content.length : part.content.byteLength;
}

function toBytes({ content }: Attachment): Uint8Array {
  return typeof content === "string" ? new TextEncoder().encode(content) : new Uint8Array(content);
}

/** Headers are shown and sent on: one line each. */
export function oneLine(text: string): string {
  return cleanText(text)
    .replaceAll(/\p{Cc}+/gu, " ")
    .trim()
    .slice(0, 500)
    .toWellFormed();
}

function toRaw(mail: Email): unknown {
  return { subject: oneLine(mail.subject ?? ""), messageId: oneLine(mail.messageId ?? "") };
}
