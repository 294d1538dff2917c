/**
 * Pictures without what cameras and editors write beside them: where a photo was taken, when, with which device; `security.md` UP-2.
 * The picture itself is copied byte for byte. Of all that is beside it, what decides how it looks stays: colours, and which way is up.
 */

/** A part of the file as it was, or what stands in its place. */
type Part = Uint8Array;

/** What is cut off or garbled stays so; other types than these three are handed back as they came. */
export function withoutMetadata(bytes: Uint8Array, mime: string): Uint8Array {
  const parts = PARTS[mime]?.(bytes);
  return parts === undefined ? bytes : joined(parts);
}

const PARTS: Readonly<Record<string, (bytes: Uint8Array) => readonly Part[] | undefined>> = {
  "image/jpeg": jpegParts,
  "image/png": pngParts,
  "image/webp": webpParts,
};

const SOS = 0xda;
const EOI = 0xd9;
const EXIF = "Exif\0\0";

/**
 * Segments up to the end of the picture. What follows that end is no part of it, and holds second pictures with notes of their own, or a film.
 * https://www.w3.org/Graphics/JPEG/itu-t81.pdf, B.1.1
 */
function jpegParts(bytes: Uint8Array): readonly Part[] {
  const parts: Part[] = [bytes.subarray(0, 2)];
  let upright: Part | undefined;
  for (let at = 2; at < bytes.length; ) {
    const from = at;
    // Readers look for the next marker over whatever lies between.
    at = bytes.indexOf(0xff, at);
    while (at >= 0 && bytes[at + 1] === 0xff) at += 1;
    const marker = at < 0 ? undefined : bytes[at + 1];
    if (marker === undefined) return [...parts, bytes.subarray(from)];
    const hasLength = marker !== 0 && marker !== 0x01 && (marker < 0xd0 || marker > EOI);
    const length = hasLength ? ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0) : 0;
    const end = at + 2 + length;
    const data = bytes.subarray(at + 4, end);
    if (isJpegPicture(marker, data)) parts.push(bytes.subarray(from, end));
    else if (upright === undefined && marker === 0xe1 && startsWith(data, EXIF)) {
      upright = uprightTiff(data.subarray(EXIF.length));
      if (upright !== undefined) parts.push(jpegSegment(0xe1, [...ascii(EXIF), ...upright]));
    }
    if (marker === EOI) return parts;
    at = marker === SOS ? endOfScan(bytes, end) : end;
    if (marker === SOS) parts.push(bytes.subarray(end, at));
  }
  return parts;
}

/** All but comments and application segments; of those the ones that say how the colours are meant. */
function isJpegPicture(marker: number, data: Uint8Array): boolean {
  if (marker === 0xfe) return false;
  if (marker < 0xe0 || marker > 0xef) return true;
  return (
    (marker === 0xe0 && startsWith(data, "JFIF\0")) ||
    (marker === 0xe2 && startsWith(data, "ICC_PROFILE\0")) ||
    (marker === 0xee && startsWith(data, "Adobe"))
  );
}

/** Where the compressed bytes end: at the first marker that is no stuffing and no restart. */
function endOfScan(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(0xff, from); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    const next = bytes[at + 1] ?? 0;
    if (next !== 0 && next !== 0xff && (next < 0xd0 || next > 0xd7)) return at;
  }
  return bytes.length;
}

function jpegSegment(marker: number, data: readonly number[]): Part {
  const length = data.length + 2;
  return Uint8Array.of(0xff, marker, length >> 8, length & 255, ...data);
}

/** Chunks that a reader may leave out and that yet say how the picture looks or moves. https://www.w3.org/TR/png-3/#11Ancillary-chunks */
const PNG_LOOKS = new Set("tRNS cHRM gAMA iCCP sBIT sRGB cICP mDCV cLLI bKGD hIST pHYs sPLT acTL fcTL fdAT".split(" "));

/** https://www.w3.org/TR/png-3/#5Chunk-layout */
function pngParts(bytes: Uint8Array): readonly Part[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts: Part[] = [bytes.subarray(0, 8)];
  for (let at = 8; at < bytes.length; ) {
    const type = text(bytes, at + 4, 4);
    if (!/^[a-zA-Z]{4}$/.test(type)) return [...parts, bytes.subarray(at)];
    const end = at + 12 + view.getUint32(at);
    const data = bytes.subarray(at + 8, end - 4);
    // A capital first letter: no picture without it.
    if (/^[A-Z]/.test(type) || PNG_LOOKS.has(type)) parts.push(bytes.subarray(at, end));
    else if (type === "eXIf") {
      const upright = uprightTiff(data);
      if (upright !== undefined) parts.push(pngChunk(type, upright));
    }
    if (type === "IEND") return parts;
    at = end;
  }
  return parts;
}

function pngChunk(type: string, data: Uint8Array): Part {
  const chunk = new Uint8Array(data.length + 12);
  const view = new DataView(chunk.buffer);
  view.setUint32(0, data.length);
  chunk.set(ascii(type), 4);
  chunk.set(data, 8);
  view.setUint32(data.length + 8, crc32(chunk.subarray(4, data.length + 8)));
  return chunk;
}

/** https://www.w3.org/TR/png-3/#5CRC-algorithm */
function crc32(bytes: Uint8Array): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
}

const WEBP_PICTURE = new Set(["VP8X", "VP8 ", "VP8L", "ALPH", "ANIM", "ANMF", "ICCP"]);
const HAS_EXIF = 0x08;
const HAS_XMP = 0x04;

/** https://developers.google.com/speed/webp/docs/riff_container#extended_file_format */
function webpParts(bytes: Uint8Array): readonly Part[] | undefined {
  if (bytes.length < 20) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const said = view.getUint32(4, true);
  const end = Math.min(bytes.length, 8 + said);
  if (end < 20) return undefined;
  const kept: Part[] = [];
  let isTurned = false;
  for (let at = 12; at < end; ) {
    if (at + 8 > end) {
      kept.push(bytes.subarray(at, end)); // cut off
      break;
    }
    const type = text(bytes, at, 4);
    const length = view.getUint32(at + 4, true);
    const next = at + 8 + length + (length % 2);
    if (WEBP_PICTURE.has(type)) kept.push(bytes.subarray(at, Math.min(next, end)));
    else if (type === "EXIF" && !isTurned) {
      const data = bytes.subarray(at + 8, at + 8 + length);
      const upright = uprightTiff(startsWith(data, EXIF) ? data.subarray(EXIF.length) : data);
      isTurned = upright !== undefined;
      if (upright !== undefined)
        kept.push(joined([Uint8Array.from([...ascii("EXIF"), upright.length, 0, 0, 0]), upright]));
    }
    at = next;
  }
  const head = bytes.slice(0, 12);
  const grown = kept.reduce((sum, part) => sum + part.length, 0) - (end - 12);
  // A file that was cut off lacks as much as before.
  new DataView(head.buffer).setUint32(4, said + grown, true);
  return [head, ...kept.map((part) => withFlags(part, isTurned))];
}

/** The header tells which chunks there are. */
function withFlags(part: Part, isTurned: boolean): Part {
  if (text(part, 0, 4) !== "VP8X" || part.length < 9) return part;
  const chunk = part.slice();
  chunk[8] = ((part[8] ?? 0) & ~(HAS_EXIF | HAS_XMP)) | (isTurned ? HAS_EXIF : 0);
  return chunk;
}

const ORIENTATION = 0x0112;

/**
 * The one thing of a camera's notes that the picture needs: which way is up; undefined where it lies as it should.
 * CIPA DC-008 (Exif 3.0), 4.6.2 and 4.6.5.1.6
 */
function uprightTiff(tiff: Uint8Array): Part | undefined {
  const orientation = orientationOf(tiff);
  if (orientation === undefined || orientation < 2 || orientation > 8) return undefined;
  const entry = [0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0];
  return Uint8Array.from([...ascii("MM\0*"), 0, 0, 0, 8, 0, 1, ...entry, 0, 0, 0, 0]);
}

function orientationOf(tiff: Uint8Array): number | undefined {
  const order = text(tiff, 0, 4);
  const isLittle = order === "II*\0";
  if (!isLittle && order !== "MM\0*") return undefined;
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength);
  try {
    const directory = view.getUint32(4, isLittle);
    const count = view.getUint16(directory, isLittle);
    for (let entry = directory + 2; entry < directory + 2 + count * 12; entry += 12)
      if (view.getUint16(entry, isLittle) === ORIENTATION) return view.getUint16(entry + 8, isLittle);
  } catch {
    // Points outside itself: nothing a reader could follow either.
  }
  return undefined;
}

function joined(parts: readonly Part[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

const ascii = (words: string) => [...words].map((character) => character.charCodeAt(0));
const startsWith = (bytes: Uint8Array, words: string) => text(bytes, 0, words.length) === words;

function text(bytes: Uint8Array, at: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + length));
}
