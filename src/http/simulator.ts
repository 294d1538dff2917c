/** The simulator's own API: same origin, demo only. */
import { type OpenAPIHono, z } from "@hono/zod-openapi";
import { ForbiddenError, NotFoundError } from "../core/errors.ts";
import { readJson, validate } from "./body.ts";
import type { Ctx, Env } from "./context.ts";
import {
  type PlayedEvent,
  type RecordedWebhook,
  SIMULATED_FAILURES,
  type SimulatedFailure,
  type SimulatedPhone,
  type SimulatorState,
} from "./simulator-contract.ts";

/** Fake platforms for a home to bring: each with an inbox of its own, made when it is first written to. */
export interface Simulator {
  state(): Promise<SimulatorState>;
  /** Undefined: no such channel. */
  phone(channel: string, person: number): Promise<SimulatedPhone | undefined>;
  /**
   * A shopper does something; the webhook for it goes through `post`. False: no such channel.
   * @throws {InvalidError} `simulator.not_possible`: there is no such button, or the platform has nothing of the kind
   */
  play(
    action: { readonly channel: string; readonly person: number; readonly event: PlayedEvent },
    post: (request: Request) => Promise<Response>,
  ): Promise<boolean>;
  /** The next `times` calls to the channel's platform go wrong. False: no such channel. */
  fail(channel: string, failure: SimulatedFailure, times: number): Promise<boolean>;
  /** The last webhooks of an inbox, newest first; absent when nobody asked for them to be kept. */
  recordings?(inboxId: string): readonly RecordedWebhook[];
  /** Moves the shop's clock and the platforms' on. */
  advance(ms: number): void;
}

const DAY_MS = 24 * 3_600_000;

const person = z.coerce.number().int().min(0).max(1).default(0);
const eventBody = z.strictObject({
  person,
  event: z.strictObject({
    type: z.string().min(1).max(20),
    text: z.string().max(20_000).optional(),
    label: z.string().max(500).optional(),
    payload: z.string().max(500).optional(),
  }),
});
const failureBody = z.strictObject({
  failure: z.enum(SIMULATED_FAILURES),
  times: z.number().int().min(1).max(20).default(1),
});
const clockBody = z.strictObject({
  advanceMs: z
    .number()
    .int()
    .min(1000)
    .max(30 * DAY_MS),
});

export function simulatorRoutes(app: OpenAPIHono<Env>, simulator: Simulator): void {
  app.use("/simulator/api/*", async (c, next) => {
    assertOwnPage(c);
    await next();
    c.header("cache-control", "no-store");
  });
  app.get("/simulator/api/state", async (c) => c.json(await simulator.state()));
  app.get("/simulator/api/phones/:channel", async (c) => {
    const query = validate(z.object({ person }), c.req.query(), "query");
    return c.json(known(await simulator.phone(c.req.param("channel"), query.person)));
  });
  app.post("/simulator/api/phones/:channel/events", async (c) => {
    const { person: who, event } = await readJson(c.req.raw, eventBody);
    const action = { channel: c.req.param("channel"), person: who, event: defined(event) };
    known((await simulator.play(action, async (request) => app.fetch(request, c.env))) || undefined);
    return c.json(known(await simulator.phone(action.channel, who)));
  });
  app.post("/simulator/api/phones/:channel/failures", async (c) => {
    const { failure, times } = await readJson(c.req.raw, failureBody);
    known((await simulator.fail(c.req.param("channel"), failure, times)) || undefined);
    return c.body(null, 204);
  });
  app.get("/simulator/api/recordings/:inboxId", (c) => {
    if (simulator.recordings === undefined)
      throw new NotFoundError(
        "simulator.not_recording",
        "Webhooks are kept only where XIAOER_RECORD_WEBHOOKS says so.",
      );
    return c.json({ items: simulator.recordings(c.req.param("inboxId")) });
  });
  app.post("/simulator/api/clock", async (c) => {
    simulator.advance((await readJson(c.req.raw, clockBody)).advanceMs);
    return c.json(await simulator.state());
  });
}

/** Another site's page must not write to a shop in somebody's name, be it a demo. */
function assertOwnPage(c: Ctx): void {
  const site = c.req.header("sec-fetch-site") ?? "same-origin";
  const origin = c.req.header("origin");
  const isOwn = origin === undefined || (URL.canParse(origin) && new URL(origin).host === new URL(c.req.url).host);
  if (!isOwn || (site !== "same-origin" && site !== "none"))
    throw new ForbiddenError("simulator.other_site", "The simulator takes calls of its own page only.");
}

function known<T>(found: T | undefined): T {
  if (found === undefined)
    throw new NotFoundError("simulator.unknown_channel", "There is no such channel to simulate.");
  return found;
}

/** Without the fields that were left out. */
function defined(event: z.output<typeof eventBody>["event"]): PlayedEvent {
  const { type, text, label, payload } = event;
  return {
    type,
    ...(text === undefined ? {} : { text }),
    ...(label === undefined ? {} : { label }),
    ...(payload === undefined ? {} : { payload }),
  };
}
