/** A ZIP archive written as it comes: sizes and checksums follow each part, so that no part is held whole (APPNOTE 4.3.9, bit 3). */

export interface ZipPart {
  readonly name: string;
  readonly text: Iterable<string> | AsyncIterable<string>;
}

const CRC = new Uint32Array(256).map((_, i) => {
  let rest = i;
  for (let bit = 0; bit < 8; bit += 1) rest = rest & 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1;
  return rest;
});

/** CRC-32 of what came before and these bytes, from 0. */
export function crc32(before: number, bytes: Uint8Array): number {
  let rest = ~before;
  for (const byte of bytes) rest = (CRC[(rest ^ byte) & 0xff] ?? 0) ^ (rest >>> 8);
  return ~rest >>> 0;
}

/** Two bytes for a number marked so, four for the others; little-endian. */
type Field = number | { readonly short: number };
const short = (value: number): Field => ({ short: value });

function record(fields: readonly Field[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(fields.reduce<number>((size, field) => size + (typeof field === "number" ? 4 : 2), 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const field of fields) {
    if (typeof field === "number") view.setUint32(at, field, true);
    else view.setUint16(at, field.short, true);
    at += typeof field === "number" ? 4 : 2;
  }
  return bytes;
}

const VERSION = short(20);
/** Sizes follow; names are UTF-8. */
const FLAGS = short(0x0808);
const DEFLATED = short(8);
/** 1 January 1980, the first day there is: the same articles give the same bytes. */
const TIME = short(0);
const DATE = short(0x21);

export function zipStream(parts: readonly ZipPart[]): ReadableStream<Uint8Array<ArrayBuffer>> {
  const chunks = write(parts);
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await chunks.next();
      if (done === true) controller.close();
      else controller.enqueue(value);
    },
    async cancel() {
      await chunks.return(undefined);
    },
  });
}

async function* write(parts: readonly ZipPart[]): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
  const directory: Uint8Array<ArrayBuffer>[] = [];
  let at = 0;
  for (const { name, text } of parts) {
    const title = new TextEncoder().encode(name);
    const named = [short(title.length), short(0)];
    const begin = at;
    const head = record([0x04034b50, VERSION, FLAGS, DEFLATED, TIME, DATE, 0, 0, 0, ...named]);
    yield head;
    yield title;
    const seen = { crc: 0, size: 0 };
    let packed = 0;
    for await (const chunk of readAll(counted(text, seen).pipeThrough(new CompressionStream("deflate-raw")))) {
      packed += chunk.length;
      yield chunk;
    }
    const sums = [seen.crc, packed, seen.size];
    const descriptor = record([0x08074b50, ...sums]);
    yield descriptor;
    at += head.length + title.length + packed + descriptor.length;
    const rest = [short(0), short(0), short(0), 0, begin];
    directory.push(
      record([0x02014b50, VERSION, VERSION, FLAGS, DEFLATED, TIME, DATE, ...sums, ...named, ...rest]),
      title,
    );
  }
  yield* directory;
  const size = directory.reduce((sum, { length }) => sum + length, 0);
  const count = short(parts.length);
  yield record([0x06054b50, short(0), short(0), count, count, size, at, short(0)]);
}

/** The part as bytes, counted and summed on their way. */
function counted(text: ZipPart["text"], seen: { crc: number; size: number }): ReadableStream<Uint8Array<ArrayBuffer>> {
  const encoder = new TextEncoder();
  const pieces = Symbol.asyncIterator in text ? text[Symbol.asyncIterator]() : text[Symbol.iterator]();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await pieces.next();
      if (done === true) {
        controller.close();
        return;
      }
      const bytes = encoder.encode(value);
      seen.crc = crc32(seen.crc, bytes);
      seen.size += bytes.length;
      controller.enqueue(bytes);
    },
    async cancel() {
      await pieces.return?.();
    },
  });
}

async function* readAll(stream: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    // After its end this does nothing; before it, nobody reads on.
    await reader.cancel();
  }
}
