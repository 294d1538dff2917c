import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sampleFile } from "../../adapters/shared/fake-media.ts";
import { inspectFile, takeFile } from "../../src/core/file.ts";
import { withoutMetadata } from "../../src/core/picture-privacy.ts";
import {
  bytesOf,
  cameraNotes,
  crcOf,
  jpegOf,
  pngChunk,
  pngOf,
  riffChunk,
  segment,
  tellsPlace,
  webpOf,
} from "../support/pictures.ts";

const exif = (orientation: number, isLittle = false) =>
  segment(0xe1, "Exif\0\0", cameraNotes({ orientation, isLittle }));
const upright = (orientation: number) =>
  bytesOf("MM\0*", [0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0]);
const jfif = segment(0xe0, "JFIF\0", [1, 1, 0, 0, 72, 0, 72, 0, 0]);
const colours = segment(0xe2, "ICC_PROFILE\0", [1, 1, 5, 6, 7]);
const adobe = segment(0xee, "Adobe", [0, 100, 0, 0, 0, 0, 1]);
const tables = segment(0xdb, [0, 1, 2, 3]);
const strip = (bytes: Uint8Array, mime: string) => withoutMetadata(bytes, mime);

describe("a photo", () => {
  test("no longer says where it was taken, and stands as upright as before", () => {
    const photo = jpegOf({ segments: [exif(6)], scan: [9, 0xff, 0, 9, 0xff, 0xd3, 9] });
    expect(tellsPlace(photo)).toBe(true);
    const clean = strip(photo, "image/jpeg");
    expect(tellsPlace(clean)).toBe(false);
    expect(clean).toEqual(
      jpegOf({ segments: [segment(0xe1, "Exif\0\0", upright(6))], scan: [9, 0xff, 0, 9, 0xff, 0xd3, 9] }),
    );
  });

  test.each([true, false])("has no note at all where it lay upright (little-endian: %s)", (isLittle) => {
    expect(strip(jpegOf({ segments: [jfif, exif(1, isLittle), tables] }), "image/jpeg")).toEqual(
      jpegOf({ segments: [jfif, tables] }),
    );
    expect(strip(jpegOf({ segments: [exif(8, isLittle)] }), "image/jpeg")).toEqual(
      jpegOf({ segments: [segment(0xe1, "Exif\0\0", upright(8))] }),
    );
  });

  test("keeps its colours, and loses comments, captions, edits, and what was put behind its end", () => {
    const second = [...jpegOf({ segments: [exif(1)] })];
    const photo = jpegOf({
      segments: [
        jfif,
        segment(0xe1, "http://ns.adobe.com/xap/1.0/\0<x:xmpmeta/>"),
        segment(0xed, "Photoshop 3.0\0", [1]),
        segment(0xe2, "MPF\0", [1]),
        colours,
        segment(0xfe, "by Lin"),
        adobe,
        tables,
      ],
      after: second,
    });
    expect(strip(photo, "image/jpeg")).toEqual(jpegOf({ segments: [jfif, colours, adobe, tables] }));
  });

  test("in several scans keeps them all", () => {
    const scan = [1, 2, ...segment(0xc4, [1]), ...segment(0xfe, "note"), ...segment(0xda, [1, 2]), 3, 0xff, 0, 4];
    const expected = [1, 2, ...segment(0xc4, [1]), ...segment(0xda, [1, 2]), 3, 0xff, 0, 4];
    expect(strip(jpegOf({ scan }), "image/jpeg")).toEqual(jpegOf({ scan: expected }));
  });

  test("whose notes point outside themselves loses them", () => {
    const lost = segment(0xe1, "Exif\0\0", "MM\0*", [0xff, 0xff, 0xff, 0xff]);
    const many = segment(0xe1, "Exif\0\0", "II*\0", [8, 0, 0, 0, 0xff, 0xff]);
    expect(strip(jpegOf({ segments: [lost, many] }), "image/jpeg")).toEqual(jpegOf({}));
  });
});

describe("a PNG", () => {
  test("keeps what it looks like and drops what is written on its back", () => {
    const pixels = pngChunk("IDAT", [1, 2, 3]);
    const gamma = pngChunk("gAMA", [0, 0, 0xb1, 0x8f]);
    const notes = ["tEXt", "iTXt", "zTXt", "tIME", "caBX"].map((type) => pngChunk(type, bytesOf("Author\0Lin")));
    const clean = strip(
      bytesOf(pngOf(gamma, ...notes, pngChunk("eXIf", cameraNotes({})), pixels), [1, 2, 3]),
      "image/png",
    );
    expect(clean).toEqual(pngOf(gamma, pixels));
  });

  test("keeps which way is up, under a sum that is right", () => {
    const clean = strip(pngOf(pngChunk("eXIf", cameraNotes({ orientation: 3 }))), "image/png");
    expect(tellsPlace(clean)).toBe(false);
    expect(clean).toEqual(pngOf(pngChunk("eXIf", upright(3))));
    expect(crcOf(bytesOf("IEND"))).toBe(0xae426082);
  });
});

describe("a WebP", () => {
  const pixels = riffChunk("VP8L", [0x2f, 1, 2, 3, 4]);
  test("loses its notes, and its header says so", () => {
    const photo = webpOf(0x3c, pixels, riffChunk("EXIF", cameraNotes({})), riffChunk("XMP ", bytesOf("<x:xmpmeta/>")));
    expect(strip(photo, "image/webp")).toEqual(webpOf(0x30, pixels));
  });

  test("keeps which way is up", () => {
    const notes = bytesOf("Exif\0\0", cameraNotes({ orientation: 6, isLittle: true }));
    const clean = strip(webpOf(0x0c, pixels, riffChunk("EXIF", notes)), "image/webp");
    expect(clean).toEqual(webpOf(0x08, pixels, riffChunk("EXIF", upright(6))));
  });

  test("that was cut off lacks as much as before", () => {
    const whole = webpOf(0x08, riffChunk("EXIF", cameraNotes({})), pixels);
    const clean = strip(whole.subarray(0, whole.length - 4), "image/webp");
    const expected = webpOf(0, pixels);
    expect(clean).toEqual(expected.subarray(0, expected.length - 4));
  });
});

describe("whatever comes", () => {
  const mimes = ["image/jpeg", "image/png", "image/webp"] as const;
  const data = fc.array(fc.nat(255), { maxLength: 40 });
  const stuffed = data.map((bytes) => bytes.flatMap((byte) => (byte === 0xff ? [0xff, 0] : [byte])));
  const orientation = fc.nat(9);
  const jpegSegment = fc.oneof(
    data.map((inside) => ({ bytes: segment(0xdb, inside), isKept: true })),
    fc.nat(15).chain((app) => data.map((inside) => ({ bytes: segment(0xe0 + app, [0], inside), isKept: false }))),
    data.map((inside) => ({ bytes: segment(0xfe, inside), isKept: false })),
    fc.constantFrom(jfif, colours, adobe, tables).map((bytes) => ({ bytes, isKept: true })),
  );

  test("a JPEG keeps every byte of its picture", () => {
    fc.assert(
      fc.property(fc.array(jpegSegment), stuffed, data, (segments, scan, after) => {
        const photo = jpegOf({ segments: segments.map(({ bytes }) => bytes), scan, after });
        const kept = segments.filter(({ isKept }) => isKept).map(({ bytes }) => bytes);
        expect(strip(photo, "image/jpeg")).toEqual(jpegOf({ segments: kept, scan }));
      }),
    );
  });

  const chunk = fc.constantFrom("IDAT", "PLTE", "tRNS", "fdAT", "tEXt", "iTXt", "zTXt", "prVt");
  test("a PNG keeps every byte of its picture", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(chunk, data)), (chunks) => {
        const file = (list: typeof chunks) => pngOf(...list.map(([type, inside]) => pngChunk(type, inside)));
        const kept = chunks.filter(([type]) => !/^(?:.TXt|tEXt|prVt)$/.test(type));
        expect(strip(file(chunks), "image/png")).toEqual(file(kept));
      }),
    );
  });

  const riff = fc.constantFrom("ALPH", "ANMF", "VP8 ", "XMP ", "what");
  test("a WebP keeps every byte of its picture", () => {
    fc.assert(
      fc.property(fc.nat(255), fc.array(fc.tuple(riff, data)), (flags, chunks) => {
        const file = (bits: number, list: typeof chunks) =>
          webpOf(bits, ...list.map(([type, inside]) => riffChunk(type, inside)));
        const kept = chunks.filter(([type]) => type !== "XMP " && type !== "what");
        expect(strip(file(flags, chunks), "image/webp")).toEqual(file(flags & ~0x0c, kept));
      }),
    );
  });

  test("nothing throws, what is taken is what it was, and a second time changes nothing", () => {
    const whole = fc.oneof(
      orientation.map((turn) => jpegOf({ segments: [exif(turn, turn % 2 === 0), colours], after: [1] })),
      orientation.map((turn) => pngOf(pngChunk("eXIf", cameraNotes({ orientation: turn })), pngChunk("IDAT", [1]))),
      orientation.map((turn) => webpOf(0x0c, riffChunk("EXIF", cameraNotes({ orientation: turn })))),
      fc.uint8Array({ maxLength: 400 }),
    );
    const bitten = fc.tuple(whole, fc.nat(400), fc.array(fc.tuple(fc.nat(400), fc.nat(255)), { maxLength: 6 }));
    fc.assert(
      fc.property(bitten, fc.constantFrom(...mimes), ([file, cut, changes], mime) => {
        const bytes = file.slice(0, Math.max(0, file.length - (cut > 200 ? 0 : cut)));
        for (const [at, byte] of changes) if (at < bytes.length) bytes[at] = byte;
        const clean = strip(bytes, mime);
        expect(strip(clean, mime)).toEqual(clean);
        const before = inspectFile(bytes, {});
        const taken = takeFile(bytes, {});
        if ("bytes" in taken) expect(inspectFile(taken.bytes, {})).toEqual(before);
      }),
      { numRuns: 3000 },
    );
  });

  test("a file of another kind is kept as it is", () => {
    for (const kind of ["audio", "video", "file"] as const) {
      const { bytes } = sampleFile(kind);
      expect(takeFile(bytes, {})).toMatchObject({ bytes });
    }
    expect(takeFile(bytesOf("<html>"), {})).toEqual({ fault: "file.type_not_allowed" });
  });

  test("ten megabytes take a moment", () => {
    const scan = Array.from({ length: 1_000_000 }, (_, at) => (at * 7919) & 0x7f);
    const photo = jpegOf({ segments: [exif(6)], scan });
    const began = performance.now();
    expect(strip(photo, "image/jpeg").length).toBeGreaterThan(1_000_000);
    expect(performance.now() - began).toBeLessThan(200);
  });
});
