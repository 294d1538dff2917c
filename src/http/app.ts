/** All of the HTTP surface on one screen. The same app runs on Node and on Workers. */
import { secureHeaders } from "hono/secure-headers";
import { NotFoundError } from "../core/errors.ts";
import type { InboxRegistry } from "../desk/inboxes.ts";
import { adminRoutes } from "./admin.ts";
import { createApi } from "./api.ts";
import type { HttpDeps } from "./context.ts";
import { deskRoutes } from "./desk.ts";
import { saveUpload, serveFile } from "./files.ts";
import { mediaRoutes } from "./media.ts";
import { merchantRoutes } from "./merchant.ts";
import { operationRoutes, pageRoutes } from "./operations.ts";
import { createPaging } from "./paging.ts";
import { problemResponse } from "./problem.ts";
import { simulatorRoutes } from "./simulator.ts";
import { streamRoute } from "./stream-route.ts";
import { visitorRoutes } from "./visitor.ts";
import { createWebhooks } from "./webhooks.ts";
import { windowRoutes } from "./windows.ts";

const MAX_URL = 8 * 1024;

export function createApp(http: HttpDeps & { readonly inboxes: InboxRegistry }) {
  const { app, route } = createApi(http);
  const paging = createPaging(http.seal);

  app.use(async (c, next) => {
    const requestId = crypto.randomUUID();
    c.set("requestId", requestId);
    if (c.req.url.length > MAX_URL)
      return c.json(
        {
          type: "about:blank",
          title: "URI too long",
          status: 414,
          code: "request.uri_too_long",
          detail: "The URL is longer than 8 KiB.",
          requestId,
        },
        414,
      );
    // Encoded slashes and dot segments would show a guard another path than the router.
    if (/%2f|%5c|%00|\/\/|\/\.\.?(\/|$)/i.test(new URL(c.req.url).pathname))
      throw new NotFoundError("request.not_found", "There is nothing here.");
    await next();
    c.res.headers.set("x-request-id", requestId);
  });
  app.use(
    secureHeaders({
      strictTransportSecurity: http.publicUrl.startsWith("https:") ? "max-age=31536000; includeSubDomains" : false,
      referrerPolicy: "no-referrer",
      crossOriginOpenerPolicy: "same-origin",
      // Files and the widget say otherwise for themselves.
      crossOriginResourcePolicy: false,
    }),
  );
  app.options("/v1/visitor/*", async (c) => {
    // Which inbox is asked for is in the body or the token; the real request is checked against its list.
    c.header("access-control-allow-origin", c.req.header("origin") ?? "null");
    c.header("access-control-allow-methods", "GET, POST");
    c.header("access-control-allow-headers", "authorization, content-type");
    c.header("access-control-max-age", "600");
    c.header("vary", "origin");
    return c.body(null, 204);
  });

  operationRoutes(app, http);
  app.all("/webhooks/:inboxId", createWebhooks(http));
  app.get("/files/:id", (c) => serveFile(http, c));
  visitorRoutes(route, http);
  adminRoutes(route, http, paging, http.inboxes);
  windowRoutes(route, http);
  deskRoutes(route, http, paging);
  mediaRoutes(route, http);
  merchantRoutes(route, http, paging);
  streamRoute(route, http);
  route(
    "post",
    "/v1/uploads",
    {
      tag: "Tickets",
      summary: "Upload a file to answer with (multipart, field `file`)",
      access: "tickets.serve",
      status: 201,
    },
    ({ c, actor }) => saveUpload(http, c, { shopId: actor.shopId, ownerId: actor.id }),
  );
  if (http.demo && http.simulator !== undefined) simulatorRoutes(app, http.simulator);
  pageRoutes(app, http);

  app.notFound((c) =>
    problemResponse(new NotFoundError("request.not_found", "There is nothing here."), c.get("requestId") ?? ""),
  );
  app.onError((error, c) => {
    const requestId = c.get("requestId") ?? crypto.randomUUID();
    const response = problemResponse(error, requestId);
    if (response.status >= 500)
      http.desk.log.error({ err: error, requestId, path: c.req.routePath, method: c.req.method }, "a request failed");
    const allowed = c.res.headers.get("access-control-allow-origin");
    if (allowed !== null) response.headers.set("access-control-allow-origin", allowed);
    return response;
  });
  return app;
}
