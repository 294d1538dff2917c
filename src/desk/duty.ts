/** Who is on duty, and what whoever waits for a person is told. */
import { addBusinessTime } from "../core/calendar.ts";
import {
  BEAT_MS,
  CALLED_MS,
  dueWords,
  HANDLED_FOR_ESTIMATE,
  handleMinutesOf,
  isOnDuty,
  waitMinutes,
} from "../core/duty.ts";
import type { Phrases } from "../core/phrases.ts";
import type { Shop, User } from "../core/ports.ts";
import type { ShopSettings } from "../core/shop.ts";
import type { Priority } from "../core/ticket.ts";
import type { Deps } from "./deps.ts";

/** When each agent's stream was last said to be alive, by this process. */
const beats = new WeakMap<Deps["store"], Map<string, number>>();

/** A live stream of someone who serves shoppers is alive. Said now and then, not each time it is looked at. */
export async function beat(deps: Pick<Deps, "store" | "now">, user: Pick<User, "id" | "shopId">): Promise<void> {
  const now = deps.now();
  const said = beats.get(deps.store) ?? new Map<string, number>();
  beats.set(deps.store, said);
  if (Math.abs(now - (said.get(user.id) ?? 0)) < BEAT_MS) return;
  await deps.store.beat({ shopId: user.shopId, userId: user.id, now });
  said.set(user.id, now);
}

export async function countOnDuty(deps: Pick<Deps, "store" | "now">, shopId: string): Promise<number> {
  const now = deps.now();
  const [presence, callers] = await Promise.all([
    deps.store.presence(shopId),
    deps.store.calledSince(shopId, now - CALLED_MS),
  ]);
  const away = new Set(presence.filter(({ mark }) => mark === "away").map(({ userId }) => userId));
  const streaming = presence.filter((one) => isOnDuty(one, now)).map(({ userId }) => userId);
  return new Set([...streaming, ...callers.filter((userId) => !away.has(userId))]).size;
}

/** The place in the queue, and how long it takes with those who are there now. */
export async function placeInQueue(
  deps: Pick<Deps, "store" | "now" | "shop">,
  {
    shopId,
    sessionId,
    priority,
  }: { readonly shopId: string; readonly sessionId: string; readonly priority?: Priority },
): Promise<{ readonly ahead: number; readonly minutes: number; readonly onDuty: number }> {
  const [ahead, onDuty, handled, shop] = await Promise.all([
    deps.store.queuePosition(shopId, sessionId, priority),
    countOnDuty(deps, shopId),
    deps.store.handledMs(shopId, HANDLED_FOR_ESTIMATE),
    deps.shop(shopId),
  ]);
  const handleMinutes = handleMinutesOf(handled, shop.rules.handleMinutes);
  return { ahead, onDuty, minutes: waitMinutes({ ahead, handleMinutes, onDuty }) };
}

/** By when a person answers who is not there now; undefined: the shop has not said when it is open. */
export function promiseOf(shop: Shop & { readonly rules: ShopSettings }, now: number): number | undefined {
  const { calendar, promiseMinutes } = shop.rules;
  return calendar === undefined ? undefined : addBusinessTime(calendar, shop.timeZone, now, promiseMinutes);
}

/** What is said when nobody is on duty. */
export function keptLine(
  lines: Phrases,
  ticket: { readonly number: string; readonly dueAt: number | undefined },
  { now, locale, zone }: { readonly now: number; readonly locale: string; readonly zone: string },
): string {
  const { number, dueAt } = ticket;
  return dueAt === undefined ? lines.kept(number) : lines.promised(number, dueWords(dueAt, now, { locale, zone }));
}
