/** What people send on a fake platform: small files that are what they say, since the desk looks at their bytes. */

export type SampleKind = "image" | "audio" | "video" | "file";

/** A parcel with a crack in it, 160 × 120. */
const PARCEL =
  "iVBORw0KGgoAAAANSUhEUgAAAKAAAAB4AgMAAAAIzBH8AAAADFBMVEX18uzJll5KMhzlzaDzkTUkAAAAoElEQVR42u2Wuw2AMAxEETuSwg21t2CJjJCG/aj5" +
  "JJQgncShE8ivgeIJEsec6bogCIJf0c+XTA/EPJyM67rsl3LcJ6KYMlu0QSa6TiwysR0MU2z1Zorwq/HyOL174A7Hv0JHRUPFukhErIuEREdFoz/R2ZuBy2P0" +
  "k3F69xRZNH8hH4VhLxxx/Hn9Quzx89F1iWu6DOeL+FS4E+n/uEEQQGwRJN89yKzYewAAAABJRU5ErkJggg==";

/** Half a second of a tone: mono, 8 kHz, 8 bits. http://soundfile.sapp.org/doc/WaveFormat/ */
function tone(): Uint8Array {
  const samples = 4000;
  const bytes = new Uint8Array(44 + samples);
  const view = new DataView(bytes.buffer);
  const write = (at: number, text: string) => bytes.set(new TextEncoder().encode(text), at);
  write(0, "RIFF");
  view.setUint32(4, 36 + samples, true);
  write(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, 8000, true);
  view.setUint32(28, 8000, true);
  view.setUint16(32, 1, true);
  view.setUint16(34, 8, true);
  write(36, "data");
  view.setUint32(40, samples, true);
  for (let i = 0; i < samples; i += 1) bytes[44 + i] = Math.round(128 + 80 * Math.sin((i * 2 * Math.PI * 440) / 8000));
  return bytes;
}

const text = (words: string) => new TextEncoder().encode(words);

/** A film's first box, and a page of paper. */
const SAMPLES: Readonly<Record<SampleKind, { readonly mime: string; bytes(): Uint8Array }>> = {
  image: { mime: "image/png", bytes: () => Uint8Array.from(atob(PARCEL), (character) => character.charCodeAt(0)) },
  audio: { mime: "audio/wav", bytes: tone },
  video: { mime: "video/mp4", bytes: () => text("\0\0\0\u0018ftypisom\0\0\u0002\0isomiso2") },
  file: {
    mime: "application/pdf",
    bytes: () =>
      text(
        "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n" +
          "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n",
      ),
  },
};

export function sampleFile(kind: SampleKind): { readonly mime: string; readonly bytes: Uint8Array<ArrayBuffer> } {
  const { mime, bytes } = SAMPLES[kind];
  return { mime, bytes: new Uint8Array(bytes()) };
}

/** The sample as a platform serves it. */
export function serveSample(kind: SampleKind, headers: Readonly<Record<string, string>> = {}): Response {
  const { mime, bytes } = sampleFile(kind);
  return new Response(bytes, { headers: { "content-type": mime, ...headers } });
}

const BY_ENDING: Readonly<Record<string, SampleKind>> = {
  pdf: "file",
  mp3: "audio",
  m4a: "audio",
  ogg: "audio",
  wav: "audio",
  mp4: "video",
  webm: "video",
};

/** What a file is by its name: its ending, or its first letters where the fake named it by its kind. */
export function sampleKind(name: string): SampleKind {
  const [, named] = /(?:^|\/)(audio|video|file)[.-]/.exec(name) ?? [];
  const ending = /\.(\w+)$/.exec(name)?.[1]?.toLowerCase() ?? "";
  return (named as SampleKind | undefined) ?? BY_ENDING[ending] ?? "image";
}
