import { z } from "zod";
import type { InboundEvent } from "../../src/core/adapter.ts";
import { SignatureError } from "../../src/core/errors.ts";
import { wireId, wireText } from "../shared/wire.ts";

/** Seconds since 1970, as Meta writes them in WhatsApp: text. */
export const wireSeconds = z
  .union([z.string(), z.int()])
  .transform(String)
  .pipe(z.string().regex(/^\d{1,11}$/))
  .transform((seconds) => Number(seconds) * 1000);

export const wireMillis = z.int().min(0).max(100_000_000_000_000);

/** What an unsupported event is counted under. */
export const wireKind = wireText.transform((kind) => kind.slice(0, 100).toWellFormed() || "unknown");

const envelopeSchema = z.object({ object: z.string(), entry: z.array(z.unknown()).min(1) });
/** An account's id; numbers and text name the same one. */
export const accountId = wireId.optional();

export function unsupported(kind: string, raw: unknown): InboundEvent {
  return { type: "unsupported", kind, raw };
}

/** One item of a batch: of which account it says it is, and what it means. */
export interface Item {
  readonly account: string | undefined;
  readonly events: () => readonly InboundEvent[];
}

/**
 * A batch: `entry` of one `object`. Items of other accounts are another shop's (`security.md` WH-5): when there is nothing else the request is
 * refused, and among ours they are counted without their content.
 * @throws {SignatureError}
 */
export function readBatch(
  body: unknown,
  {
    object,
    account,
    items,
  }: { readonly object: string; readonly account: string; readonly items: (entry: unknown) => readonly Item[] },
): readonly InboundEvent[] {
  const envelope = envelopeSchema.safeParse(body).data;
  if (envelope === undefined || envelope.object !== object) return [unsupported("unknown", body)];
  const all = envelope.entry.flatMap(items);
  const isForeign = (item: Item) => item.account !== undefined && item.account !== account;
  if (all.length > 0 && all.every(isForeign)) throw new SignatureError("another_account");
  const events = all.flatMap((item) => (isForeign(item) ? [unsupported("another_account", {})] : item.events()));
  return events.length > 0 ? events : [unsupported("empty", body)];
}
