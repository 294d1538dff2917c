/** What an inbox may send after its window, and what it has sent by which route. */
import { z } from "@hono/zod-openapi";
import { ConflictError, InvalidError, NotFoundError } from "../core/errors.ts";
import { newId } from "../core/ids.ts";
import type { Inbox } from "../core/ports.ts";
import { maxLengthOf, type Template, templateIssues } from "../core/template.ts";
import { routesOf, templateRouteOf } from "../core/window.ts";
import { dayOf } from "../desk/hand-off.ts";
import { alternativesTo } from "../desk/window.ts";
import { idParams, type Route } from "./api.ts";
import { auditOf } from "./auth.ts";
import type { Actor, HttpDeps } from "./context.ts";
import { present, words } from "./fields.ts";
import { iso } from "./present.ts";

const DAY_MS = 24 * 3_600_000;

const templateBody = z.strictObject({
  name: words(100).pipe(z.string().min(1)),
  /** As the platform writes it. */
  locale: z.string().regex(/^[A-Za-z]{2,3}(?:[_-][A-Za-z0-9]{2,8}){0,2}$/),
  vendorId: z
    .string()
    .trim()
    .regex(/^[\x21-\x7e]{1,512}$/),
  category: words(100).optional(),
  params: z
    .array(z.strictObject({ key: z.string().regex(/^[\w.]{1,60}$/), label: words(100).optional() }))
    .max(30)
    .default([]),
  text: words(2000).pipe(z.string().min(1)),
});
const templateShape = templateBody.extend({
  id: z.string(),
  inboxId: z.string(),
  createdAt: z.iso.datetime(),
  params: z.array(z.object({ key: z.string(), label: z.string().optional(), maxLength: z.number().int() })),
});
const usageShape = z.object({
  from: z.string(),
  days: z.array(z.object({ day: z.iso.date(), routes: z.record(z.string(), z.number().int()) })),
  routes: z.array(
    z.object({ route: z.string(), cost: z.number(), total: z.number().int(), thisMonth: z.number().int() }),
  ),
});

export function windowRoutes(route: Route, http: HttpDeps): void {
  alternativesRoute(route, http);
  templateRoutes(route, http);
  usageRoute(route, http);
}

const alternativeShape = z.union([
  z.object({ kind: z.literal("template"), templates: z.number().int() }),
  z.object({
    kind: z.literal("conversation"),
    conversationId: z.string(),
    inboxId: z.string(),
    inboxName: z.string().optional(),
    channel: z.string(),
  }),
]);

function alternativesRoute(route: Route, { desk }: HttpDeps): void {
  route(
    "get",
    "/v1/sessions/{id}/alternatives",
    {
      tag: "Sessions",
      summary: "What may be sent when the reply window is closed",
      access: "sessions.read",
      params: idParams,
      answer: z.object({ items: z.array(alternativeShape), next: z.null() }),
    },
    async ({ actor, params }) => {
      const session = await desk.store.session(actor.shopId, params.id);
      const party =
        session === undefined ? undefined : await desk.store.partyOfConversation(actor.shopId, session.conversationId);
      if (party === undefined) throw new NotFoundError("session.not_found", "There is no such session.");
      return { items: await alternativesTo(desk, party), next: null };
    },
  );
}

function templateRoutes(route: Route, http: HttpDeps): void {
  const { desk } = http;
  route(
    "get",
    "/v1/inboxes/{id}/templates",
    {
      tag: "Inboxes",
      summary: "Templates that may be sent after the reply window",
      access: "inboxes.read",
      params: idParams,
      answer: z.object({ items: z.array(templateShape), next: z.null() }),
    },
    async ({ actor, params }) => {
      const inbox = await inboxOf(http, actor, params.id);
      const templates = await desk.store.templates(actor.shopId, inbox.id);
      return { items: await Promise.all(templates.map((template) => toJson(http, template))), next: null };
    },
  );
  route(
    "post",
    "/v1/inboxes/{id}/templates",
    {
      tag: "Inboxes",
      summary: "Register a template the platform has approved",
      access: "inboxes.write",
      params: idParams,
      body: templateBody,
      status: 201,
      answer: templateShape,
    },
    async ({ c, actor, params, body }) => {
      const inbox = await inboxOf(http, actor, params.id);
      if ((await rulesOf(http, inbox.id)) === undefined)
        throw new InvalidError("template.unsupported", "The channel has no templates.");
      const issues = templateIssues(body);
      if (issues.length > 0)
        throw new InvalidError("template.invalid", "The text's gaps and the parameters differ.", { issues });
      const { category, ...told } = body;
      const template: Template = {
        id: newId("tpl"),
        shopId: actor.shopId,
        inboxId: inbox.id,
        ...told,
        params: told.params.map((param) => present(param)),
        ...(category === undefined ? {} : { category }),
        createdAt: desk.now(),
      };
      const data = { template: template.id, vendorId: template.vendorId, locale: template.locale };
      const audit = auditOf(http, c, actor, { action: "template.create", target: inbox.id, result: "ok", data });
      if (!(await desk.store.createTemplate(template, audit)))
        throw new ConflictError("template.known", "The inbox has this template in this language already.");
      return toJson(http, template);
    },
  );
  route(
    "delete",
    "/v1/inboxes/{id}/templates/{templateId}",
    {
      tag: "Inboxes",
      summary: "Forget a template",
      access: "inboxes.write",
      params: idParams.extend({ templateId: z.string().max(200) }),
      status: 204,
    },
    async ({ c, actor, params }) => {
      const inbox = await inboxOf(http, actor, params.id);
      const data = { template: params.templateId };
      const audit = auditOf(http, c, actor, { action: "template.delete", target: inbox.id, result: "ok", data });
      if (!(await desk.store.deleteTemplate(actor.shopId, inbox.id, params.templateId, audit)))
        throw new NotFoundError("template.not_found", "There is no such template in this inbox.");
    },
  );
}

function usageRoute(route: Route, http: HttpDeps): void {
  const { desk } = http;
  route(
    "get",
    "/v1/inboxes/{id}/usage",
    {
      tag: "Inboxes",
      summary: "Messages sent by day and route, as the platform counts them",
      access: "inboxes.read",
      params: idParams,
      query: z.object({ days: z.coerce.number().int().min(1).max(366).default(30) }),
      answer: usageShape,
    },
    async ({ actor, params, query }) => {
      const inbox = await inboxOf(http, actor, params.id);
      const { timeZone } = await desk.shop(actor.shopId);
      const now = desk.now();
      const wanted = Array.from({ length: query.days }, (_, i) => dayOf(now - (query.days - 1 - i) * DAY_MS, timeZone));
      const month = `${dayOf(now, timeZone).slice(0, 4)}01`;
      const [first = month] = wanted;
      const rows = await desk.store.usage(actor.shopId, inbox.id, first < month ? first : month);
      const running = await desk.inboxes.get(inbox.id).catch(() => undefined); // what it has sent is known all the same
      const costs = new Map(routesOf(running?.adapter.capabilities ?? {}).map(({ name, cost }) => [name, cost]));
      const sum = (route: string, from: string) =>
        rows.filter((row) => row.route === route && row.day >= from).reduce((total, row) => total + row.count, 0);
      const names = [...new Set([...costs.keys(), ...rows.map((row) => row.route)])];
      return {
        from: toDate(first),
        // A day of 23 or 25 hours may be met twice or not at all.
        days: [...new Set(wanted)].map((day) => ({
          day: toDate(day),
          routes: Object.fromEntries(rows.filter((row) => row.day === day).map((row) => [row.route, row.count])),
        })),
        routes: names.map((name) => ({
          route: name,
          cost: costs.get(name) ?? 0,
          total: sum(name, first),
          thisMonth: sum(name, month),
        })),
      };
    },
  );
}

async function inboxOf({ desk }: HttpDeps, actor: Actor, id: string): Promise<Inbox> {
  const inbox = await desk.store.inbox(id);
  if (inbox === undefined || inbox.shopId !== actor.shopId)
    throw new NotFoundError("inbox.not_found", "There is no such inbox.");
  return inbox;
}

async function rulesOf({ desk }: HttpDeps, inboxId: string) {
  const running = await desk.inboxes.get(inboxId);
  return running && templateRouteOf(running.adapter.capabilities)?.template;
}

async function toJson(http: HttpDeps, { shopId: _, createdAt, params, ...template }: Template) {
  const rules = await rulesOf(http, template.inboxId).catch(() => undefined); // an inbox that cannot start still has its templates
  return {
    ...template,
    params: params.map((param) => ({ ...param, maxLength: rules === undefined ? 0 : maxLengthOf(param.key, rules) })),
    createdAt: iso(createdAt),
  };
}

/** `260615` → `2026-06-15` */
function toDate(day: string): string {
  return `20${day.slice(0, 2)}-${day.slice(2, 4)}-${day.slice(4, 6)}`;
}
