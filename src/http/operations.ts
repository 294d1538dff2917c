/** Health, metrics, pages. */
import type { OpenAPIHono } from "@hono/zod-openapi";
import { NotFoundError, UnauthenticatedError } from "../core/errors.ts";
import { digest } from "../core/seal.ts";
import type { Ctx, Env, HttpDeps } from "./context.ts";
import { type OpenApiDocument, referencePage } from "./reference.ts";

/** An outbox whose oldest due delivery waits longer than this is not keeping up. */
const OUTBOX_LAG_MS = 5 * 60_000;

export function operationRoutes(app: OpenAPIHono<Env>, http: HttpDeps): void {
  app.get("/healthz", (c) => c.json({ status: "ok" }));
  app.get("/readyz", async (c) => {
    const checks = await readiness(http);
    const ready = Object.values(checks).every((state) => state === "ok");
    if (!ready) c.header("retry-after", "2");
    return c.json({ status: ready ? "ok" : "unavailable", checks }, ready ? 200 : 503);
  });
  app.get("/metrics", async (c) => {
    await mayReadMetrics(http, c);
    return c.text((await http.metrics?.()) ?? "", 200, { "content-type": "text/plain; version=0.0.4; charset=utf-8" });
  });
  const document = () =>
    app.getOpenAPI31Document({
      openapi: "3.1.0",
      info: {
        title: "Xiaoer",
        version: http.version,
        description: "The HTTP surface of the desk. Times are ISO 8601 UTC, ids opaque, errors RFC 9457.",
      },
      servers: [{ url: http.publicUrl }],
    });
  app.get("/openapi.json", (c) => c.json(document()));
  app.get("/docs", (c) => {
    const nonce = nonceOf(c);
    c.header(
      "content-security-policy",
      `default-src 'none'; style-src 'nonce-${nonce}'; base-uri 'none'; frame-ancestors 'none'`,
    );
    return c.html(referencePage(document() as unknown as OpenApiDocument, nonce));
  });
}

async function readiness(
  http: HttpDeps,
): Promise<Record<"database" | "migrations" | "outbox", "ok" | "failed" | "behind">> {
  const { store, now } = http.desk;
  const guard = async <T>(work: Promise<T>): Promise<T | undefined> => work.catch(() => undefined); // a failed check is the answer
  const [ping, applied, outbox] = await Promise.all([
    guard(store.ping().then(() => true)),
    guard(store.appliedMigrations()),
    guard(store.outboxStats(now())),
  ]);
  const missing = http.migrations.filter((tag) => applied?.includes(tag) !== true);
  return {
    database: ping === true ? "ok" : "failed",
    migrations: missing.length === 0 ? "ok" : "failed",
    outbox:
      outbox === undefined
        ? "failed"
        : outbox.oldestDueAt !== undefined && now() - outbox.oldestDueAt > OUTBOX_LAG_MS
          ? "behind"
          : "ok",
  };
}

async function mayReadMetrics(http: HttpDeps, c: Ctx): Promise<void> {
  if (http.isLoopback(c)) return;
  const given = /^Bearer (.{1,500})$/.exec(c.req.header("authorization") ?? "")?.[1];
  if (
    http.metricsToken !== undefined &&
    given !== undefined &&
    (await digest(given)) === (await digest(http.metricsToken))
  )
    return;
  throw new UnauthenticatedError("auth.invalid_token", "Metrics need a token from outside.");
}

/** The pages and scripts built into `dist/web`. */
export function pageRoutes(app: OpenAPIHono<Env>, http: HttpDeps): void {
  const page = (path: string) => async (c: Ctx) => {
    const file = await http.asset(path);
    if (file === undefined) throw new NotFoundError("page.not_found", "This page has not been built.");
    const nonce = nonceOf(c);
    const html = (typeof file.body === "string" ? file.body : new TextDecoder().decode(file.body)).replaceAll(
      "__CSP_NONCE__",
      nonce,
    );
    return c.body(html, 200, {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": csp(nonce),
      "cache-control": "no-store",
    });
  };
  const send = async (c: Ctx, path: string, headers: Record<string, string>) => {
    const found = await http.asset(path, c.req.header("accept-encoding") ?? "");
    if (found === undefined)
      throw new NotFoundError("page.not_found", "There is no such file, or it has not been built.");
    const encoding: Record<string, string> = found.encoding === undefined ? {} : { "content-encoding": found.encoding };
    return c.body(found.body as string, 200, {
      "content-type": found.type,
      vary: "accept-encoding",
      ...encoding,
      ...headers,
    });
  };
  const file = (prefix: string, base: string, cache: string) => (c: Ctx) =>
    send(c, `${base}${c.req.path.slice(prefix.length)}`, { "cache-control": cache });
  app.get("/desk/assets/*", file("/desk/", "desk/", "public, max-age=31536000, immutable"));
  app.get("/desk", page("desk/index.html"));
  app.get("/desk/*", page("desk/index.html"));
  app.get("/widget.js", (c) =>
    send(c, "widget.js", {
      "cache-control": "public, max-age=300",
      "cross-origin-resource-policy": "cross-origin",
      "access-control-allow-origin": "*",
    }),
  );
  if (http.demo) {
    app.get("/", page("demo/index.html"));
    app.get("/demo/identity", async (c) => {
      const token = await http.demoIdentity?.(c.req.query("member") ?? "");
      if (token === undefined) throw new NotFoundError("contact.not_found", "There is no such demo member.");
      c.header("cache-control", "no-store");
      return c.json({ token });
    });
    app.get("/demo/*", file("/demo/", "demo/", "public, max-age=300"));
    app.get("/simulator", page("simulator/index.html"));
    app.get("/simulator/*", file("/simulator/", "simulator/", "public, max-age=300"));
  } else {
    app.get("/", (c) => c.redirect("/desk"));
  }
}

const nonceOf = (c: Ctx): string => c.get("requestId").replace(/\W/g, "");

function csp(nonce: string): string {
  return [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}'`,
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data: blob:",
    "media-src 'self' blob:",
    "connect-src 'self'",
    "font-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "object-src 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ].join("; ");
}
