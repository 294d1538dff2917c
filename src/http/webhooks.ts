/** `ANY /webhooks/{inboxId}`: read as bytes under a limit, proven, stored, acknowledged. */
import { NotFoundError, UnavailableError } from "../core/errors.ts";
import { receive } from "../desk/receive.ts";
import { BODY_LIMIT, readBytes } from "./body.ts";
import type { Ctx, HttpDeps } from "./context.ts";

/** Webhooks of one inbox being stored at once; above it new ones are turned away before anything is read. */
const BACKLOG = 500;
/** So that at most eight large ones of an inbox are in memory at once. */
const LARGE_WEIGHT = 60;

/** A body that may be large counts for many: nobody has proven yet that it is the platform's. Without a length it may be as large as any. */
function weightOf(length: string | undefined, limit: number): number {
  const bytes = length === undefined ? limit : Number(length);
  return bytes <= BODY_LIMIT || limit <= BODY_LIMIT ? 1 : LARGE_WEIGHT;
}

export function createWebhooks(http: HttpDeps): (c: Ctx) => Promise<Response> {
  const open = new Map<string, number>();
  return async (c) => {
    const inboxId = c.req.param("inboxId") ?? "";
    const running = await http.desk.inboxes.get(inboxId);
    if (running === undefined) throw new NotFoundError("inbox.not_found", "There is no such inbox.");
    const limit = running.adapter.capabilities.maxWebhookBytes ?? BODY_LIMIT;
    const weight = weightOf(c.req.header("content-length"), limit);
    const held = open.get(inboxId) ?? 0;
    if (held + weight > BACKLOG)
      throw new UnavailableError("limit.backlog", "Too many webhooks at once; send it again shortly.");
    open.set(inboxId, held + weight);
    try {
      const body = await readBytes(c.req.raw, limit);
      return await receive(http.desk, running, {
        method: c.req.method,
        url: new URL(c.req.url),
        headers: c.req.raw.headers,
        body,
      });
    } finally {
      const left = (open.get(inboxId) ?? weight) - weight;
      if (left === 0) open.delete(inboxId);
      else open.set(inboxId, left);
    }
  };
}
