/** `ANY /webhooks/{inboxId}`: read as bytes under a limit, proven, stored, acknowledged. */
import { NotFoundError, UnavailableError } from "../core/errors.ts";
import { receive } from "../desk/receive.ts";
import { BODY_LIMIT, readBytes } from "./body.ts";
import type { Ctx, HttpDeps } from "./context.ts";

/** Webhooks of one inbox being stored at once; above it new ones are turned away before anything is read. */
const BACKLOG = 500;

export function createWebhooks(http: HttpDeps): (c: Ctx) => Promise<Response> {
  const open = new Map<string, number>();
  return async (c) => {
    const inboxId = c.req.param("inboxId") ?? "";
    const running = await http.desk.inboxes.get(inboxId);
    if (running === undefined) throw new NotFoundError("inbox.not_found", "There is no such inbox.");
    const count = open.get(inboxId) ?? 0;
    if (count >= BACKLOG)
      throw new UnavailableError("limit.backlog", "Too many webhooks at once; send it again shortly.");
    open.set(inboxId, count + 1);
    try {
      const body = await readBytes(c.req.raw, BODY_LIMIT);
      return await receive(http.desk, running, {
        method: c.req.method,
        url: new URL(c.req.url),
        headers: c.req.raw.headers,
        body,
      });
    } finally {
      const left = (open.get(inboxId) ?? 1) - 1;
      if (left === 0) open.delete(inboxId);
      else open.set(inboxId, left);
    }
  };
}
