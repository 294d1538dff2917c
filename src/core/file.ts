/** Which files are taken, from whomever they come: proven by their first bytes, never by their name; `security.md` UP-1, UP-2. */
import { withoutMetadata } from "./picture-privacy.ts";

export const MAX_FILE_BYTES = 10 * 1024 * 1024;
/** For one contact, or one agent, in 24 hours. */
export const MAX_DAY_BYTES = 50 * 1024 * 1024;
export const DAY_MS = 24 * 3_600_000;
/** A picture is unpacked whole by whoever looks at it. */
const MAX_PIXELS = 40_000_000;

const ascii = (text: string) => [...text].map((character) => character.charCodeAt(0));
/** Magic bytes by type; families such as `RIFF` and `ftyp` are told apart at their place. */
const TYPES: readonly { readonly mime: string; readonly at: number; readonly bytes: readonly number[] }[] = [
  { mime: "image/png", at: 0, bytes: [0x89, ...ascii("PNG")] },
  { mime: "image/jpeg", at: 0, bytes: [0xff, 0xd8, 0xff] },
  { mime: "image/gif", at: 0, bytes: ascii("GIF8") },
  { mime: "image/webp", at: 8, bytes: ascii("WEBP") },
  { mime: "application/pdf", at: 0, bytes: ascii("%PDF-") },
  { mime: "audio/mpeg", at: 0, bytes: ascii("ID3") },
  ...[0xfb, 0xfa, 0xf3, 0xf2].map((second) => ({ mime: "audio/mpeg", at: 0, bytes: [0xff, second] })),
  ...[0xf1, 0xf9].map((second) => ({ mime: "audio/aac", at: 0, bytes: [0xff, second] })),
  { mime: "audio/ogg", at: 0, bytes: ascii("OggS") },
  { mime: "audio/wav", at: 8, bytes: ascii("WAVE") },
  { mime: "audio/amr", at: 0, bytes: ascii("#!AMR") },
  { mime: "video/webm", at: 0, bytes: [0x1a, 0x45, 0xdf, 0xa3] },
];
/** Brands of the `ftyp` family that are sound or film; a HEIC photo is of the same family and not taken. https://mp4ra.org/registered-types/brands */
const BRANDS: readonly (readonly [RegExp, string])[] = [
  [/^M4[AB] /, "audio/mp4"],
  [/^qt {2}/, "video/quicktime"],
  [/^3g[p2]/, "video/3gpp"],
  [/^(?:iso[m2-9]|mp4[12]|avc1|M4V |M4VP|dash|MSNV|mmp4|f4v )/, "video/mp4"],
];
const TEXTS = ["text/plain", "text/csv"];
const TEXT_ENDINGS: Readonly<Record<string, string>> = { txt: "text/plain", csv: "text/csv" };

export type FileFault = "file.empty" | "file.too_large" | "file.type_not_allowed" | "file.too_many_pixels";

/** What the bytes prove to be, or why they are not taken. A claimed type counts for text alone, which has no magic bytes. */
export function inspectFile(
  bytes: Uint8Array,
  claimed: { readonly mime?: string; readonly name?: string },
): { readonly mime: string } | { readonly fault: FileFault } {
  if (bytes.length === 0) return { fault: "file.empty" };
  if (bytes.length > MAX_FILE_BYTES) return { fault: "file.too_large" };
  const mime = sniff(bytes, claimed);
  if (mime === undefined) return { fault: "file.type_not_allowed" };
  if (!mime.startsWith("image/")) return { mime };
  const size = imageSize(bytes, mime);
  if (size === undefined) return { fault: "file.type_not_allowed" };
  return size.width * size.height > MAX_PIXELS ? { fault: "file.too_many_pixels" } : { mime };
}

/** A file as it is kept: of a known type, and a picture without its camera's notes; or why it is not taken. */
export function takeFile(
  bytes: Uint8Array,
  claimed: { readonly mime?: string; readonly name?: string },
): { readonly mime: string; readonly bytes: Uint8Array } | { readonly fault: FileFault } {
  const found = inspectFile(bytes, claimed);
  if ("fault" in found) return found;
  const clean = withoutMetadata(bytes, found.mime);
  // A picture that lies about its own parts may be none without its notes.
  const left = inspectFile(clean, claimed);
  return "fault" in left ? left : { mime: left.mime, bytes: clean };
}

/** Raster pictures may be shown in place; everything else is handed over as a file. */
export function isPicture(mime: string): boolean {
  return TYPES.some((type) => type.mime === mime && mime.startsWith("image/"));
}

/** Controls and direction marks could make a name lie about its ending. At most 255 bytes; the ending stays. */
export function cleanFileName(name: string): string {
  const clean = name
    .toWellFormed()
    .replace(/[\p{Cc}\p{Cf}\\/:*?"<>|]/gu, "")
    .trim();
  let kept = clean;
  while (new TextEncoder().encode(kept).length > 255) kept = kept.slice(1);
  return kept.toWellFormed() === "" ? "file" : kept.toWellFormed();
}

function sniff(bytes: Uint8Array, { mime = "", name = "" }: { readonly mime?: string; readonly name?: string }) {
  const found = TYPES.find(({ at, bytes: magic }) => magic.every((byte, i) => bytes[at + i] === byte));
  if (found !== undefined) return found.mime;
  if (asciiAt(bytes, 4, 4) === "ftyp") return BRANDS.find(([brand]) => brand.test(asciiAt(bytes, 8, 4)))?.[1];
  const ending = /\.(\w+)$/.exec(name)?.[1]?.toLowerCase() ?? "";
  const type = mime.split(";")[0]?.trim().toLowerCase() ?? "";
  const text = TEXTS.includes(type) ? type : TEXT_ENDINGS[ending];
  return text !== undefined && isText(bytes) ? text : undefined;
}

function isText(bytes: Uint8Array): boolean {
  if (bytes.includes(0)) return false;
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false; // not UTF-8
  }
}

function asciiAt(bytes: Uint8Array, at: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + length));
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** A picture's size as its header says it; undefined where there is no such header. */
function imageSize(bytes: Uint8Array, mime: string): Size | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const read: Readonly<Record<string, (view: DataView) => Size | undefined>> = {
    "image/png": pngSize,
    "image/gif": gifSize,
    "image/jpeg": jpegSize,
    "image/webp": webpSize,
  };
  try {
    const size = read[mime]?.(view);
    return size !== undefined && size.width > 0 && size.height > 0 ? size : undefined;
  } catch {
    return undefined; // shorter than its header
  }
}

/** https://www.w3.org/TR/png-3/#11IHDR */
function pngSize(view: DataView): Size | undefined {
  return view.getUint32(12) === 0x49484452 ? { width: view.getUint32(16), height: view.getUint32(20) } : undefined;
}

/** https://www.w3.org/Graphics/GIF/spec-gif89a.txt, 18. Logical Screen Descriptor */
function gifSize(view: DataView): Size {
  return { width: view.getUint16(6, true), height: view.getUint16(8, true) };
}

/** The first frame header. https://www.w3.org/Graphics/JPEG/itu-t81.pdf, B.2.2 */
function jpegSize(view: DataView): Size | undefined {
  for (let at = 2; at < view.byteLength; ) {
    if (view.getUint8(at) !== 0xff) return undefined;
    const marker = view.getUint8(at + 1);
    if (marker === 0xff) {
      at += 1; // a fill byte
      continue;
    }
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return { width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
    at += 2 + (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8) ? 0 : view.getUint16(at + 2));
  }
  return undefined;
}

/** https://developers.google.com/speed/webp/docs/riff_container */
function webpSize(view: DataView): Size | undefined {
  switch (view.getUint32(12)) {
    case 0x56503820: // VP8, lossy
      return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
    case 0x5650384c: {
      const bits = view.getUint32(21, true); // VP8L, lossless
      return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
    }
    case 0x56503858: {
      const three = (at: number) => view.getUint16(at, true) + view.getUint8(at + 2) * 65_536; // VP8X, extended
      return { width: three(24) + 1, height: three(27) + 1 };
    }
    default:
      return undefined;
  }
}
