/** How a shop speaks: by profile, for each channel or inbox where it differs. Pure rendering. */
import { z } from "zod";
import { LOCALES, type Locale, nearestLocale } from "./language.ts";

export const TONE_PROFILES = ["warm", "polite", "neutral"] as const;
export type ToneProfile = (typeof TONE_PROFILES)[number];

export interface Tone {
  readonly profile: ToneProfile;
  /** Put before a line, with its comma: `亲，`, `Hi, `; empty where the profile has none. */
  readonly greeting: string;
  /** The contact, inside a sentence. */
  readonly you: string;
}

type Words = Pick<Tone, "greeting" | "you">;
const SHIPPED: Readonly<Record<ToneProfile, Readonly<Record<Locale, Words>>>> = {
  warm: {
    "zh-CN": { greeting: "亲，", you: "亲" },
    "zh-TW": { greeting: "您好，", you: "您" },
    en: { greeting: "Hi, ", you: "you" },
    // Japanese shops say です・ます whatever the tone.
    ja: { greeting: "こんにちは、", you: "お客様" },
  },
  polite: {
    "zh-CN": { greeting: "您好，", you: "您" },
    "zh-TW": { greeting: "您好，", you: "您" },
    en: { greeting: "Dear customer, ", you: "you" },
    ja: { greeting: "お客様、", you: "お客様" },
  },
  neutral: {
    "zh-CN": { greeting: "", you: "你" },
    "zh-TW": { greeting: "", you: "你" },
    en: { greeting: "", you: "you" },
    ja: { greeting: "", you: "お客様" },
  },
};

const profile = z.enum(TONE_PROFILES);
const address = z.strictObject({ greeting: z.string().max(30).optional(), you: z.string().min(1).max(20).optional() });

/** What a shop says of its tone. The inbox's own profile wins over its channel's, that over the shop's. */
export const toneSchema = z.strictObject({
  profile: profile.default("warm"),
  channels: z.record(z.string().min(1).max(50), profile).default({}),
  inboxes: z.record(z.string().min(1).max(200), profile).default({}),
  /** The shop's own words in place of the profile's. */
  address: z.partialRecord(z.enum(LOCALES), address).default({}),
});
export type ToneSettings = z.output<typeof toneSchema>;

export const DEFAULT_TONE: ToneSettings = toneSchema.parse({});

export function toneFor(
  settings: ToneSettings,
  place: { readonly inboxId?: string; readonly channel?: string; readonly locale: string | undefined },
): Tone {
  const locale = nearestLocale(place.locale);
  const own =
    (place.inboxId === undefined ? undefined : settings.inboxes[place.inboxId]) ??
    (place.channel === undefined ? undefined : settings.channels[place.channel]) ??
    settings.profile;
  const words = SHIPPED[own][locale];
  // The shop's own word stands for the profile it chose; where another profile speaks, that one's words do.
  const custom = own === settings.profile ? settings.address[locale] : undefined;
  return { profile: own, greeting: custom?.greeting ?? words.greeting, you: custom?.you ?? words.you };
}

export const toneOf = (profileName: ToneProfile, locale: string | undefined): Tone =>
  toneFor({ ...DEFAULT_TONE, profile: profileName }, { locale });

/** Where a fixed line greets. */
const HI = /^\{hi\}/gmu;

/** A fixed line in a tone. */
export function inTone(line: string, tone: Tone): string {
  return line.replace(HI, tone.greeting);
}

/** Every line of a table of lines, and what its functions make, in a tone. */
export function tableInTone<T extends object>(lines: T, tone: Tone): T {
  const spoken = Object.entries(lines).map(([key, line]: [string, unknown]) => [
    key,
    typeof line === "string"
      ? inTone(line, tone)
      : typeof line === "function"
        ? (...given: unknown[]) => inTone(String(line(...given)), tone)
        : line,
  ]);
  // The same keys, and functions of the same arguments that also answer with text.
  return Object.fromEntries(spoken) as T;
}
