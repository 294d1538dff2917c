import type { AdapterDeps, OutboundMessage, SendOptions } from "../../src/core/adapter.ts";
import { PLAIN_TEXT } from "../../src/core/adapter.ts";
import type { Content } from "../../src/core/content.ts";
import { lower } from "../../src/core/lower.ts";
import { fetchFile } from "../shared/fetch-file.ts";
import { toBase64 } from "../shared/hmac.ts";
import { domainOf, parseMailbox } from "./address.ts";
import { LOOP_HEADER } from "./automatic.ts";
import { oneLine } from "./parse.ts";

const MAX_FILE_BYTES = 10 * 1_048_576;
/** Everything in one text: a mail has room. */
const ONE_TEXT = { ...PLAIN_TEXT, maxTextLength: 200_000 };

export interface ComposedMail {
  readonly messageId: string;
  readonly to: string;
  readonly from: string;
  readonly raw: Uint8Array;
}

/**
 * The mail a content becomes: plain text with everything spelled out, the same as HTML, files attached; what cannot be fetched is named with
 * its address. Threaded by RFC 5322 §3.6.4 and marked by RFC 3834 §5 so that no machine answers it.
 */
export async function composeMail(
  { address, content, author, idempotencyKey }: OutboundMessage,
  { from, deps }: { readonly from: string; readonly deps: AdapterDeps },
  options: SendOptions,
): Promise<ComposedMail> {
  const { default: MailComposer } = await import("nodemailer/lib/mail-composer");
  const sender = parseMailbox(from);
  const to = address.to ?? "";
  const messageId = `<${idempotencyKey.replaceAll(/[^\w-]/g, "")}.xiaoer@${domainOf(sender.address)}>`;
  const file = await toAttachment(content, deps, options);
  const text = toWords(content, file !== undefined);
  const mail = new MailComposer({
    messageId,
    from: { name: oneLine(sender.name), address: sender.address },
    to: { name: "", address: to },
    subject: toSubject(address.subject, content),
    date: new Date(deps.now()),
    ...(address.messageId === undefined ? {} : { inReplyTo: oneLine(address.messageId) }),
    // A line of references may be long; 500 characters hold the last few.
    ...(address.references === undefined ? {} : { references: lastReferences(address.references) }),
    headers: {
      [LOOP_HEADER]: deps.inboxId,
      // An agent's words are not automatic; the bot's are.
      ...(author.kind === "agent" ? {} : { "auto-submitted": "auto-replied" }),
    },
    text: text || " ",
    html: toHtml(content, text),
    attachments: file === undefined ? [] : [file],
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return { messageId, to, from: sender.address, raw: await mail.compile().build() };
}

function toSubject(subject: string | undefined, content: Content): string {
  const known = oneLine(subject ?? "");
  if (known !== "") return /^(?:re|回复|答复|aw|sv)[:：]/i.test(known) ? known : `Re: ${known}`;
  const first = lower(content, ONE_TEXT).find((part) => part.type === "text");
  return (
    oneLine(first?.type === "text" ? (first.text.split("\n")[0] ?? "") : "")
      .slice(0, 78)
      .toWellFormed() || "Re:"
  );
}

function lastReferences(references: string): string[] {
  return (references.match(/<[^<>\s]{1,400}>/g) ?? []).slice(-12);
}

function toWords(content: Content, isAttached: boolean): string {
  if (isAttached && "alt" in content) return content.alt ?? "";
  if (isAttached) return "";
  return lower(content, ONE_TEXT)
    .flatMap((part) => (part.type === "text" ? part.text : []))
    .join("\n\n");
}

type File = Extract<Content, { type: "image" | "audio" | "video" | "file" }>;

function isFile(content: Content): content is File {
  return ["image", "audio", "video", "file"].includes(content.type);
}

async function toAttachment(content: Content, deps: AdapterDeps, options: SendOptions) {
  if (!isFile(content) || content.url === undefined) return undefined;
  const { url, name } = content;
  const file = await fetchFile(
    deps,
    { url, maxBytes: MAX_FILE_BYTES, ...(name === undefined ? {} : { name }) },
    options,
  );
  if (file === undefined) return undefined;
  const bytes = new Uint8Array(await file.blob.arrayBuffer());
  const contentType = content.mime ?? (file.blob.type || "application/octet-stream");
  return { filename: oneLine(file.name), content: toBase64(bytes), encoding: "base64", contentType };
}

/** The same words; links can be followed, and pictures of cards are seen. */
function toHtml(content: Content, text: string): string {
  const pictures = content.type === "carousel" ? content.cards : content.type === "card" ? [content] : [];
  const images = pictures.flatMap(({ imageUrl, title }) =>
    imageUrl === undefined || !/^https?:/.test(imageUrl)
      ? []
      : `<p><img src="${escapeHtml(imageUrl)}" alt="${escapeHtml(title)}" width="320"></p>`,
  );
  const words = text.split(/(https?:\/\/[^\s<>"'）)]+)/).map((piece, index) => {
    const safe = escapeHtml(piece);
    return index % 2 === 1 ? `<a href="${safe}">${safe}</a>` : safe.replaceAll("\n", "<br>\n");
  });
  return `${images.join("\n")}<p>${words.join("")}</p>`;
}

function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
