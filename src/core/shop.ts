import { z } from "zod";

/** What a shop decides for itself; unknown keys are kept for newer versions. */
export const shopSettingsSchema = z.looseObject({
  /** Scores from which the bot answers, and from which it asks "did you mean". Absent: what the engine ships with. */
  thresholds: z.object({ answer: z.number().min(0).max(1), suggest: z.number().min(0).max(1) }).optional(),
  vipToPerson: z.boolean().default(false),
  missesToHandoff: z.number().int().min(1).max(10).default(2),
  groups: z.array(z.string().min(1).max(50)).default(["general", "security", "safety", "complaints"]),
  /** Shown as {{ shop.hours }}. */
  hours: z.string().max(200).default("9:00–21:00"),
  /** Minutes one person spends on one shopper, for the estimate in the queue. */
  handleMinutes: z.number().min(0.1).max(240).default(3),
  /** A session with the bot ends after this silence. */
  idleHours: z
    .number()
    .min(1)
    .max(24 * 30)
    .default(24),
});
export type ShopSettings = z.output<typeof shopSettingsSchema>;
