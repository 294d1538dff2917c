import { z } from "zod";
import { calendarSchema } from "./calendar.ts";
import { REVIEWS } from "./review.ts";
import { STARTERS } from "./starters.ts";
import { DEFAULT_TONE, toneSchema } from "./tone.ts";

/** What a shop decides for itself; unknown keys are kept for newer versions. */
export const shopSettingsSchema = z.looseObject({
  /** Scores from which the bot answers, and from which it asks "did you mean". Absent: what the engine ships with. */
  thresholds: z.object({ answer: z.number().min(0).max(1), suggest: z.number().min(0).max(1) }).optional(),
  /** Of phone numbers written without one; absent: by the shop's language. */
  callingCode: z
    .string()
    .regex(/^[1-9]\d{0,2}$/)
    .optional(),
  vipToPerson: z.boolean().default(false),
  missesToHandoff: z.number().int().min(1).max(10).default(2),
  groups: z.array(z.string().min(1).max(50)).default(["general", "security", "safety", "complaints"]),
  /** How the shop speaks, for each channel and inbox where it differs. */
  tone: toneSchema.default(DEFAULT_TONE),
  /** Shown as {{ shop.hours }}. */
  hours: z.string().max(200).default("9:00–21:00"),
  /** When people answer; absent: unknown, and nobody is promised a time. */
  calendar: calendarSchema.optional(),
  /** Minutes of open time within which a shopper who met nobody is promised an answer. */
  promiseMinutes: z.number().int().min(1).max(10_000).default(30),
  /** Chats of an agent who is gone go back to the queue. */
  returnLeftChats: z.boolean().default(true),
  /** Minutes one person spends on one shopper, for the estimate in the queue until enough was handled to tell. */
  handleMinutes: z.number().min(0.1).max(240).default(3),
  /** A session with the bot ends after this silence. */
  idleHours: z
    .number()
    .min(1)
    .max(24 * 30)
    .default(24),
  /** A translation whose source has changed: said all the same, or the default answer instead. */
  staleTranslations: z.enum(["answer", "fallback"]).default("answer"),
  /** Words no answer may hold. */
  bannedWords: z.array(z.string().min(1).max(100)).max(1000).default([]),
  /** Languages every answer should have; what lacks one is noticed before it is published. */
  locales: z.array(z.string().min(2).max(35)).max(20).default([]),
  /** Whether the articles of a starter pack answer: until the shop has ten published ones of its own, beside them, or not at all. */
  starters: z.enum(STARTERS).default("auto"),
  /** `editors`: what an editor writes reaches shoppers only once somebody else has looked at it. */
  review: z.enum(REVIEWS).default("off"),
});
export type ShopSettings = z.output<typeof shopSettingsSchema>;
