/** Things as tests need them: whole, plausible, and different only in what a test names. */
import type { z } from "zod";
import type { ArticleDraft } from "../../src/core/article.ts";
import type { Content } from "../../src/core/content.ts";
import { type FlowDefinition, flowSchema } from "../../src/core/flow.ts";
import { newId } from "../../src/core/ids.ts";
import type { Correction } from "../../src/core/learning.ts";
import type { Author, Message } from "../../src/core/message.ts";
import type {
  InboundRecord,
  Inbox,
  NewAudit,
  NewParty,
  NewTicket,
  OutboundDraft,
  Party,
  SessionChange,
  User,
} from "../../src/core/ports.ts";
import type { Session } from "../../src/core/session.ts";
import type { Template } from "../../src/core/template.ts";
import type { TicketContext } from "../../src/core/ticket.ts";
import { START } from "./clock.ts";

export const aText = (text = "物流到哪了"): Content => ({ type: "text", text });

export const AGENT: Author = { kind: "agent", id: "usr_lin", name: "林小美" };
export const BOT: Author = { kind: "bot" };

type Said = { readonly text?: string };
const contentOf = ({ text }: Said): Content => aText(text);

export function aMessage({ text, ...fields }: Partial<Message> & Said = {}): Message {
  return {
    id: newId("msg"),
    seq: 1,
    shopId: "shp_tea",
    inboxId: "inb_web",
    channel: "web",
    conversationId: "cnv_mei",
    sessionId: "ses_mei",
    contactId: "con_mei",
    direction: "inbound",
    author: { kind: "contact", name: "梅" },
    content: contentOf({ ...(text === undefined ? {} : { text }) }),
    at: START,
    ...fields,
  };
}

export function aSession(fields: Partial<Session> = {}): Session {
  return {
    id: newId("ses"),
    shopId: "shp_tea",
    contactId: "con_mei",
    conversationId: "cnv_mei",
    inboxId: "inb_web",
    channel: "web",
    state: "bot",
    owner: "bot",
    ownerEpoch: 1,
    openReason: "first",
    reopenCount: 0,
    openedAt: START,
    lastInboundAt: START,
    lastMessageAt: START,
    misses: 0,
    unread: 0,
    ...fields,
  };
}

export function anInbox(fields: Partial<Inbox> = {}): Inbox {
  return {
    id: newId("inb"),
    shopId: "shp_tea",
    channel: "web",
    name: "Web",
    config: {},
    state: "active",
    version: 1,
    createdAt: START,
    ...fields,
  };
}

export function aUser(fields: Partial<User> = {}): User {
  const id = newId("usr");
  return {
    id,
    shopId: "shp_tea",
    email: `${id}@shop.example`,
    name: "林小美",
    role: "agent",
    groups: ["default"],
    passwordHash: "scrypt$none",
    createdAt: START,
    ...fields,
  };
}

/** Who writes for the first time. */
export function aParty({
  user = newId("visitor"),
  ...fields
}: Partial<NewParty> & { readonly user?: string } = {}): NewParty {
  return {
    shopId: "shp_tea",
    inboxId: "inb_web",
    channel: "web",
    sender: { id: user, name: "梅" },
    level: "anonymous",
    address: { to: user },
    now: START,
    ...fields,
  };
}

/** A message of a party on its way into the store. */
export function anArrival({
  text,
  ...fields
}: Partial<InboundRecord> & Said & { readonly party: Party }): InboundRecord {
  return {
    id: newId("msg"),
    channelMessageId: newId("wamid"),
    content: contentOf({ ...(text === undefined ? {} : { text }) }),
    address: fields.party.conversation.address,
    at: START,
    now: START,
    opening: { kind: "new", reason: "first" },
    newSessionId: newId("ses"),
    answerable: true,
    ...fields,
  };
}

/** Something to say, in as many parts as asked; none: the stored message is what the contact reads. */
export function aReply({
  text = "您的包裹今天送达。",
  parts = 1,
  party,
  ...fields
}: Omit<Partial<OutboundDraft>, "parts"> & {
  readonly text?: string;
  readonly parts?: number;
  readonly party: Pick<Party, "conversation">;
}): OutboundDraft {
  const { id, inboxId, channel, address } = party.conversation;
  const content = aText(text);
  return {
    id: newId("msg"),
    conversation: { id, inboxId, channel, address },
    author: BOT,
    content,
    parts: Array.from({ length: parts }, () => ({ id: newId("dlv"), content })),
    ...fields,
  };
}

export function aChange({
  session,
  ...fields
}: Partial<SessionChange> & { readonly session: SessionChange["session"] }): SessionChange {
  const { id, shopId, contactId } = session;
  return { session: { id, shopId, contactId }, fence: {}, patch: {}, say: [], now: START, ...fields };
}

export function aTicketContext(fields: Partial<TicketContext> = {}): TicketContext {
  return {
    reason: { code: "ask_human", words: "转人工" },
    summary: "包裹三天没有动静",
    messages: [],
    attempts: [],
    entities: { orderIds: [], trackingNumbers: [], products: [], phones: [] },
    orders: [],
    profile: { tags: [], pastTickets: 0 },
    language: "zh-CN",
    mood: "calm",
    urgency: "normal",
    identityLevel: "anonymous",
    suggestions: [],
    similar: [],
    promises: [],
    ...fields,
  };
}

export function aTicket(fields: Partial<NewTicket> = {}): NewTicket {
  return {
    id: newId("tic"),
    day: "260615",
    priority: "normal",
    group: "default",
    orderIds: [],
    tags: [],
    context: aTicketContext(),
    ...fields,
  };
}

export function anArticle(fields: Partial<ArticleDraft> = {}): ArticleDraft {
  return {
    question: "多久发货？",
    phrasings: ["什么时候发货"],
    keywords: ["发货"],
    answer: "当天 16 点前的订单当天发出。",
    answers: [],
    ...fields,
  };
}

export function aCorrection(fields: Partial<Correction> = {}): Correction {
  return {
    id: newId("cor"),
    shopId: "shp_tea",
    messageId: newId("msg"),
    sessionId: "ses_mei",
    articleId: "ship",
    articleVersion: 1,
    kind: "wrong",
    note: "说的是旧规则",
    question: "多久发货",
    answer: "当天发出。",
    state: "open",
    byId: "usr_lin",
    byName: "林小美",
    createdAt: START,
    ...fields,
  };
}

/** Asks whether one has it, then its number. */
export function aFlow(fields: Partial<z.input<typeof flowSchema>> = {}): FlowDefinition {
  return flowSchema.parse({
    id: "aid",
    title: { zh: "报修", en: "Repair" },
    steps: [
      { id: "model", slot: "model", ask: { "zh-CN": "什么型号？", en: "Which model?" }, validate: { kind: "text" } },
      { id: "order", slot: "order", ask: { "zh-CN": "订单号？", en: "Order?" }, validate: { kind: "order-number" } },
    ],
    finish: { message: { "zh-CN": "收到，已登记。", en: "Got it." } },
    ...fields,
  });
}

export function aTemplate(fields: Partial<Template> = {}): Template {
  return {
    id: newId("tpl"),
    shopId: "shp_tea",
    inboxId: "inb_web",
    name: "发货通知",
    locale: "zh_CN",
    vendorId: "order_update",
    params: [
      { key: "1", label: "称呼" },
      { key: "2", label: "订单号" },
    ],
    text: "{{1}}您好，您的订单 {{2}} 已发货。",
    createdAt: START,
    ...fields,
  };
}

export function anAudit(fields: Partial<NewAudit> = {}): NewAudit {
  return {
    shopId: "shp_tea",
    at: START,
    actor: "usr_lin",
    action: "article.publish",
    result: "ok",
    data: {},
    ...fields,
  };
}
