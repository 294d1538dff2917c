import { z } from "zod";
import type { AdapterState, FetchedMedia } from "../../src/core/adapter.ts";
import { fromBase64, toBase64 } from "../shared/hmac.ts";
import type { MailFile } from "./parse.ts";

/** A mail is posted once with all its files; they wait here until the core asks for them. */
const TTL_MS = 3 * 24 * 3_600_000;
/** Webhooks are 1 MiB at most (`security.md` WH-1), and so is what waits. */
const MAX_BYTES = 1_048_576;

const keptSchema = z.object({ name: z.string(), mime: z.string(), base64: z.string() });

export async function keepFiles(files: readonly MailFile[], state: AdapterState): Promise<void> {
  for (const { ref, name, mime, bytes } of files) {
    if (bytes.length > MAX_BYTES) continue;
    await state.set(`file:${ref}`, JSON.stringify({ name, mime, base64: toBase64(bytes) }), { ttlMs: TTL_MS });
  }
}

export async function fetchMedia(ref: string, state: AdapterState): Promise<FetchedMedia | undefined> {
  const text = await state.get(`file:${ref}`);
  const kept = text === undefined ? undefined : keptSchema.safeParse(JSON.parse(text)).data;
  if (kept === undefined) return undefined;
  const bytes = fromBase64(kept.base64) ?? new Uint8Array();
  const body = new Blob([new Uint8Array(bytes)]).stream();
  return { body, name: kept.name, mime: kept.mime };
}
