/** The visitor API: going on in another channel as the same person. */
import { z } from "@hono/zod-openapi";
import type { Party } from "../core/ports.ts";
import { issueLineLink, issueLink } from "../desk/link.ts";
import type { Route } from "./api.ts";
import type { Ctx, HttpDeps } from "./context.ts";
import { createLimiter } from "./limits.ts";
import { iso } from "./present.ts";

const LINKS_PER_HOUR = 20;
const HOUR_MS = 3_600_000;

export function visitorLinkRoutes(route: Route, http: HttpDeps, visitor: (c: Ctx) => Promise<Party>): void {
  const { desk } = http;
  const links = createLimiter({ capacity: LINKS_PER_HOUR, perMs: HOUR_MS });
  route(
    "post",
    "/v1/visitor/links",
    {
      tag: "Visitor",
      summary: "A one-time code, and addresses that bring it along, to go on in another channel; proven members only",
      access: "visitor",
      body: z.strictObject({ locale: z.string().max(35).optional() }),
      status: 201,
      answer: z.object({
        code: z.string(),
        say: z.string(),
        expiresAt: z.iso.datetime(),
        urls: z.record(z.string(), z.string()),
      }),
    },
    async ({ c, body }) => {
      const party = await visitor(c);
      links.take(party.contact.id, desk.now());
      const issued = await issueLink(desk, party, body.locale);
      return { ...issued, expiresAt: iso(issued.expiresAt) };
    },
  );
  route(
    "post",
    "/v1/visitor/links/line",
    {
      tag: "Visitor",
      summary: "The last step of LINE's account link: where to send the member who came with LINE's link token",
      access: "visitor",
      body: z.strictObject({ linkToken: z.string().min(1).max(500) }),
      status: 201,
      answer: z.object({ url: z.string(), expiresAt: z.iso.datetime() }),
    },
    async ({ c, body }) => {
      const party = await visitor(c);
      links.take(party.contact.id, desk.now());
      const issued = await issueLineLink(desk, party, body.linkToken);
      return { ...issued, expiresAt: iso(issued.expiresAt) };
    },
  );
}
