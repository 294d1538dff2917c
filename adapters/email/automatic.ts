import type { Email } from "postal-mime";

/** Says in every mail of ours which inbox sent it, so that it is known when it comes back. */
export const LOOP_HEADER = "x-xiaoer-inbox";

/**
 * Whether a machine wrote: an answer to it may be answered by a machine again, for ever. It is stored and not answered.
 * https://www.rfc-editor.org/rfc/rfc3834#section-2 and what mail systems add to it.
 */
export function isAutomatic(mail: Email, ownAddress: string): boolean {
  const header = (name: string) => (mail.headers.find(({ key }) => key === name)?.value ?? "").trim().toLowerCase();
  const has = (name: string) => mail.headers.some(({ key }) => key === name);
  const from = mail.from?.address?.toLowerCase() ?? "";
  const submitted = header("auto-submitted").replace(/\s*[;(].*$/, "");
  return (
    has(LOOP_HEADER) ||
    from === ownAddress ||
    (submitted !== "" && submitted !== "no") ||
    /^(?:bulk|junk|list|auto_reply)$/.test(header("precedence")) ||
    [
      "x-autoreply",
      "x-autorespond",
      "x-auto-response-suppress",
      "x-autoresponder",
      "list-id",
      "list-unsubscribe",
      "feedback-id",
    ].some(has) ||
    (has("return-path") && /^<?\s*>?$/.test(header("return-path"))) ||
    /^(?:mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounces?)(?:[+-].*)?@/.test(from) ||
    header("content-type").startsWith("multipart/report")
  );
}

/** A delivery report: which of our messages did not arrive, and why. https://www.rfc-editor.org/rfc/rfc3464 */
export function readBounce(
  mail: Email,
  isOurs: (messageId: string) => boolean,
): { readonly messageId: string; readonly detail: string } | undefined {
  const type = mail.headers.find(({ key }) => key === "content-type")?.value ?? "";
  if (!/^multipart\/report/i.test(type.trim())) return undefined;
  const parts = mail.attachments.map((part) => ({ mime: part.mimeType, text: toText(part.content).slice(0, 20_000) }));
  const report = parts.find(({ mime }) => mime === "message/delivery-status")?.text ?? mail.text ?? "";
  if (!/^Action:\s*failed/im.test(report)) return undefined;
  const returned = parts
    .filter(({ mime }) => mime === "message/rfc822" || mime === "text/rfc822-headers")
    .map(({ text }) => text);
  const named = [mail.inReplyTo ?? "", mail.references ?? "", ...returned].flatMap(
    (text) => text.match(/<[^<>\s]{3,400}>/g) ?? [],
  );
  const messageId = named.find(isOurs);
  if (messageId === undefined) return undefined;
  const status = /^Status:\s*([245]\.\d{1,3}\.\d{1,3})/im.exec(report)?.[1] ?? "5.0.0";
  const reason = /^Diagnostic-Code:\s*(?:smtp;)?\s*(.{1,300})/im.exec(report)?.[1] ?? "";
  return { messageId, detail: `${status} ${reason}`.trim().toWellFormed().replaceAll("\u0000", "") };
}

function toText(content: ArrayBuffer | Uint8Array | string): string {
  return typeof content === "string" ? content : new TextDecoder().decode(content);
}
