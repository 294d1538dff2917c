import { describe, expect, test } from "vitest";
import { sampleFile } from "../../adapters/shared/fake-media.ts";
import { cleanFileName, inspectFile, MAX_FILE_BYTES } from "../../src/core/file.ts";
import { mimeFor, nextTry } from "../../src/core/media.ts";

const bytes = (...parts: readonly (string | readonly number[])[]) =>
  Uint8Array.from(
    parts.flatMap((part) => (typeof part === "string" ? [...part].map((one) => one.charCodeAt(0)) : part)),
  );
const filler = Array.from({ length: 16 }, () => 0);
const ftyp = (brand: string) => bytes([0, 0, 0, 24], "ftyp", brand, filler);
/** A JPEG's start: a comment, then the frame header with its size. */
const jpeg = (width: number, height: number) =>
  bytes(
    [0xff, 0xd8, 0xff, 0xfe, 0, 4, 1, 2, 0xff, 0xc2, 0, 17, 8],
    [height >> 8, height & 255, width >> 8, width & 255],
    filler,
  );
const webp = (chunk: string, data: readonly number[]) => bytes("RIFF", [0, 0, 0, 0], "WEBP", chunk, data, filler);

describe("a file", () => {
  test.each([
    ["a picture", sampleFile("image").bytes, "image/png"],
    ["a voice", sampleFile("audio").bytes, "audio/wav"],
    ["a film", sampleFile("video").bytes, "video/mp4"],
    ["a paper", sampleFile("file").bytes, "application/pdf"],
    ["a photo", jpeg(4000, 3000), "image/jpeg"],
    ["an animation", bytes("GIF89a", [100, 0, 50, 0], filler), "image/gif"],
    ["a lossy WebP", webp("VP8 ", [0, 0, 0, 0, 0, 0, 0, 0x9d, 0x01, 0x2a, 0x40, 1, 0xf0, 0]), "image/webp"],
    ["a lossless WebP", webp("VP8L", [0, 0, 0, 0, 0x2f, 0x3f, 0xc1, 0x3b, 0]), "image/webp"],
    ["an extended WebP", webp("VP8X", [10, 0, 0, 0, 0, 0, 0, 0, 99, 0, 0, 99, 0, 0]), "image/webp"],
    ["a sound of LINE", ftyp("M4A "), "audio/mp4"],
    ["a film of an iPhone", ftyp("qt  "), "video/quicktime"],
    ["a film of an old phone", ftyp("3gp4"), "video/3gpp"],
    ["an MP3 without a tag", bytes([0xff, 0xf3, 0x40], filler), "audio/mpeg"],
    ["a sound of WeChat", bytes("#!AMR\n", filler), "audio/amr"],
  ])("is known by its bytes, whatever it says it is: %s", (_, content, mime) => {
    expect(inspectFile(content, { mime: "text/html", name: "a.exe" })).toEqual({ mime });
  });

  test.each([
    ["a page", bytes("<html><script>"), { mime: "image/png", name: "a.png" }],
    ["a drawing with scripts", bytes('<svg onload="alert(1)">'), { mime: "image/svg+xml" }],
    ["an archive", bytes("PK", [3, 4], filler), { mime: "text/plain" }],
    ["a photo of a kind browsers do not show", ftyp("heic"), { mime: "image/jpeg" }],
    ["a picture's first bytes alone", bytes([0x89], "PNG"), { mime: "image/png" }],
    ["a photo without a frame", bytes([0xff, 0xd8, 0xff, 0xd9]), { mime: "image/jpeg" }],
    ["text that is none", bytes([0xc4, 0xe3, 0xba, 0xc3]), { name: "a.txt" }],
  ])("is not taken: %s", (_, content, claimed) => {
    expect(inspectFile(content, claimed)).toEqual({ fault: "file.type_not_allowed" });
  });

  test("that is text is what it says, or what its name says", () => {
    const text = new TextEncoder().encode("单号,金额\n1,2");
    expect(inspectFile(text, { mime: "text/csv; charset=utf-8" })).toEqual({ mime: "text/csv" });
    expect(inspectFile(text, { mime: "application/octet-stream", name: "账单.CSV" })).toEqual({ mime: "text/csv" });
    expect(inspectFile(text, {})).toEqual({ fault: "file.type_not_allowed" });
  });

  test("has a size, and a picture has one more", () => {
    expect(inspectFile(new Uint8Array(0), {})).toEqual({ fault: "file.empty" });
    expect(inspectFile(new Uint8Array(MAX_FILE_BYTES + 1), {})).toEqual({ fault: "file.too_large" });
    expect(inspectFile(jpeg(8000, 5000), {})).toEqual({ mime: "image/jpeg" });
    expect(inspectFile(jpeg(8001, 5000), {})).toEqual({ fault: "file.too_many_pixels" });
    expect(inspectFile(jpeg(0, 5000), {})).toEqual({ fault: "file.type_not_allowed" });
  });

  test("keeps the end of its name, and nothing in it that lies or leads elsewhere", () => {
    expect(cleanFileName("../‮gnp.exe")).toBe("..gnp.exe");
    const long = cleanFileName(`${"长".repeat(200)}.pdf`);
    expect(long.endsWith(".pdf")).toBe(true);
    expect(new TextEncoder().encode(long).length).toBeLessThanOrEqual(255);
    expect(cleanFileName("/\\:")).toBe("file");
  });
});

describe("a file at a platform", () => {
  test("must be of the kind its message says", () => {
    expect(mimeFor("image", "image/png")).toBe("image/png");
    expect(mimeFor("image", "application/pdf")).toBeUndefined();
    expect(mimeFor("audio", "video/mp4")).toBe("audio/mp4");
    expect(mimeFor("audio", "image/png")).toBeUndefined();
    expect(mimeFor("video", "image/gif")).toBe("image/gif");
    expect(mimeFor("file", "text/csv")).toBe("text/csv");
  });

  test("is asked for again after ever longer waits, and given up in the end", () => {
    const waits: number[] = [];
    for (let tries = 1; ; tries += 1) {
      const at = nextTry(tries, 1000, 0.999);
      if (at === undefined) break;
      waits.push(at - 1000);
    }
    expect(waits).toHaveLength(15);
    expect(waits).toEqual([...waits].sort((a, b) => a - b));
    expect(waits[0]).toBeLessThanOrEqual(2000);
    expect(waits.at(-1)).toBeLessThanOrEqual(3_600_000);
    expect(nextTry(1, 0, 0)).toBe(1000);
  });
});
