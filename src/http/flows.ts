/** Declared flows: what a shop asks its shoppers, tried without anybody being asked, and where they drop off. */
import { z } from "@hono/zod-openapi";
import { ConflictError, InvalidError, NotFoundError, PreconditionError } from "../core/errors.ts";
import { FLOW_FACTS, type FlowDefinition, type FlowFinish, flowSchema } from "../core/flow.ts";
import { beginFlow, type FlowMove, type FlowTurn, say, stepFlow } from "../core/flow-turn.ts";
import { LOCALES } from "../core/language.ts";
import { TONE_PROFILES, toneFor } from "../core/tone.ts";
import type { ShopFlow } from "../desk/flows.ts";
import { idParams, type Route } from "./api.ts";
import { auditOf } from "./auth.ts";
import { validate } from "./body.ts";
import type { Actor, HttpDeps } from "./context.ts";
import { present, words } from "./fields.ts";
import { ifMatch } from "./if-match.ts";
import { iso } from "./present.ts";
import { refuseAtOnce } from "./review.ts";

const DAY_MS = 86_400_000;
const tag = "Flows";
const noFlow = () => new NotFoundError("flow.not_found", "There is no such flow.");
const answered = z.union([
  words(20_000),
  z.strictObject({ text: words(20_000).default(""), value: z.string().max(500).optional() }),
]);

export function flowRoutes(route: Route, http: HttpDeps): void {
  const { desk } = http;
  const load = async (actor: Actor, id: string): Promise<ShopFlow> => {
    const found = (await desk.flows.list(actor.shopId)).find(({ definition }) => definition.id === id);
    if (found === undefined) throw noFlow();
    return found;
  };
  route(
    "get",
    "/v1/flows",
    { tag, summary: "Every flow of the shop, the shipped ones too", access: "flows.read" },
    async ({ actor }) => ({ items: (await desk.flows.list(actor.shopId)).map(toJson), next: null }),
  );
  route(
    "get",
    "/v1/flows/{id}",
    { tag, summary: "One flow", access: "flows.read", params: idParams },
    async ({ c, actor, params }) => {
      const flow = await load(actor, params.id);
      c.header("etag", `"${flow.stored?.version ?? 0}"`);
      return toJson(flow);
    },
  );
  route(
    "post",
    "/v1/flows",
    { tag, summary: "Declare a flow", access: "flows.write", body: flowSchema, status: 201 },
    async ({ c, actor, body }) => {
      await refuseAtOnce(http, c, actor, `flow:${body.id}`);
      await check(http, actor, body);
      if (desk.flows.shipped.some(({ id }) => id === body.id)) throw taken();
      const saved = await desk.store.saveShopFlow(
        { shopId: actor.shopId, definition: body, by: actor.name, now: desk.now() },
        auditOf(http, c, actor, { action: "flow.create", target: body.id, result: "ok", data: {} }),
      );
      if (saved === undefined) throw taken();
      return toJson({ definition: body, origin: "own", stored: saved });
    },
  );
  route(
    "patch",
    "/v1/flows/{id}",
    {
      tag,
      summary: "Change a flow; a shipped one is then the shop's own. If-Match names the version you saw",
      access: "flows.write",
      params: idParams,
      body: z.strictObject({
        title: z.unknown().optional(),
        steps: z.unknown().optional(),
        finish: z.unknown().optional(),
        timeoutMinutes: z.unknown().optional(),
      }),
    },
    async ({ c, actor, params, body }) => {
      await refuseAtOnce(http, c, actor, `flow:${params.id}`);
      const current = await load(actor, params.id);
      const version = current.stored?.version;
      const seen = ifMatch(c.req.header("if-match"));
      if (seen !== undefined && seen !== (version ?? 0)) throw changedMeanwhile(current);
      // Checked as a whole: what one part may say depends on the others.
      const definition = validate(flowSchema, { ...current.definition, ...present(body) }, "body");
      await check(http, actor, definition);
      const saved = await desk.store.saveShopFlow(
        present({ shopId: actor.shopId, definition, seen: version, by: actor.name, now: desk.now() }),
        auditOf(http, c, actor, {
          action: "flow.change",
          target: params.id,
          result: "ok",
          data: { fields: Object.keys(body) },
        }),
      );
      if (saved === undefined) throw changedMeanwhile(await load(actor, params.id));
      c.header("etag", `"${saved.version}"`);
      return toJson({ definition, origin: current.origin === "own" ? "own" : "changed", stored: saved });
    },
  );
  route(
    "delete",
    "/v1/flows/{id}",
    {
      tag,
      summary: "Delete a flow of the shop's own; a shipped one is as it came again",
      access: "flows.write",
      params: idParams,
      status: 204,
    },
    async ({ c, actor, params }) => {
      await refuseAtOnce(http, c, actor, `flow:${params.id}`);
      const audit = auditOf(http, c, actor, { action: "flow.delete", target: params.id, result: "ok", data: {} });
      if (!(await desk.store.deleteShopFlow(actor.shopId, params.id, audit))) throw noFlow();
    },
  );
  tryRoute(route, http, load);
  route(
    "get",
    "/v1/flows/{id}/figures",
    {
      tag,
      summary: "By step: asked, answered, answered wrongly, left for a person, called off, fell silent",
      access: "flows.read",
      params: idParams,
      query: z.object({ days: z.coerce.number().int().min(1).max(365).default(30) }),
    },
    async ({ actor, params, query }) => {
      const { definition } = await load(actor, params.id);
      const now = desk.now();
      const figures = await desk.store.flowFigures({
        shopId: actor.shopId,
        flowId: params.id,
        since: now - query.days * DAY_MS,
        silentSince: now - definition.timeoutMinutes * 60_000,
      });
      const none = { entered: 0, passed: 0, failed: 0, person: 0, cancelled: 0, abandoned: 0 };
      const bySteps = definition.steps.map(
        ({ id }) => figures.find(({ step }) => step === id) ?? { step: id, ...none },
      );
      // Steps the flow had when they were asked and has no more.
      const gone = figures.filter(({ step }) => definition.steps.every(({ id }) => id !== step));
      return { days: query.days, since: iso(now - query.days * DAY_MS), steps: bySteps, gone };
    },
  );
}

function tryRoute(route: Route, http: HttpDeps, load: (actor: Actor, id: string) => Promise<ShopFlow>): void {
  const { desk } = http;
  route(
    "post",
    "/v1/flows/{id}/try",
    {
      tag,
      summary: "What would be said after these answers; nobody is asked and nothing is kept",
      access: "flows.read",
      params: idParams,
      body: z.strictObject({
        answers: z.array(answered).max(100).default([]),
        locale: z.enum(LOCALES).optional(),
        tone: z.enum(TONE_PROFILES).optional(),
        facts: z.partialRecord(z.enum(FLOW_FACTS), z.union([z.string().max(100), z.number(), z.boolean()])).default({}),
        /** The first words, which may hold an answer already. */
        words: words(2000).default(""),
        /** Edits not saved yet. */
        flow: flowSchema.optional(),
      }),
    },
    async ({ actor, params, body }) => {
      const flow = body.flow ?? (await load(actor, params.id)).definition;
      const shop = await desk.shop(actor.shopId);
      const locale = body.locale ?? shop.locale;
      const { rules } = shop;
      const tone = toneFor(body.tone === undefined ? rules.tone : { ...rules.tone, profile: body.tone }, { locale });
      const base = { locale, tone, timeZone: shop.timeZone, now: desk.now(), fits: desk.fits, facts: body.facts };
      return playFlow(flow, base, body);
    },
  );
}

type Base = Omit<FlowTurn, "text" | "value">;

/** Plays the answers one after the other; those after the end are not asked for any more. */
function playFlow(
  flow: FlowDefinition,
  base: Base,
  body: { readonly words: string; readonly answers: readonly z.output<typeof answered>[] },
) {
  const turns: { answer?: string; say: FlowSaid; marks: FlowMove["marks"] }[] = [];
  let move = beginFlow(flow, "try", { ...base, text: body.words });
  turns.push({ say: saidBy(move, base), marks: move.marks });
  for (const answer of body.answers) {
    if (move.kind !== "ask" && move.kind !== "ask-again") break;
    const given = typeof answer === "string" ? { text: answer } : present(answer);
    const next = stepFlow(flow, move.state, { ...base, ...given });
    if (next === undefined) break;
    move = next;
    turns.push({ answer: given.text, say: saidBy(move, base), marks: move.marks });
  }
  const at = move.kind === "ask" || move.kind === "ask-again" ? move.state.step : null;
  const end = move.kind === "finish" ? { finish: move.finish } : at === null ? { finish: null, kind: move.kind } : null;
  return { turns, step: at, slots: move.slots, end };
}

type FlowSaid = readonly unknown[];

function saidBy(move: FlowMove, base: Base): FlowSaid {
  if (move.kind === "person") return [];
  if (move.kind !== "finish") return move.contents;
  return wordsOf(move.finish, move.slots, base).map((text) => ({ type: "text", text }));
}

function wordsOf(finish: FlowFinish, slots: FlowMove["slots"], base: Base): readonly string[] {
  if ("message" in finish) return [say(finish.message, slots, base)];
  return "handoff" in finish && finish.handoff.text !== undefined ? [say(finish.handoff.text, slots, base)] : [];
}

/** What only the shop can tell: its skills, its articles, its groups, and whether the patterns are RE2. */
async function check({ desk }: HttpDeps, actor: Actor, flow: FlowDefinition): Promise<void> {
  const issues: { path: string; message: string }[] = [];
  flow.steps.forEach(({ validate: { kind, ...rest } }, place) => {
    const reason =
      kind === "pattern" && "pattern" in rest ? desk.knowledge.refusesPattern(String(rest.pattern)) : undefined;
    if (reason !== undefined) issues.push({ path: `steps.${place}.validate.pattern`, message: reason });
  });
  const ends = [
    { path: "finish", end: flow.finish },
    ...flow.steps.flatMap((step, at) =>
      step.next.flatMap((branch, place) =>
        "finish" in branch ? [{ path: `steps.${at}.next.${place}.finish`, end: branch.finish }] : [],
      ),
    ),
  ];
  const skills = desk.skills.map(({ name }) => name);
  const { groups } = (await desk.shop(actor.shopId)).rules;
  for (const { path, end } of ends) {
    if ("skill" in end && !skills.includes(end.skill))
      issues.push({ path: `${path}.skill`, message: `one of ${skills.join(", ")}` });
    if ("handoff" in end && !groups.includes(end.handoff.group))
      issues.push({ path: `${path}.handoff.group`, message: `one of ${groups.join(", ")}` });
    if ("article" in end && (await desk.store.article(actor.shopId, end.article)) === undefined)
      issues.push({ path: `${path}.article`, message: "there is no such article" });
  }
  const [first] = issues;
  if (first !== undefined) throw new InvalidError("flow.invalid", `${first.path}: ${first.message}`, { issues });
}

const taken = () => new ConflictError("flow.exists", "A flow with this id exists.");
const changedMeanwhile = (flow: ShopFlow) =>
  new PreconditionError("flow.version_changed", "Somebody else saved this flow first.", toJson(flow));

function toJson({ definition, origin, stored }: ShopFlow) {
  return {
    ...definition,
    origin,
    version: stored?.version ?? 0,
    ...(stored === undefined ? {} : { updatedAt: iso(stored.updatedAt), by: stored.by }),
  };
}
