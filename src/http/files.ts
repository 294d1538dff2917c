/** Uploads: named types only, proven by their first bytes, kept under keys we made, served only to who may see them; UP-1, UP-2. */

import { fromBase64, toBase64 } from "../core/base64.ts";
import { InvalidError, LimitError, MalformedError, NotFoundError, UnsupportedTypeError } from "../core/errors.ts";
import {
  cleanFileName,
  DAY_MS,
  type FileFault,
  isPicture,
  MAX_DAY_BYTES,
  MAX_FILE_BYTES,
  takeFile,
} from "../core/file.ts";
import { isGoodFileLink } from "../desk/file-links.ts";
import { readBytes } from "./body.ts";
import type { Ctx, HttpDeps } from "./context.ts";

const LINK_MS = 10 * 60_000;

function refused(fault: FileFault) {
  switch (fault) {
    case "file.type_not_allowed":
      return new UnsupportedTypeError("file.type_not_allowed", "This type of file is not taken.");
    case "file.too_many_pixels":
      return new InvalidError("file.too_many_pixels", "A picture has 40 megapixels at most.");
    case "file.empty":
    case "file.too_large":
      return new InvalidError("file.size", "A file has 1 byte to 10 MiB.");
  }
}

/** @param accept throws where a type is not taken here */
export async function saveUpload(
  http: HttpDeps,
  c: Ctx,
  owner: { readonly shopId: string; readonly ownerId: string },
  { accept }: { readonly accept?: (mime: string) => void } = {},
) {
  const type = c.req.header("content-type") ?? "";
  if (!type.startsWith("multipart/form-data"))
    throw new UnsupportedTypeError("request.not_multipart", "Send the file as multipart/form-data.");
  const body = await readBytes(c.req.raw, MAX_FILE_BYTES + 64 * 1024);
  const form = await new Response(body, { headers: { "content-type": type } }).formData().catch((cause: unknown) => {
    throw new MalformedError("request.not_multipart", "The multipart body cannot be read.", { cause });
  });
  const file = form.get("file");
  if (!(file instanceof File))
    throw new InvalidError("file.missing", "The field `file` is missing.", {
      issues: [{ path: "file", message: "missing" }],
    });
  if (file.size === 0 || file.size > MAX_FILE_BYTES) throw refused("file.too_large");
  const { store, now, newId } = http.desk;
  const used = await store.bytesSince(owner.ownerId, now() - DAY_MS);
  if (used + file.size > MAX_DAY_BYTES) throw new LimitError("limit.exceeded", "50 MiB a day are used up.", DAY_MS);
  const taken = takeFile(new Uint8Array(await file.arrayBuffer()), { mime: file.type, name: file.name });
  if ("fault" in taken) throw refused(taken.fault);
  const { mime, bytes } = taken;
  accept?.(mime);
  const size = bytes.length;
  const id = newId("fil");
  const name = cleanFileName(file.name);
  await store.saveFile({ id, ...owner, name, mime, size, body: toBase64(bytes), now: now() });
  return { fileId: id, url: await http.desk.filePath(id, LINK_MS), name, mime, size };
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
  const bytes = fromBase64(file.body);
  const headers = {
    "content-type": file.mime,
    "content-disposition": `${isPicture(file.mime) ? "inline" : "attachment"}; filename*=UTF-8''${encodeURIComponent(file.name)}`,
    "content-security-policy": "default-src 'none'; sandbox",
    "cross-origin-resource-policy": "cross-origin",
    "x-content-type-options": "nosniff",
    "cache-control": "private, max-age=600",
    "accept-ranges": "bytes",
  };
  const range = rangeOf(c.req.header("range"), bytes.length);
  if (range === undefined) return new Response(bytes, { headers });
  if (range === "none") {
    return new Response(null, { status: 416, headers: { ...headers, "content-range": `bytes */${bytes.length}` } });
  }
  const { from, to } = range;
  return new Response(bytes.subarray(from, to + 1), {
    status: 206,
    headers: { ...headers, "content-range": `bytes ${from}-${to}/${bytes.length}` },
  });
}

/**
 * The one range asked for: players jump by it, and some play nothing without. Several at once are answered whole, which is allowed.
 * https://www.rfc-editor.org/rfc/rfc9110#section-14.2
 */
function rangeOf(header: string | undefined, size: number): { from: number; to: number } | "none" | undefined {
  const [, first = "", last = ""] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? "") ?? [];
  if (first === "" && last === "") return undefined;
  if (first === "") return Number(last) === 0 ? "none" : { from: Math.max(0, size - Number(last)), to: size - 1 };
  if (last !== "" && Number(last) < Number(first)) return undefined;
  if (Number(first) >= size) return "none";
  return { from: Number(first), to: last === "" ? size - 1 : Math.min(size - 1, Number(last)) };
}
