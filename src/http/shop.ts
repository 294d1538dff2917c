/** What a shop decides for itself. */
import { z } from "@hono/zod-openapi";
import { calendarSchema, closesAt, isOpen, nextOpen } from "../core/calendar.ts";
import { PreconditionError } from "../core/errors.ts";
import { LOCALES } from "../core/language.ts";
import type { Shop } from "../core/ports.ts";
import { REVIEWS } from "../core/review.ts";
import { type ShopSettings, shopSettingsSchema } from "../core/shop.ts";
import { STARTERS } from "../core/starters.ts";
import { TONE_PROFILES, toneOf, toneSchema } from "../core/tone.ts";
import type { Route } from "./api.ts";
import { auditOf } from "./auth.ts";
import type { HttpDeps } from "./context.ts";
import { present, words } from "./fields.ts";
import { ifMatch } from "./if-match.ts";
import { iso } from "./present.ts";

const timeZone = z
  .string()
  .max(60)
  .refine((zone) => {
    try {
      return new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions().timeZone !== "";
    } catch {
      // What Intl refuses is no time zone.
      return false;
    }
  }, "an IANA time zone such as Asia/Shanghai");
const score = z.number().min(0).max(1);
const thresholds = z
  .strictObject({ answer: score, suggest: score })
  .refine((two) => two.suggest <= two.answer, { path: ["suggest"], message: "not above the score that answers" });

const word = (max: number) => words(max).pipe(z.string().min(1));
const { hours, handleMinutes, idleHours, missesToHandoff, promiseMinutes } = shopSettingsSchema.shape;
const change = z
  .strictObject({
    name: word(100),
    locale: z.enum(LOCALES),
    timeZone,
    /** Null: what the engine ships with. */
    thresholds: thresholds.nullable(),
    vipToPerson: z.boolean(),
    missesToHandoff: missesToHandoff.unwrap(),
    groups: z.array(word(50)).min(1).max(50),
    hours: hours.unwrap(),
    /** Null: unknown, and nobody is promised a time. */
    calendar: calendarSchema.nullable(),
    promiseMinutes: promiseMinutes.unwrap(),
    returnLeftChats: z.boolean(),
    handleMinutes: handleMinutes.unwrap(),
    idleHours: idleHours.unwrap(),
    tone: toneSchema,
    staleTranslations: z.enum(["answer", "fallback"]),
    bannedWords: z.array(word(100)).max(1000),
    locales: z.array(z.string().min(2).max(35)).max(20),
    /** `auto`: until ten published articles came from no starter pack. */
    starters: z.enum(STARTERS),
    /** `editors`: what an editor writes reaches shoppers only once somebody else has looked at it. */
    review: z.enum(REVIEWS),
  })
  .partial();

/** A change is tried again this often when somebody else was faster and the caller named no version. */
const TRIES = 5;

export function shopRoutes(route: Route, http: HttpDeps): void {
  const { desk } = http;
  const load = async (shopId: string): Promise<Shop> => {
    const shop = await desk.store.shop(shopId);
    if (shop === undefined) throw new Error(`There is no shop ${shopId}.`);
    return shop;
  };
  route(
    "get",
    "/v1/shop",
    { tag: "Shop", summary: "The shop's settings", access: "shop.read" },
    async ({ c, actor }) => {
      const shop = await load(actor.shopId);
      c.header("etag", `"${shop.version ?? 0}"`);
      return toJson(shop);
    },
  );
  route(
    "patch",
    "/v1/shop",
    {
      tag: "Shop",
      summary: "Change settings: what is not named stays. With If-Match a change made meanwhile is not overwritten",
      access: "shop.write",
      body: change,
    },
    async ({ c, actor, body }) => {
      const seen = ifMatch(c.req.header("if-match"));
      const { name, locale, timeZone: zone, thresholds: scores, calendar, ...settings } = present(body);
      for (let tries = 0; tries < TRIES; tries += 1) {
        const shop = await load(actor.shopId);
        const version = shop.version ?? 0;
        if (seen !== undefined && seen !== version) throw changedMeanwhile(shop);
        const { thresholds: before, calendar: days, ...kept } = shop.settings;
        const next = scores === undefined ? before : (scores ?? undefined);
        const open = calendar === undefined ? days : (calendar ?? undefined);
        const patch = {
          name: name ?? shop.name,
          locale: locale ?? shop.locale,
          timeZone: zone ?? shop.timeZone,
          settings: {
            ...kept,
            ...settings,
            ...(next === undefined ? {} : { thresholds: next }),
            ...(open === undefined ? {} : { calendar: open }),
          },
        };
        const audit = auditOf(http, c, actor, {
          action: "shop.change",
          target: actor.shopId,
          result: "ok",
          data: { fields: Object.keys(body) },
        });
        if (await desk.store.patchShop(actor.shopId, patch, version, audit)) {
          desk.hub.wake(actor.shopId);
          const saved = await load(actor.shopId);
          c.header("etag", `"${saved.version ?? 0}"`);
          return toJson(saved);
        }
      }
      throw changedMeanwhile(await load(actor.shopId));
    },
  );
  route(
    "post",
    "/v1/shop/calendar/preview",
    {
      tag: "Shop",
      summary: "Whether a calendar is open now, and until or from when; nothing is saved",
      access: "shop.read",
      body: z.strictObject({ calendar: calendarSchema, timeZone: timeZone.optional() }),
    },
    async ({ actor, body }) => {
      const now = desk.now();
      const zone = body.timeZone ?? (await load(actor.shopId)).timeZone;
      const open = isOpen(body.calendar, zone, now);
      const changesAt = open ? closesAt(body.calendar, zone, now) : nextOpen(body.calendar, zone, now);
      return { open, changesAt: changesAt === undefined ? null : iso(changesAt) };
    },
  );
  route(
    "get",
    "/v1/shop/tones",
    { tag: "Shop", summary: "The tones there are, and their words in each language", access: "shop.read" },
    async () => ({
      items: TONE_PROFILES.map((profile) => ({
        profile,
        words: Object.fromEntries(
          LOCALES.map((locale) => {
            const { greeting, you } = toneOf(profile, locale);
            return [locale, { greeting, you }];
          }),
        ),
      })),
      next: null,
    }),
  );
}

const changedMeanwhile = (shop: Shop) =>
  new PreconditionError("shop.version_changed", "Somebody else changed the settings first.", toJson(shop));

function toJson(shop: Shop) {
  const rules: ShopSettings = shopSettingsSchema.parse(shop.settings);
  return {
    id: shop.id,
    name: shop.name,
    locale: shop.locale,
    timeZone: shop.timeZone,
    thresholds: rules.thresholds ?? null,
    vipToPerson: rules.vipToPerson,
    missesToHandoff: rules.missesToHandoff,
    groups: rules.groups,
    hours: rules.hours,
    calendar: rules.calendar ?? null,
    promiseMinutes: rules.promiseMinutes,
    returnLeftChats: rules.returnLeftChats,
    handleMinutes: rules.handleMinutes,
    idleHours: rules.idleHours,
    tone: rules.tone,
    staleTranslations: rules.staleTranslations,
    bannedWords: rules.bannedWords,
    locales: rules.locales,
    starters: rules.starters,
    review: rules.review,
    version: shop.version ?? 0,
  };
}
