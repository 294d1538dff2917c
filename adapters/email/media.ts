import { z } from "zod";
import type { AdapterState, FetchedMedia } from "../../src/core/adapter.ts";
import { fromBase64, toBase64 } from "../shared/hmac.ts";
import type { MailFile } from "./parse.ts";

/** A mail is posted once with all its files; they wait here until the core has fetched them. */
const TTL_MS = 3 * 24 * 3_600_000;
/** The core keeps no larger one, and says so by the size the message names. `security.md` UP-1 */
const MAX_BYTES = 10 * 1_048_576;
/** In one value: sealed and in base64 it is still well inside a row of D1. */
const PART_BYTES = 600_000;

const headSchema = z.object({ name: z.string(), mime: z.string(), parts: z.number().int().min(1).max(100) });

export async function keepFiles(files: readonly MailFile[], state: AdapterState): Promise<void> {
  for (const { ref, name, mime, bytes } of files) {
    if (bytes.length === 0 || bytes.length > MAX_BYTES) continue;
    const parts = Math.ceil(bytes.length / PART_BYTES);
    for (let part = 0; part < parts; part += 1) {
      const base64 = toBase64(bytes.subarray(part * PART_BYTES, (part + 1) * PART_BYTES));
      await state.set(partKey(ref, part), base64, { ttlMs: TTL_MS });
    }
    // Last: who finds it finds all parts.
    await state.set(headKey(ref), JSON.stringify({ name, mime, parts }), { ttlMs: TTL_MS });
  }
}

export async function fetchMedia(ref: string, state: AdapterState): Promise<FetchedMedia | undefined> {
  const head = await readHead(ref, state);
  if (head === undefined) return undefined;
  const { name, mime, parts } = head;
  let part = 0;
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const bytes = fromBase64(await state.get(partKey(ref, part)));
      part += 1;
      if (bytes === undefined) controller.error(new Error("A part of the file is missing."));
      else controller.enqueue(bytes);
      if (bytes !== undefined && part === parts) controller.close();
    },
  });
  return { body, name, mime };
}

export async function dropMedia(ref: string, state: AdapterState): Promise<void> {
  const head = await readHead(ref, state);
  if (head === undefined) return;
  await state.set(headKey(ref), "", { ttlMs: 1 });
  for (let part = 0; part < head.parts; part += 1) await state.set(partKey(ref, part), "", { ttlMs: 1 });
}

async function readHead(ref: string, state: AdapterState) {
  const text = await state.get(headKey(ref));
  return text === undefined || text === "" ? undefined : headSchema.safeParse(JSON.parse(text)).data;
}

const headKey = (ref: string) => `file:${ref}`;
const partKey = (ref: string, part: number) => `file:${ref}#${part}`;
