import { z } from "zod";
import { cleanText } from "./text.ts";

/** Text as it is kept: cleaned, then measured. */
const text = (max: number) => z.string().max(max).transform(cleanText);
const label = text(200).pipe(z.string().min(1));
/** Links a shopper or agent may follow; `javascript:` and friends never pass. */
const url = z.url({ protocol: /^https?$/ }).max(2000);
/** Our own files are named by path, so that a moved host breaks nothing. */
const mediaUrl = z.union([url, z.string().regex(/^\/files\/[\w./?=&%-]+$/)]);

const action = z.union([
  z.strictObject({ label, url }),
  z.strictObject({ label, value: text(1000).pipe(z.string().min(1)) }),
]);

const media = <T extends "image" | "audio" | "video" | "file">(type: T) =>
  z
    .strictObject({
      type: z.literal(type),
      url: mediaUrl.optional(),
      /** Our stored file; until an inbound file is fetched, the platform's name for it (`InboundMessage.mediaRef`). */
      fileId: z.string().max(1000).optional(),
      name: text(255).optional(),
      mime: z.string().max(200).optional(),
      /** Bytes. */
      size: z.number().int().nonnegative().optional(),
      /** What the picture shows, or the words sent with it. */
      alt: text(5000).optional(),
    })
    .refine((value) => value.url !== undefined || value.fileId !== undefined, "A file needs a url or a fileId.");

const card = z.strictObject({
  type: z.literal("card"),
  title: text(500).pipe(z.string().min(1)),
  text: text(5000).optional(),
  imageUrl: mediaUrl.optional(),
  actions: z.array(action).max(10),
});

/** Integer minor units with a currency: 12900 CNY is 129.00. */
const money = z.strictObject({ amount: z.number().int(), currency: z.string().length(3) });

/** A front end may also send the price as it shows it. */
const price = z.union([money, text(50), z.number().transform(String)]);

const orderItem = z.strictObject({
  title: text(500),
  quantity: z.number().int().positive().default(1),
  sku: text(200).optional(),
  imageUrl: mediaUrl.optional(),
});

/**
 * What one message says. A short union, never a tree; `lower` turns what a channel cannot show into what it can.
 * The same schema is the border check of the visitor and desk APIs.
 */
export const contentSchema = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("text"),
    text: text(20_000).pipe(z.string().min(1)),
    /** What a tapped choice or action stands for; the text is its label. */
    value: text(1000).optional(),
  }),
  media("image"),
  media("audio"),
  media("video"),
  media("file"),
  z.strictObject({
    type: z.literal("location"),
    lat: z.number().min(-90).max(90),
    lng: z.number().min(-180).max(180),
    title: text(500).optional(),
    address: text(1000).optional(),
  }),
  z.strictObject({
    type: z.literal("link"),
    url,
    title: text(500),
    description: text(2000).optional(),
    imageUrl: mediaUrl.optional(),
  }),
  card,
  z.strictObject({ type: z.literal("carousel"), cards: z.array(card).min(1).max(10) }),
  z.strictObject({
    type: z.literal("product"),
    productId: z.string().min(1).max(200),
    title: text(500),
    price: price.optional(),
    imageUrl: mediaUrl.optional(),
    url: url.optional(),
  }),
  z.strictObject({
    type: z.literal("order"),
    orderId: z.string().min(1).max(200),
    status: text(200),
    items: z.array(z.union([orderItem, text(500).transform((title) => ({ title, quantity: 1 }))])).max(100),
    total: price.optional(),
    url: url.optional(),
  }),
  z.strictObject({
    type: z.literal("choices"),
    text: text(5000).pipe(z.string().min(1)),
    choices: z
      .array(z.strictObject({ label, value: text(1000).pipe(z.string().min(1)) }))
      .min(1)
      .max(20),
  }),
  z.strictObject({
    type: z.literal("sticker"),
    stickerId: z.string().max(200).optional(),
    packageId: z.string().max(200).optional(),
    emoji: text(50).optional(),
    url: mediaUrl.optional(),
  }),
  z.strictObject({ type: z.literal("system"), code: z.string().max(100), text: text(2000) }),
  z.strictObject({ type: z.literal("unsupported"), kind: z.string().max(200) }),
]);

export type Content = z.output<typeof contentSchema>;
export type ContentType = Content["type"];
export type ContentOf<T extends ContentType> = Extract<Content, { type: T }>;
export type Action = z.output<typeof action>;
export type Card = ContentOf<"card">;
export type Money = z.output<typeof money>;

/** What a shopper may say: no cards with their own actions, no system lines, nothing `unsupported`. */
export const visitorContentSchema = contentSchema.refine(
  (content) =>
    ["text", "image", "audio", "video", "file", "location", "link", "product", "order"].includes(content.type),
  "A shopper's message is a text, a file, a location, a link, a product or an order.",
);

/** The words of a content: what is matched, searched, shown in lists and read aloud. */
export function contentText(content: Content): string {
  switch (content.type) {
    case "text":
    case "system":
      return content.text;
    case "image":
    case "audio":
    case "video":
    case "file":
      return content.alt ?? content.name ?? "";
    case "location":
      return [content.title, content.address].filter(Boolean).join(" ");
    case "link":
      return [content.title, content.description].filter(Boolean).join(" ");
    case "card":
      return [content.title, content.text].filter(Boolean).join(" ");
    case "carousel":
      return content.cards.map(contentText).join(" ");
    case "product":
      return content.title;
    case "order":
      return [content.orderId, content.status, ...content.items.map((item) => item.title)].join(" ");
    case "choices":
      return content.text;
    case "sticker":
      return content.emoji ?? "";
    case "unsupported":
      return "";
  }
}
