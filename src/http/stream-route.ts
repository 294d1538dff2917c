import { z } from "@hono/zod-openapi";
import { ForbiddenError } from "../core/errors.ts";
import type { Route } from "./api.ts";
import { isOwnOrigin } from "./auth.ts";
import type { HttpDeps } from "./context.ts";

/** `GET /v1/stream`: the shop's events, for the desk. */
export function streamRoute(route: Route, http: HttpDeps): void {
  route(
    "get",
    "/v1/stream",
    {
      tag: "Live",
      summary: "The shop's events by WebSocket (xiaoer.v1) or SSE",
      access: "stream.read",
      query: z.object({
        // A page that has no cursor yet sends an empty one: from now on, and not the shop's whole history.
        after: z.preprocess((value) => (value === "" ? undefined : value), z.coerce.number().int().min(0).optional()),
      }),
    },
    async ({ c, actor, query }) => {
      const origin = c.req.header("origin");
      if (origin !== undefined && !isOwnOrigin(http, c, origin))
        throw new ForbiddenError("auth.cross_site", "The desk's stream is for the desk's own page.");
      const offered = (c.req.header("sec-websocket-protocol") ?? "").split(",").map((name) => name.trim());
      return http.openStream(c, {
        topic: { shopId: actor.shopId },
        after: query.after,
        kind: "desk",
        credential: actor.tokenHash,
        protocol: offered.includes("xiaoer.v1") ? "xiaoer.v1" : undefined,
      });
    },
  );
}
