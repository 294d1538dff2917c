/** Which way of writing to a contact is open, until when and for how many messages. Pure: capabilities and facts in, a window out. */
import type { Capabilities, OutboundMessage, Route } from "./adapter.ts";

/** What a conversation keeps of its window; every inbound and every successful send changes it in its own write. */
export interface WindowFacts {
  /** When the contact last wrote. */
  readonly heardAt?: number;
  /** Messages we sent since then, as the platform counts them. */
  readonly saidSince?: number;
  /** When the contact last came in without a word. */
  readonly joinedAt?: number;
  readonly saidSinceJoined?: number;
  /** When the platform said that the window is closed: its word stands above our count until the contact does something. */
  readonly shutAt?: number;
}

export type WindowAuthor = OutboundMessage["author"]["kind"];

export interface Window {
  /** Something may be written freely now. */
  readonly open: boolean;
  /** The cheapest way that is open. */
  readonly route?: Route;
  /** When nothing can be written freely any more; absent: no end, or none that we know. */
  readonly closesAt?: number;
  /** How many messages; absent: any number. */
  readonly messagesLeft?: number;
  /** What else may be used now, cheapest first: dearer routes, and templates. */
  readonly alternatives: readonly Route[];
}

/** Every route of a channel. */
export function routesOf(capabilities: Pick<Capabilities, "routes" | "replyWindowMs" | "replyWindowMessages">) {
  const { routes, replyWindowMs: windowMs, replyWindowMessages: messages } = capabilities;
  if (routes !== undefined) return routes;
  const ordinary: Route = {
    name: "message",
    cost: 0,
    ...(windowMs === undefined ? {} : { windowMs }),
    ...(messages === undefined ? {} : { messages }),
  };
  return [ordinary];
}

/** Whether what was heard and said matters to how the channel is written to. */
export function hasWindow(capabilities: Parameters<typeof routesOf>[0]): boolean {
  const routes = routesOf(capabilities);
  return routes.length > 1 || routes.some((route) => route.windowMs !== undefined || route.messages !== undefined);
}

export function templateRouteOf(capabilities: Parameters<typeof routesOf>[0]): Route | undefined {
  return routesOf(capabilities).find((route) => route.template !== undefined);
}

export function windowOf(input: {
  readonly capabilities: Parameters<typeof routesOf>[0];
  readonly facts: WindowFacts;
  readonly author: WindowAuthor;
  readonly now: number;
}): Window {
  const routes = [...routesOf(input.capabilities)].sort((a, b) => a.cost - b.cost);
  const free = routes
    .filter((route) => route.template === undefined && (route.authors?.includes(input.author) ?? true))
    .map((route) => ({ route, ...openingOf(route, input) }));
  const open = free.filter((one) => one.open);
  const [cheapest, ...dearer] = open;
  const templates = routes.filter((route) => route.template !== undefined);
  const alternatives = [...dearer.map((one) => one.route), ...templates];
  const until = most((cheapest === undefined ? free : open).map((one) => one.until));
  const left = cheapest === undefined ? 0 : most(open.map((one) => one.left));
  return {
    open: cheapest !== undefined,
    ...(cheapest === undefined ? {} : { route: cheapest.route }),
    // A window its last message or the platform has closed is closed now, whatever time was left.
    ...(until === undefined ? {} : { closesAt: cheapest === undefined ? Math.min(until, input.now) : until }),
    ...(left === undefined ? {} : { messagesLeft: left }),
    alternatives,
  };
}

interface Opening {
  readonly open: boolean;
  readonly until?: number;
  readonly left?: number;
}

function openingOf(route: Route, { facts, now }: { readonly facts: WindowFacts; readonly now: number }): Opening {
  if (route.windowMs === undefined && route.messages === undefined) return { open: true };
  // A conversation that nothing is known of is the platform's to judge.
  if (facts.heardAt === undefined && facts.joinedAt === undefined) return { open: facts.shutAt === undefined };
  const { at, said } = openedBy(route, facts);
  if (at === undefined) return { open: false, until: Number.NEGATIVE_INFINITY, left: 0 };
  const until = route.windowMs === undefined ? undefined : at + route.windowMs;
  const left = route.messages === undefined ? undefined : Math.max(0, route.messages - said);
  const open = facts.shutAt === undefined && (until === undefined || now < until) && left !== 0;
  return { open, ...(until === undefined ? {} : { until }), ...(left === undefined ? {} : { left }) };
}

/** What the contact did that counts for a route, and what was said since. */
function openedBy(route: Route, facts: WindowFacts): { readonly at: number | undefined; readonly said: number } {
  const heard = { at: facts.heardAt, said: facts.saidSince ?? 0 };
  const joined = { at: facts.joinedAt, said: facts.saidSinceJoined ?? 0 };
  if (route.after === "message") return heard;
  if (route.after === "joined") return joined;
  return (joined.at ?? Number.NEGATIVE_INFINITY) > (heard.at ?? Number.NEGATIVE_INFINITY) ? joined : heard;
}

/** Undefined stands for no limit, and is more than any. */
function most(values: readonly (number | undefined)[]): number | undefined {
  if (values.length === 0 || values.includes(undefined)) return undefined;
  const known = Math.max(...values.filter((value) => value !== undefined));
  return Number.isFinite(known) ? known : undefined;
}
