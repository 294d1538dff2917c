/** Uploads: named types only, proven by their first bytes, kept under keys we made, served only to who may see them; UP-1, UP-2. */
import { InvalidError, LimitError, MalformedError, NotFoundError, UnsupportedTypeError } from "../core/errors.ts";
import { fromBase64, toBase64 } from "../core/seal.ts";
import { isGoodFileLink } from "../desk/file-links.ts";
import { readBytes } from "./body.ts";
import type { Ctx, HttpDeps } from "./context.ts";

const MAX_FILE = 10 * 1024 * 1024;
const MAX_PER_DAY = 50 * 1024 * 1024;
const LINK_MS = 10 * 60_000;
const DAY_MS = 24 * 3_600_000;

const ascii = (text: string) => [...text].map((character) => character.charCodeAt(0));
/** Magic bytes by type; a claimed type counts only if they agree. `RIFF` and `ftyp` families are told apart at their place. */
const TYPES: readonly {
  readonly mime: string;
  readonly at: number;
  readonly bytes: readonly number[];
  readonly inline: boolean;
}[] = [
  { mime: "image/png", at: 0, bytes: [0x89, ...ascii("PNG")], inline: true },
  { mime: "image/jpeg", at: 0, bytes: [0xff, 0xd8, 0xff], inline: true },
  { mime: "image/gif", at: 0, bytes: ascii("GIF8"), inline: true },
  { mime: "image/webp", at: 8, bytes: ascii("WEBP"), inline: true },
  { mime: "application/pdf", at: 0, bytes: ascii("%PDF-"), inline: false },
  { mime: "audio/mpeg", at: 0, bytes: ascii("ID3"), inline: false },
  { mime: "audio/mpeg", at: 0, bytes: [0xff, 0xfb], inline: false },
  { mime: "audio/ogg", at: 0, bytes: ascii("OggS"), inline: false },
  { mime: "audio/wav", at: 8, bytes: ascii("WAVE"), inline: false },
  { mime: "audio/amr", at: 0, bytes: ascii("#!AMR"), inline: false },
  { mime: "audio/mp4", at: 4, bytes: ascii("ftypM4A"), inline: false },
  { mime: "video/mp4", at: 4, bytes: ascii("ftyp"), inline: false },
  { mime: "video/webm", at: 0, bytes: [0x1a, 0x45, 0xdf, 0xa3], inline: false },
];
const TEXTS = ["text/plain", "text/csv"];

/** The type the bytes prove; text is text when it is UTF-8 without NUL and nothing else fits. */
function sniff(bytes: Uint8Array, claimed: string): string | undefined {
  const found = TYPES.find(({ at, bytes: magic }) => magic.every((byte, i) => bytes[at + i] === byte));
  if (found !== undefined) return found.mime;
  if (!TEXTS.includes(claimed) || bytes.includes(0)) return undefined;
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return claimed;
  } catch {
    return undefined; // not text either
  }
}

/** Controls and direction marks could make a name lie about its ending. */
function cleanName(name: string): string {
  const clean = name
    .toWellFormed()
    .replace(/[\p{Cc}\p{Cf}\\/:*?"<>|]/gu, "")
    .trim();
  let kept = clean;
  while (new TextEncoder().encode(kept).length > 255) kept = kept.slice(1);
  return kept === "" ? "file" : kept;
}

export async function saveUpload(http: HttpDeps, c: Ctx, owner: { readonly shopId: string; readonly ownerId: string }) {
  const type = c.req.header("content-type") ?? "";
  if (!type.startsWith("multipart/form-data"))
    throw new UnsupportedTypeError("request.not_multipart", "Send the file as multipart/form-data.");
  const body = await readBytes(c.req.raw, MAX_FILE + 64 * 1024);
  const form = await new Response(body, { headers: { "content-type": type } }).formData().catch((cause: unknown) => {
    throw new MalformedError("request.not_multipart", "The multipart body cannot be read.", { cause });
  });
  const file = form.get("file");
  if (!(file instanceof File))
    throw new InvalidError("file.missing", "The field `file` is missing.", {
      issues: [{ path: "file", message: "missing" }],
    });
  if (file.size === 0 || file.size > MAX_FILE) throw new InvalidError("file.size", "A file has 1 byte to 10 MiB.");
  const { store, now, newId } = http.desk;
  const used = await store.bytesSince(owner.ownerId, now() - DAY_MS);
  if (used + file.size > MAX_PER_DAY) throw new LimitError("limit.exceeded", "50 MiB a day are used up.", DAY_MS);
  const bytes = new Uint8Array(await file.arrayBuffer());
  const mime = sniff(bytes, file.type.split(";")[0] ?? "");
  if (mime === undefined) throw new UnsupportedTypeError("file.type_not_allowed", "This type of file is not taken.");
  const id = newId("fil");
  const name = cleanName(file.name);
  await store.saveFile({ id, ...owner, name, mime, size: file.size, body: toBase64(bytes), now: now() });
  return { fileId: id, url: await http.desk.filePath(id, LINK_MS), name, mime, size: file.size };
}

export async function serveFile(http: HttpDeps, c: Ctx): Promise<Response> {
  const id = c.req.param("id") ?? "";
  const until = Number(c.req.query("until"));
  const valid = await isGoodFileLink(http.seal, {
    fileId: id,
    until,
    signature: c.req.query("sig") ?? "",
    now: http.desk.now(),
  });
  const file = valid ? await http.desk.store.file(id) : undefined;
  if (file === undefined) throw new NotFoundError("file.not_found", "There is no such file, or the link has ended.");
  const inline = TYPES.some((type) => type.inline && type.mime === file.mime);
  return new Response(fromBase64(file.body), {
    headers: {
      "content-type": file.mime,
      "content-disposition": `${inline ? "inline" : "attachment"}; filename*=UTF-8''${encodeURIComponent(file.name)}`,
      "content-security-policy": "default-src 'none'; sandbox",
      "cross-origin-resource-policy": "cross-origin",
      "x-content-type-options": "nosniff",
      "cache-control": "private, max-age=600",
    },
  });
}
