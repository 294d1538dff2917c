import { z } from "zod";
import { wireId, wireName, wireText } from "../shared/wire.ts";
import { accountId, wireKind, wireSeconds } from "./wire.ts";

// Only what is read is declared, and every kind may be newer than this file: what does not fit is `unsupported`.
// https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks/components

export const changeSchema = z.object({
  field: wireKind,
  value: z.object({
    metadata: z.object({ phone_number_id: accountId }).optional(),
    contacts: z.array(z.unknown()).optional(),
    messages: z.array(z.unknown()).optional(),
    message_echoes: z.array(z.unknown()).optional(),
    statuses: z.array(z.unknown()).optional(),
    errors: z.array(z.unknown()).optional(),
  }),
});

/** A person has a number, a business-scoped id since 2026, or both. */
export const contactSchema = z.object({
  wa_id: wireId.optional(),
  user_id: wireId.optional(),
  profile: z.object({ name: wireName.optional(), username: wireName.optional() }).optional(),
});

export const headSchema = z.object({
  id: wireId,
  type: wireKind,
  timestamp: wireSeconds,
  from: wireId.optional(),
  from_user_id: wireId.optional(),
  to: wireId.optional(),
  to_user_id: wireId.optional(),
});
export type Head = z.output<typeof headSchema>;

export const statusSchema = z.object({
  id: wireId,
  status: z.enum(["sent", "delivered", "read", "played", "failed"]),
  timestamp: wireSeconds,
  errors: z
    .array(
      z.object({
        code: z.number(),
        title: wireText.optional(),
        error_data: z.object({ details: wireText }).optional(),
      }),
    )
    .optional(),
});

export const editSchema = z.object({ edit: z.object({ original_message_id: wireId, message: z.unknown() }) });
export const revokeSchema = z.object({ revoke: z.object({ original_message_id: wireId }) });
export const referralSchema = z.object({
  referral: z.object({
    source_id: wireText.optional(),
    source_url: wireText.optional(),
    ctwa_clid: wireText.optional(),
  }),
});

const mediaSchema = z.object({
  id: wireId,
  mime_type: wireText.optional(),
  caption: wireText.optional(),
  filename: wireName.optional(),
});
const tapSchema = z.object({ id: wireText, title: wireText.pipe(z.string().min(1)) });

/** One schema per `type` we show. */
export const SAID = {
  text: z.object({ text: z.object({ body: wireText }) }),
  image: z.object({ image: mediaSchema }),
  video: z.object({ video: mediaSchema }),
  audio: z.object({ audio: mediaSchema }),
  document: z.object({ document: mediaSchema }),
  sticker: z.object({ sticker: mediaSchema }),
  location: z.object({
    location: z.object({
      latitude: z.number(),
      longitude: z.number(),
      name: wireText.optional(),
      address: wireText.optional(),
    }),
  }),
  contacts: z.object({
    contacts: z.array(
      z.object({
        name: z.object({ formatted_name: wireText.optional() }).optional(),
        phones: z.array(z.object({ phone: wireText.optional(), wa_id: wireText.optional() })).optional(),
      }),
    ),
  }),
  interactive: z.object({
    interactive: z.union([
      z.object({ button_reply: tapSchema }),
      z.object({ list_reply: tapSchema }),
      z.object({ nfm_reply: z.object({ body: wireText.optional(), response_json: wireText }) }),
    ]),
  }),
  button: z.object({ button: z.object({ text: wireText, payload: wireText.optional() }) }),
  order: z.object({
    order: z.object({
      text: wireText.optional(),
      product_items: z.array(
        z.object({
          product_retailer_id: wireText,
          quantity: z.union([z.number(), z.string()]).transform(String),
          item_price: z.union([z.number(), z.string()]).transform(String).optional(),
          currency: wireText.optional(),
        }),
      ),
    }),
  }),
  system: z.object({ system: z.object({ body: wireText, type: wireKind.optional() }) }),
} as const;
