/** Files that platforms keep: fetched as soon as their message is stored, checked, kept, and shown; given up with a reason. */
import type { FetchedMedia } from "../core/adapter.ts";
import { toBase64 } from "../core/base64.ts";
import { joinBytes } from "../core/bytes.ts";
import { cleanFileName, DAY_MS, MAX_DAY_BYTES, MAX_FILE_BYTES, takeFile } from "../core/file.ts";
import { type FileContent, isFileContent, MEDIA_TIMEOUT_MS, type MediaCode, mimeFor, nextTry } from "../core/media.ts";
import type { MediaOutcome, MediaWork } from "../core/ports.ts";
import type { Deps, Job } from "./deps.ts";

/** Files of one inbox on their way at once in this process: a platform that is slow fills its own places only. */
const AT_ONCE = 4;

const busy = new WeakMap<Deps, Map<string, number>>();
function placesOf(deps: Deps): Map<string, number> {
  const known = busy.get(deps) ?? new Map<string, number>();
  busy.set(deps, known);
  return known;
}

/** After a commit: begins with what is due in the inbox. A sweep finds what this misses. */
export function fetchSoon(deps: Deps, inboxId: string): void {
  deps.background(
    takeUp(deps, inboxId).catch((error: unknown) => {
      deps.log.warn({ err: error, inboxId }, "files could not be taken up; the sweep will try again");
    }),
  );
}

/** Begins with what is due anywhere; returns how much that was. */
export async function fetchDue(deps: Deps, limit: number): Promise<number> {
  const inboxes = await deps.store.mediaInboxes(deps.now(), limit);
  const taken = await Promise.all(inboxes.map((inboxId) => takeUp(deps, inboxId)));
  return taken.reduce((sum, count) => sum + count, 0);
}

/** What a queue hands over: fetched if its lease still stands. */
export async function fetchLeased(deps: Deps, job: Extract<Job, { kind: "media" }>): Promise<void> {
  const work = await deps.store.leasedMedia(job);
  if (work !== undefined) await fetchOne(deps, work);
}

/** Takes as much as the inbox has places for; each that ends makes room for the next. */
async function takeUp(deps: Deps, inboxId: string): Promise<number> {
  const places = placesOf(deps);
  const free = AT_ONCE - (places.get(inboxId) ?? 0);
  if (free <= 0) return 0;
  const take = (count: number) => {
    const now = (places.get(inboxId) ?? 0) + count;
    if (now === 0) places.delete(inboxId);
    else places.set(inboxId, now);
  };
  take(free);
  let taken: readonly MediaWork[] = [];
  try {
    taken = await deps.store.claimMedia({ inboxId, now: deps.now(), limit: free });
  } finally {
    take(taken.length - free);
  }
  for (const work of taken) {
    deps.background(
      hand(deps, work).finally(() => {
        take(-1);
        if (taken.length === free) fetchSoon(deps, inboxId);
      }),
    );
  }
  return taken.length;
}

/** Never throws: what goes wrong is tried again when the lease ends. */
async function hand(deps: Deps, work: MediaWork): Promise<void> {
  const { shopId, id: messageId } = work.message;
  try {
    if (deps.enqueue === undefined) await fetchOne(deps, work);
    else await deps.enqueue({ kind: "media", shopId, messageId, leaseUntil: work.leaseUntil });
  } catch (error) {
    deps.log.error({ err: error, messageId }, "a file could not be settled; it is taken up again when its lease ends");
  }
}

async function fetchOne(deps: Deps, work: MediaWork): Promise<void> {
  const { message } = work;
  const outcome = await fetched(deps, work).catch((error: unknown): MediaOutcome => {
    const at = nextTry(work.tries, deps.now(), deps.random());
    deps.log.warn(
      { err: error, messageId: message.id, inboxId: message.inboxId, tries: work.tries },
      at === undefined ? "a file is given up" : "a file could not be fetched; it is tried again",
    );
    return at === undefined
      ? { kind: "failed", code: "media.unavailable", content: message.content }
      : { kind: "later", at };
  });
  const settled = await deps.store.settleMedia(work, outcome, deps.now());
  if (settled === "stored") await dropSource(deps, work);
  if (settled === "stored" || settled === "failed") deps.hub.wake(message.shopId, [message.conversationId]);
}

/** Best effort: what is left ends by itself. */
async function dropSource(deps: Deps, { message, ref }: MediaWork): Promise<void> {
  try {
    await (await deps.inboxes.get(message.inboxId))?.adapter.dropMedia?.(ref);
  } catch (error) {
    deps.log.warn({ err: error, messageId: message.id }, "an adapter could not let go of a file");
  }
}

/** @throws when it may go better later */
async function fetched(deps: Deps, { message, ref }: MediaWork): Promise<MediaOutcome> {
  const { content } = message;
  const fail = (code: MediaCode, size?: number): MediaOutcome => ({
    kind: "failed",
    code,
    content: size === undefined || !isFileContent(content) ? content : { ...content, size },
  });
  // Changed into something else since.
  if (!isFileContent(content)) return fail("media.gone");
  if ((content.size ?? 0) > MAX_FILE_BYTES) return fail("file.too_large");
  const used = await deps.store.contactBytesSince(message.contactId, deps.now() - DAY_MS);
  if (used + (content.size ?? 1) > MAX_DAY_BYTES) return fail("media.quota_exhausted");
  const running = await deps.inboxes.get(message.inboxId);
  if (running?.adapter.fetchMedia === undefined) return fail("media.gone");
  const signal = AbortSignal.timeout(MEDIA_TIMEOUT_MS);
  const media = await orAbort(running.adapter.fetchMedia(ref, { signal }), signal);
  if (media === undefined) return fail("media.gone");
  const { size } = media;
  const bytes = size !== undefined && size > MAX_FILE_BYTES ? await refuse(media) : await read(media, signal);
  if (bytes === undefined) return fail("file.too_large", size);
  return judged(deps, { content, media, bytes });
}

function judged(
  deps: Deps,
  { content, media, bytes }: { content: FileContent; media: FetchedMedia; bytes: Uint8Array },
): MediaOutcome {
  const name = content.name ?? media.name;
  const mime = media.mime ?? content.mime;
  const taken = takeFile(bytes, {
    ...(mime === undefined ? {} : { mime }),
    ...(name === undefined ? {} : { name }),
  });
  if ("fault" in taken) return { kind: "failed", code: taken.fault, content: { ...content, size: bytes.length } };
  const size = taken.bytes.length;
  const proven = mimeFor(content.type, taken.mime);
  if (proven === undefined) return { kind: "failed", code: "file.type_not_allowed", content: { ...content, size } };
  const { url: _theirs, ...told } = content;
  const id = deps.newId("fil");
  const kept = { name: cleanFileName(name ?? content.type), mime: proven, size };
  return {
    kind: "stored",
    file: { id, ...kept, body: toBase64(taken.bytes) },
    content: { ...told, fileId: id, mime: proven, size, ...(name === undefined ? {} : { name: kept.name }) },
  };
}

/** An adapter that does not listen to its signal keeps no place for longer than one that does. */
function orAbort<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return Promise.race([
    work,
    new Promise<never>((_, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    }),
  ]);
}

async function refuse(media: FetchedMedia): Promise<undefined> {
  await media.body.cancel().catch(() => undefined); // nobody waits for the other side to agree
}

/** The whole file, or undefined as soon as it is too large. A platform that stops in its middle is not waited for. */
async function read({ body }: FetchedMedia, signal: AbortSignal): Promise<Uint8Array | undefined> {
  const reader = body.getReader();
  const stop = () => void reader.cancel(signal.reason).catch(() => undefined);
  signal.addEventListener("abort", stop, { once: true });
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      size += next.value.length;
      if (size > MAX_FILE_BYTES) {
        stop();
        return undefined;
      }
      chunks.push(next.value);
    }
  } finally {
    signal.removeEventListener("abort", stop);
  }
  // A reader that was cancelled says "done" as one that came to its end does.
  signal.throwIfAborted();
  return joinBytes(chunks);
}
