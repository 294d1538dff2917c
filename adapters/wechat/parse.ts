import { z } from "zod";
import type { InboundEvent } from "../../src/core/adapter.ts";
import type { Content } from "../../src/core/content.ts";
import { soundContent, wireId, wireText } from "../shared/wire.ts";
import type { Fields } from "./verify.ts";

/** A number that XML, and some JSON, bring as text. */
const wireNumber = z.union([
  z.number(),
  z
    .string()
    .trim()
    .regex(/^-?\d{1,13}(?:\.\d{1,12})?$/)
    .transform(Number),
]);
const seconds = wireNumber.pipe(z.int().min(0).max(99_999_999_999));
const link = z
  .string()
  .regex(/^https?:\/\//)
  .optional()
  .catch(undefined);

/** https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Receiving_standard_messages.html */
const frameSchema = z.object({ FromUserName: wireId, CreateTime: seconds, MsgType: wireText.pipe(z.string().min(1)) });
type Frame = z.output<typeof frameSchema>;

const eventSchema = z.object({
  Event: wireText.pipe(z.string().min(1)),
  EventKey: wireText.optional().catch(undefined),
});
const sessionSchema = z.object({ SessionFrom: wireText.pipe(z.string().max(1000)) });
const scannedSchema = z.object({ ScanCodeInfo: z.object({ ScanResult: wireText.pipe(z.string().min(1)) }) });

/** One push is one event of ours. Pure, and total: what is not known is `unsupported`. */
export function parsePush(push: Fields): InboundEvent {
  const frame = frameSchema.safeParse(push).data;
  if (frame === undefined) return { type: "unsupported", kind: "unknown", raw: push };
  if (frame.MsgType === "event") return parseEvent(push, frame);
  // A kind nobody knows was said by a person all the same.
  const content = soundContent(
    READERS.get(frame.MsgType)?.(push) ?? { type: "unsupported", kind: frame.MsgType.slice(0, 100) },
  );
  const mediaRef = "fileId" in content ? content.fileId : undefined;
  // To tap an item of our menu is to tap a menu, and opens no window of 48 hours.
  const isTap = content.type === "text" && content.value !== undefined;
  const id = wireId.safeParse(push.MsgId ?? push.MsgID).data ?? keyOf(frame);
  return {
    type: "message",
    message: {
      channelMessageId: id,
      ...from(frame),
      content,
      ...(mediaRef === undefined ? {} : { mediaRef }),
      ...(isTap ? { opens: "joined" as const } : {}),
    },
  };
}

/** What each kind of message says; undefined when it is not as documented. */
const KINDS = {
  // An item of our menu, when tapped, says its label and brings its id.
  text: reads(z.object({ Content: wireText, bizmsgmenuid: wireId.optional() }), (said) => {
    const { Content: text, bizmsgmenuid: value } = said;
    return value === undefined ? { type: "text", text } : { type: "text", text, value };
  }),
  // The link is short-lived; the id holds for three days.
  image: reads(z.object({ MediaId: wireId.optional(), PicUrl: link }), ({ MediaId: fileId, PicUrl: url }) => {
    if (fileId !== undefined) return { type: "image", fileId };
    return url === undefined ? undefined : { type: "image", url };
  }),
  voice: reads(z.object({ MediaId: wireId, Recognition: wireText.optional() }), (said) => {
    return { type: "audio", fileId: said.MediaId, mime: "audio/amr", alt: said.Recognition || undefined };
  }),
  video: reads(z.object({ MediaId: wireId }), toVideo),
  shortvideo: reads(z.object({ MediaId: wireId }), toVideo),
  location: reads(z.object({ Location_X: wireNumber, Location_Y: wireNumber, Label: wireText.optional() }), (said) => {
    return { type: "location", lat: said.Location_X, lng: said.Location_Y, title: said.Label || undefined };
  }),
  link: reads(z.object({ Title: wireText, Description: wireText.optional(), Url: wireText }), (said) => {
    return { type: "link", url: said.Url, title: said.Title, description: said.Description || undefined };
  }),
  // A page of the shop's mini-program, shared into the chat: mostly a product or an order, which its path names.
  miniprogrampage: reads(z.object({ Title: wireText, PagePath: wireText, ThumbUrl: link }), (said) => {
    const { Title, PagePath: text, ThumbUrl: imageUrl } = said;
    return { type: "card", title: Title || text, text, imageUrl, actions: [] };
  }),
};

/** A kind is the platform's word, and may be the name of what every object has. */
const READERS = new Map<string, (push: Fields) => Content | undefined>(Object.entries(KINDS));

function reads<T>(schema: z.ZodType<T>, toContent: (said: T) => Content | undefined) {
  return (push: Fields): Content | undefined => {
    const said = schema.safeParse(push);
    return said.success ? toContent(said.data) : undefined;
  };
}

function toVideo({ MediaId: fileId }: { readonly MediaId: string }): Content {
  return { type: "video", fileId, mime: "video/mp4" };
}

/** https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Receiving_event_pushes.html */
function parseEvent(push: Fields, frame: Frame): InboundEvent {
  const event = eventSchema.safeParse(push).data;
  const raw = push;
  if (event === undefined) return { type: "unsupported", kind: "event", raw };
  const { Event: name, EventKey: key } = event;
  const come = (payload: string | undefined) => presence("joined", frame, name, payload);
  switch (name.toLowerCase()) {
    case "subscribe":
      // Followed by a code of ours: the scene stands after this mark. https://developers.weixin.qq.com/doc/offiaccount/Account_Management/Generating_a_Parametric_QR_Code.html
      return come(key?.replace(/^qrscene_/, ""));
    case "scan":
      return come(key);
    case "user_enter_tempsession":
      // Set by the page's button, so by anybody.
      return come(sessionSchema.safeParse(push).data?.SessionFrom);
    case "unsubscribe":
      return presence("left", frame, name);
    case "click":
      return chosen(frame, name, { type: "text", text: key ?? "", value: key }, raw);
    case "scancode_waitmsg":
      // WeChat shows the person that an answer is awaited.
      return chosen(
        frame,
        name,
        { type: "text", text: scannedSchema.safeParse(push).data?.ScanCodeInfo.ScanResult ?? "" },
        raw,
      );
    default:
      return { type: "unsupported", kind: `event.${name.slice(0, 100)}`, raw };
  }
}

function presence(kind: "joined" | "left", frame: Frame, name: string, payload?: string): InboundEvent {
  return {
    type: "presence",
    kind,
    channelMessageId: keyOf(frame, name),
    ...from(frame),
    ...(payload ? { payload } : {}),
  };
}

/** An item of the account's own menu speaks for the person who tapped it. */
function chosen(frame: Frame, name: string, content: Content, raw: Fields): InboundEvent {
  const sound = soundContent(content);
  if (sound.type === "unsupported") return { type: "unsupported", kind: `event.${name.slice(0, 100)}`, raw };
  return {
    type: "message",
    message: { channelMessageId: keyOf(frame, name), ...from(frame), content: sound, opens: "joined" },
  };
}

function from(frame: Frame) {
  const { FromUserName: openid, CreateTime } = frame;
  return { sender: { id: openid }, address: { openid }, at: CreateTime * 1000 };
}

/** What WeChat documents as the key of pushes without an id, and the event's name, since two may fall into one second. */
function keyOf({ FromUserName, CreateTime, MsgType }: Frame, event = MsgType): string {
  return `${FromUserName}:${CreateTime}:${event.slice(0, 100)}`;
}
