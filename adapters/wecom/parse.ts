import { z } from "zod";
import type { InboundEvent } from "../../src/core/adapter.ts";
import type { Content } from "../../src/core/content.ts";
import { soundContent, wireId, wireText } from "../shared/wire.ts";

const url = z.string().regex(/^https?:\/\//);
const filled = wireText.pipe(z.string().min(1));
const seconds = z.int().min(0).max(99_999_999_999);

/** https://developer.work.weixin.qq.com/document/path/94670 */
const frameSchema = z.object({
  msgid: wireId,
  open_kfid: wireId,
  send_time: seconds,
  origin: z.int(),
  msgtype: filled,
});
const personSchema = z.object({ external_userid: wireId });
type Frame = z.output<typeof frameSchema> & z.output<typeof personSchema>;

const fileSchema = z.object({ media_id: wireId });
const MEDIA = new Map<string, { readonly type: "image" | "audio" | "video" | "file"; readonly mime?: string }>([
  ["image", { type: "image" }],
  ["voice", { type: "audio", mime: "audio/amr" }],
  ["video", { type: "video", mime: "video/mp4" }],
  ["file", { type: "file" }],
]);
const said = {
  text: z.object({ text: z.object({ content: wireText, menu_id: wireId.optional().catch(undefined) }) }),
  location: z.object({
    location: z.object({
      latitude: z.number(),
      longitude: z.number(),
      name: wireText.optional(),
      address: wireText.optional(),
    }),
  }),
  link: z.object({
    link: z.object({ title: wireText, desc: wireText.optional(), url, pic_url: url.optional().catch(undefined) }),
  }),
  miniprogram: z.object({ miniprogram: z.object({ title: filled, pagepath: wireText.optional() }) }),
  product: z.object({
    channels_shop_product: z.object({
      product_id: wireId,
      title: filled,
      head_image: url.optional().catch(undefined),
      sales_price: wireText.optional().catch(undefined),
    }),
  }),
  order: z.object({
    channels_shop_order: z.object({
      order_id: wireId,
      product_titles: wireText.optional(),
      price_wording: wireText.optional(),
      state: wireText.optional(),
      image_url: url.optional().catch(undefined),
    }),
  }),
};

const eventSchema = z.object({
  event: z.object({
    event_type: filled,
    // An event about a person names them here and not outside.
    external_userid: wireId.optional().catch(undefined),
    scene: wireText.optional().catch(undefined),
    scene_param: wireText.optional().catch(undefined),
    welcome_code: wireId.optional().catch(undefined),
    fail_msgid: wireId.optional().catch(undefined),
    fail_type: z.int().optional().catch(undefined),
    recall_msgid: wireId.optional().catch(undefined),
  }),
});

/** Who said it. */
const [CUSTOMER, SYSTEM] = [3, 4];
/** How long a welcome may be said. https://developer.work.weixin.qq.com/document/path/95122 */
const WELCOME_MS = 20_000;

/** One item of a pull is one event of ours. Pure, and total: what is not known is `unsupported`. */
export function parseItem(item: unknown): InboundEvent {
  const raw = item;
  const frame = frameSchema.safeParse(item).data;
  if (frame === undefined) return { type: "unsupported", kind: "unknown", raw };
  if (frame.origin === SYSTEM || frame.msgtype === "event") {
    const name = eventSchema.safeParse(item).data?.event.event_type.slice(0, 100) ?? "unknown";
    return parseEvent(item, frame) ?? { type: "unsupported", kind: `event.${name}`, raw };
  }
  const person = personSchema.safeParse(item).data;
  // Said by one of the shop's own people in WeCom's app: no words of the contact's.
  if (frame.origin !== CUSTOMER || person === undefined) {
    return { type: "unsupported", kind: `agent.${frame.msgtype.slice(0, 100)}`, raw };
  }
  const content = soundContent(
    toContent(frame.msgtype, item) ?? { type: "unsupported", kind: frame.msgtype.slice(0, 100) },
  );
  const mediaRef = "fileId" in content ? content.fileId : undefined;
  const about = from({ ...frame, ...person });
  return {
    type: "message",
    message: { channelMessageId: frame.msgid, ...about, content, ...(mediaRef === undefined ? {} : { mediaRef }) },
  };
}

function toContent(type: string, item: unknown): Content | undefined {
  const media = MEDIA.get(type);
  if (media !== undefined) {
    const file = fileSchema.safeParse(Object(item)[type]).data;
    return file && { ...media, fileId: file.media_id };
  }
  switch (type) {
    case "text":
      return toText(said.text.safeParse(item).data);
    case "location":
      return toLocation(said.location.safeParse(item).data);
    case "link": {
      const link = said.link.safeParse(item).data?.link;
      return (
        link && {
          type: "link",
          url: link.url,
          title: link.title,
          description: link.desc || undefined,
          imageUrl: link.pic_url,
        }
      );
    }
    case "miniprogram": {
      const page = said.miniprogram.safeParse(item).data?.miniprogram;
      return page && { type: "card", title: page.title, text: page.pagepath || undefined, actions: [] };
    }
    case "channels_shop_product":
      return toProduct(said.product.safeParse(item).data);
    case "channels_shop_order":
      return toOrder(said.order.safeParse(item).data);
    default:
      return undefined;
  }
}

type Said<T extends keyof typeof said> = z.output<(typeof said)[T]> | undefined;

/** An item of a menu, when tapped, says its words and brings its id. */
function toText(message: Said<"text">): Content | undefined {
  if (message === undefined) return undefined;
  const { content: text, menu_id: value } = message.text;
  return { type: "text", text, ...(value === undefined ? {} : { value }) };
}

function toLocation(message: Said<"location">): Content | undefined {
  if (message === undefined) return undefined;
  const { latitude: lat, longitude: lng, name, address } = message.location;
  return { type: "location", lat, lng, title: name || undefined, address: address || undefined };
}

function toProduct(message: Said<"product">): Content | undefined {
  if (message === undefined) return undefined;
  const { product_id: productId, title, head_image: imageUrl, sales_price } = message.channels_shop_product;
  // In fen of the one currency the shops of WeChat have.
  const price = /^\d{1,12}$/.test(sales_price ?? "") ? { amount: Number(sales_price), currency: "CNY" } : sales_price;
  return { type: "product", productId, title, imageUrl, price };
}

function toOrder(message: Said<"order">): Content | undefined {
  if (message === undefined) return undefined;
  const {
    order_id: orderId,
    product_titles: title,
    price_wording,
    state = "",
    image_url,
  } = message.channels_shop_order;
  const items = title ? [{ title, quantity: 1, imageUrl: image_url }] : [];
  return { type: "order", orderId, status: state, items, total: price_wording?.slice(0, 50) };
}

/** https://developer.work.weixin.qq.com/document/path/94670#事件消息 */
function parseEvent(item: unknown, frame: z.output<typeof frameSchema>): InboundEvent | undefined {
  const event = eventSchema.safeParse(item).data?.event;
  const at = frame.send_time * 1000;
  switch (event?.event_type) {
    case "enter_session": {
      if (event.external_userid === undefined) return undefined;
      const { sender, address } = from({ ...frame, external_userid: event.external_userid });
      const payload = event.scene_param || event.scene;
      const welcome: Record<string, string> =
        event.welcome_code === undefined
          ? {}
          : { welcomeCode: event.welcome_code, welcomeUntil: String(at + WELCOME_MS) };
      const came = { channelMessageId: frame.msgid, sender, address: { ...address, ...welcome }, at };
      return { type: "presence", kind: "joined", ...came, ...(payload ? { payload } : {}) };
    }
    case "msg_send_fail": {
      if (event.fail_msgid === undefined) return undefined;
      const detail = FAILURES[event.fail_type ?? 0] ?? "WeCom could not deliver it.";
      return { type: "status", channelMessageId: event.fail_msgid, status: "failed", at, detail };
    }
    case "user_recall_msg":
      return event.recall_msgid === undefined
        ? undefined
        : { type: "recall", channelMessageId: event.recall_msgid, at };
    default:
      return undefined;
  }
}

const FAILURES: Readonly<Record<number, string>> = {
  1: "The customer-service account was deleted.",
  2: "The app was closed.",
  4: "The contact last wrote more than 48 hours ago.",
  5: "The session is closed.",
  6: "More than 5 messages since the contact last wrote.",
  10: "The contact refuses messages.",
};

function from({ external_userid: userId, open_kfid: openKfId, send_time }: Frame) {
  return { sender: { id: userId }, address: { userId, openKfId }, at: send_time * 1000 };
}
