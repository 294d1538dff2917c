/** A file a platform keeps for us: fetched after its message is stored, in a few tries, or given up with a reason. */
import { type Content, type ContentOf, contentText } from "./content.ts";
import type { FileFault } from "./file.ts";

/** Why a file is not there. */
export type MediaCode =
  | FileFault
  /** The platform does not have it any more, or does not give it to us. */
  | "media.gone"
  /** The contact's share of the day is used up. */
  | "media.quota_exhausted"
  /** Every try failed. */
  | "media.unavailable"
  /** It came before files were fetched, and nobody has asked for it yet. */
  | "media.not_fetched";

export type MediaState =
  | { readonly state: "pending" }
  | { readonly state: "stored" }
  | { readonly state: "failed"; readonly code: MediaCode };

export type FileContent = ContentOf<"image" | "audio" | "video" | "file">;

/** How long one fetch may take before another process may think it lost; the fetch itself is cut off before. */
export const MEDIA_LEASE_MS = 60_000;
export const MEDIA_TIMEOUT_MS = 45_000;
/** With the waits below some ten hours: longer than an outage, shorter than what platforms keep. */
const MAX_TRIES = 16;
const FIRST_WAIT_MS = 2000;
const LONGEST_WAIT_MS = 3_600_000;

/** When to try again after a try that failed for now; undefined: it is given up. `random` is in [0, 1). */
export function nextTry(tries: number, now: number, random: number): number | undefined {
  if (tries >= MAX_TRIES) return undefined;
  const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 3 ** (tries - 1));
  return now + Math.round(wait * (0.5 + random / 2));
}

/** The kinds of type a content may hold; sound recorders wrap sound in film's containers. */
const KINDS: Readonly<Record<FileContent["type"], RegExp>> = {
  image: /^image\//,
  audio: /^(?:audio\/|video\/(?:mp4|webm|3gpp)$)/,
  video: /^(?:video\/|image\/gif$)/,
  file: /./,
};

/** What a content's file is, given what its bytes prove; undefined when it is something else than it says. */
export function mimeFor(type: FileContent["type"], mime: string): string | undefined {
  if (!KINDS[type].test(mime)) return undefined;
  return type === "audio" ? mime.replace(/^video/, "audio") : mime;
}

export const isFileContent = (content: { readonly type: string }): content is FileContent => content.type in KINDS;

/** What somebody wrote, to tell their language by: a file's name was written by a camera. */
export const writtenText = (content: Content): string =>
  isFileContent(content) ? (content.alt ?? "") : contentText(content);

/** An id of a file of ours; until it is fetched a content carries the platform's own name for it. */
export const isOwnFile = (fileId: string | undefined): fileId is string => fileId?.startsWith("fil_") === true;
