/** Pictures made by hand: a few real pixels' worth of structure, with whatever a camera would write beside them. */

export const bytesOf = (...parts: readonly (string | Uint8Array | readonly number[])[]): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(
    parts.flatMap((part) => (typeof part === "string" ? [...part].map((one) => one.charCodeAt(0)) : [...part])),
  );

const big16 = (value: number) => [(value >> 8) & 255, value & 255];
const big32 = (value: number) => [...big16(value >>> 16), ...big16(value)];
const little16 = (value: number) => big16(value).reverse();
const little32 = (value: number) => big32(value).reverse();

/** 31°14'5" north, 121°28'30" east, as a phone writes it. */
const PLACE = [31, 14, 5, 121, 28, 30];

/**
 * A camera's notes: its maker, which way is up, and where it stood. A TIFF of two directories, the second for the place.
 * CIPA DC-008 (Exif 3.0), 4.6.2 and 4.6.6
 */
export function cameraNotes({
  orientation = 1,
  isLittle = false,
}: {
  readonly orientation?: number;
  readonly isLittle?: boolean;
}): Uint8Array<ArrayBuffer> {
  const two = isLittle ? little16 : big16;
  const four = isLittle ? little32 : big32;
  const entry = (tag: number, type: number, count: number, value: readonly number[]) => [
    ...two(tag),
    ...two(type),
    ...four(count),
    ...value,
  ];
  const short = (value: number) => [...two(value), 0, 0];
  const first = [
    ...two(3),
    ...entry(0x010f, 2, 4, [...bytesOf("ACM\0")]),
    ...entry(0x0112, 3, 1, short(orientation)),
    ...entry(0x8825, 4, 1, four(50)),
    ...four(0),
  ];
  const place = [
    ...two(4),
    ...entry(1, 2, 2, [...bytesOf("N\0\0\0")]),
    ...entry(2, 5, 3, four(104)),
    ...entry(3, 2, 2, [...bytesOf("E\0\0\0")]),
    ...entry(4, 5, 3, four(128)),
    ...four(0),
  ];
  const figures = PLACE.flatMap((figure) => [...four(figure), ...four(1)]);
  return bytesOf(isLittle ? "II*\0" : "MM\0*", four(8), first, place, figures);
}

/** One segment of a JPEG. */
export const segment = (marker: number, ...data: readonly (string | Uint8Array | readonly number[])[]) => {
  const inside = bytesOf(...data);
  return bytesOf([0xff, marker], big16(inside.length + 2), inside);
};

/** A JPEG with segments after its first two bytes, and with whatever follows its end. Its frame is 160 × 120. */
export function jpegOf({
  segments = [],
  scan = [1, 2, 3],
  after = [],
}: {
  readonly segments?: readonly Uint8Array[];
  readonly scan?: readonly number[];
  readonly after?: readonly number[];
}): Uint8Array<ArrayBuffer> {
  const frame = segment(0xc0, [8, 0, 120, 0, 160, 1, 1, 0x11, 0]);
  const start = segment(0xda, [1, 1, 0, 0, 63, 0]);
  return bytesOf([0xff, 0xd8], ...segments, frame, start, scan, [0xff, 0xd9], after);
}

/** One chunk of a PNG. */
export function pngChunk(type: string, data: Uint8Array | readonly number[]): Uint8Array<ArrayBuffer> {
  const inside = bytesOf(type, data);
  return bytesOf(big32(data.length), inside, big32(crcOf(inside)));
}

export function pngOf(...chunks: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const head = pngChunk("IHDR", [...big32(160), ...big32(120), 8, 0, 0, 0, 0]);
  return bytesOf([0x89], "PNG\r\n", [0x1a, 0x0a], head, ...chunks, pngChunk("IEND", []));
}

export function crcOf(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (0xedb88320 & -(crc & 1));
  }
  return (crc ^ 0xffffffff) >>> 0;
}

/** One chunk of a WebP, padded to an even length. */
export const riffChunk = (type: string, data: Uint8Array | readonly number[]) =>
  bytesOf(type, little32(data.length), data, data.length % 2 === 0 ? [] : [0]);

/** An extended WebP of 160 × 120; `flags` are those of its header. */
export function webpOf(flags: number, ...chunks: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const head = riffChunk("VP8X", [flags, 0, 0, 0, 159, 0, 0, 119, 0, 0]);
  const inside = bytesOf("WEBP", head, ...chunks);
  return bytesOf("RIFF", little32(inside.length), inside);
}

/** Whether a file says where it was taken: the figures of the place as a phone writes them, in either order of bytes. */
export function tellsPlace(bytes: Uint8Array): boolean {
  const file = String.fromCharCode(...bytes);
  return [big32, little32].some((four) =>
    file.includes(String.fromCharCode(...PLACE.slice(0, 3).flatMap((figure) => [...four(figure), ...four(1)]))),
  );
}
