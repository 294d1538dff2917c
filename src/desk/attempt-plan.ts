/** What one attempt sends: a delivery as it is, or several of a conversation together, so that no allowance of the platform is wasted. */
import type { Adapter, Route } from "../core/adapter.ts";
import type { Content } from "../core/content.ts";
import type { Delivery } from "../core/delivery.ts";
import { fitToWindow, inWords } from "../core/fit-to-window.ts";
import { hasWindow, routesOf, templateRouteOf, type Window, windowOf } from "../core/window.ts";
import type { Deps } from "./deps.ts";

export type Plan =
  | { readonly kind: "closed"; readonly detail: string }
  /** Messages to be sent one after the other; together they bring the delivery and the others. */
  | (Common & { readonly kind: "messages"; readonly messages: readonly Content[] })
  /** All in one call. */
  | (Common & { readonly kind: "batch" });

interface Common {
  readonly first: Delivery;
  /** Leased together with the first. */
  readonly others: readonly Delivery[];
  readonly route: Route;
  /** It counts against the conversation's window. */
  readonly inWindow: boolean;
}

/** Most deliveries of a conversation that are looked at together. */
const MOST_TOGETHER = 30;

export async function planAttempt(deps: Deps, adapter: Adapter, delivery: Delivery): Promise<Plan> {
  const { capabilities, batch } = adapter;
  const limited = hasWindow(capabilities);
  const alone = (route: Route, messages: readonly Content[] = [delivery.content]): Plan => ({
    kind: "messages",
    first: delivery,
    others: [],
    messages,
    route,
    inWindow: limited && delivery.template === undefined,
  });
  const [ordinary = { name: "message", cost: 0 }] = routesOf(capabilities);
  if (delivery.template !== undefined) return alone(templateRouteOf(capabilities) ?? ordinary);
  if (!limited && batch === undefined) return alone(ordinary);
  const facts = (await deps.store.windowFacts(delivery.conversationId)) ?? {};
  const window = windowOf({ capabilities, facts, author: delivery.authorKind, now: deps.now() });
  const { route, messagesLeft: left } = window;
  if (route === undefined) return { kind: "closed", detail: closedDetail(window) };
  if (batch === undefined && left === undefined) return alone(route);

  const waiting = (await deps.store.pendingDeliveries(delivery.conversationId, MOST_TOGETHER)).filter(
    (other) => other.id !== delivery.id,
  );
  const together = async (others: readonly Delivery[]): Promise<readonly Delivery[] | undefined> => {
    if (others.length === 0) return [];
    const joined = await deps.store.joinDeliveries(delivery, others, deps.now());
    return joined.length === others.length ? joined : undefined;
  };
  const merged = (others: readonly Delivery[]): Plan => ({
    kind: "messages",
    first: delivery,
    others,
    messages: inWords(contentsOf([delivery, ...others]), capabilities).flatMap((call) => call.messages),
    route,
    inWindow: limited,
  });
  const batched = (others: readonly Delivery[]): Plan => ({
    kind: "batch",
    first: delivery,
    others,
    route,
    inWindow: limited,
  });

  // An earlier attempt may have come through: the same ones go together again, in the same form.
  const begun = waiting.filter((other) => other.batch === delivery.id);
  if (begun.length > 0) {
    const others = await together(begun);
    if (others === undefined) return alone(route);
    return batch === undefined ? merged(others) : batched(others);
  }
  const mayHaveCome = batch === undefined ? delivery.repeats > 0 : delivery.attempts > 1;
  if (mayHaveCome) return alone(route);

  const like = takeWhile(waiting, (other) => other.template === undefined && other.authorKind === delivery.authorKind);
  const contents = contentsOf([delivery, ...like]);
  if (batch !== undefined) {
    const others = await together(like.slice(0, Math.max(1, batch.fits(contents)) - 1));
    return others === undefined || others.length === 0 ? alone(route) : batched(others);
  }
  const [call] = fitToWindow(contents, { left, limits: capabilities }).calls;
  if (call === undefined)
    return { kind: "closed", detail: "What is left of the channel's window does not hold the words." };
  if (call.carries === 1) return alone(route, call.messages);
  const others = await together(like.slice(0, call.carries - 1));
  return others === undefined ? alone(route) : merged(others);
}

const contentsOf = (deliveries: readonly Delivery[]) => deliveries.map((delivery) => delivery.content);

function takeWhile<T>(values: readonly T[], holds: (value: T) => boolean): readonly T[] {
  const end = values.findIndex((value) => !holds(value));
  return end === -1 ? values : values.slice(0, end);
}

/** A sentence for the agent. */
export function closedDetail({ alternatives }: Pick<Window, "alternatives">): string {
  const template = alternatives.some((route) => route.template !== undefined);
  return `The channel's reply window is closed until the contact writes again${template ? "; a template may still be sent" : ""}.`;
}
