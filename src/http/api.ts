/** One way to declare a route: what it takes, who may call it, what it answers. The OpenAPI page is made from the same words. */
import { OpenAPIHono, z } from "@hono/zod-openapi";

type Status = 200 | 201 | 202 | 204;

import type { Action } from "./access.ts";
import { authorize } from "./auth.ts";
import { readJson, validate } from "./body.ts";
import type { Actor, Ctx, Env, HttpDeps } from "./context.ts";

type Method = "get" | "post" | "put" | "patch" | "delete";

export interface RouteSpec<Params extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType> {
  readonly tag: string;
  readonly summary: string;
  /** What the caller must be allowed to do; `public` and `visitor` are the few that need no login of the desk. */
  readonly access: Action | "public" | "visitor";
  readonly params?: Params;
  readonly query?: Query;
  readonly body?: Body;
  readonly status?: Status;
  readonly answer?: z.ZodType;
}

export interface Call<Params, Query, Body> {
  readonly c: Ctx;
  readonly actor: Actor;
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
}

/** The routes that were declared, for the test that walks them. */
export const declared: { readonly method: Method; readonly path: string; readonly access: string }[] = [];

const none = z.unknown();
const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number(),
  code: z.string(),
  detail: z.string(),
  requestId: z.string(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
});

export function createApi(http: HttpDeps) {
  const app = new OpenAPIHono<Env>();
  app.openAPIRegistry.registerComponent("securitySchemes", "bearer", { type: "http", scheme: "bearer" });

  function route<
    Params extends z.ZodType = typeof none,
    Query extends z.ZodType = typeof none,
    Body extends z.ZodType = typeof none,
  >(
    method: Method,
    path: string,
    spec: RouteSpec<Params, Query, Body>,
    handle: (call: Call<z.output<Params>, z.output<Query>, z.output<Body>>) => Promise<unknown>,
  ): void {
    declared.push({ method, path, access: spec.access });
    const status = spec.status ?? 200;
    app.openAPIRegistry.registerPath({
      method,
      path,
      tags: [spec.tag],
      summary: spec.summary,
      ...(spec.access === "public" ? {} : { security: [{ bearer: [] }] }),
      request: {
        // zod-openapi wants object schemas here, which is what params and queries are.
        ...(spec.params === undefined ? {} : { params: spec.params as unknown as z.ZodObject }),
        ...(spec.query === undefined ? {} : { query: spec.query as unknown as z.ZodObject }),
        ...(spec.body === undefined ? {} : { body: { content: { "application/json": { schema: spec.body } } } }),
      },
      responses: {
        [status]:
          status === 204
            ? { description: "Done" }
            : { description: "OK", content: { "application/json": { schema: spec.answer ?? z.unknown() } } },
        default: { description: "Problem", content: { "application/problem+json": { schema: problem } } },
      },
    });
    app.on(method.toUpperCase(), path.replaceAll(/\{(\w+)\}/g, ":$1"), async (c) => {
      const open = spec.access === "public" || spec.access === "visitor";
      const actor = open ? undefined : await authorize(http, c, spec.access as Action);
      const params = spec.params === undefined ? undefined : validate(spec.params, c.req.param(), "path");
      const query = spec.query === undefined ? undefined : validate(spec.query, c.req.query(), "query");
      const body = spec.body === undefined ? undefined : await readJson(c.req.raw, spec.body);
      const result = await handle({
        c,
        // Public and visitor routes never look at it.
        actor: actor as Actor,
        params: params as z.output<Params>,
        query: query as z.output<Query>,
        body: body as z.output<Body>,
      });
      if (result instanceof Response) return result;
      c.header("cache-control", "no-store");
      return status === 204 ? c.body(null, 204) : c.json(result as never, status as 200);
    });
  }
  return { app, route };
}

export type Route = ReturnType<typeof createApi>["route"];

export const idParams = z.object({ id: z.string().min(1).max(200) });
export const pageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(50),
  cursor: z.string().max(2000).optional(),
});
export const listOf = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item), next: z.string().nullable() });
