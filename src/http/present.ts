/** Rows as the contract shows them: ISO times, masked personal fields, nothing else. */

import { type Contact, maskEmail, maskPhone } from "../core/contact.ts";
import type { Delivery } from "../core/delivery.ts";
import type { MessageView, SessionView, StoredArticle, Task, TicketLogEntry, TicketView } from "../core/ports.ts";
import type { Ticket } from "../core/ticket.ts";
import { staleVariants } from "../core/translation.ts";
import type { Window } from "../core/window.ts";
import { toArticleBody } from "../desk/article-body.ts";
import type { Deps } from "../desk/deps.ts";
import { withBrowserLink } from "../desk/file-links.ts";

export const iso = (at: number): string => new Date(at).toISOString();
const optional = <K extends string, V>(key: K, value: V | undefined | null): { [P in K]?: V } =>
  value === undefined || value === null ? {} : ({ [key]: value } as { [P in K]?: V });
const time = <K extends string>(key: K, at: number | undefined): { [P in K]?: string } =>
  optional(key, at === undefined ? undefined : iso(at));

/** A message with links that work in the viewer's browser. */
export async function presentMessage(desk: Pick<Deps, "filePath">, message: MessageView, viewer: "visitor" | "desk") {
  return toMessageJson({ ...message, content: await withBrowserLink(desk, message.content) }, viewer);
}

function toMessageJson(message: MessageView, viewer: "visitor" | "desk") {
  const { author, content } = message;
  return {
    id: message.id,
    seq: message.seq,
    sessionId: message.sessionId,
    conversationId: message.conversationId,
    direction: message.direction,
    author: {
      kind: author.kind,
      ...(viewer === "desk" || author.kind === "agent" ? optional("id", author.id) : {}),
      ...optional("name", author.name),
    },
    channel: message.channel,
    content: message.recalledAt === undefined ? content : { type: "system" as const, code: "recalled", text: "" },
    ...optional("media", message.recalledAt === undefined ? message.media : undefined),
    at: iso(message.at),
    ...(message.direction === "outbound"
      ? { delivery: message.delivery === "dropped" ? ("failed" as const) : (message.delivery ?? "pending") }
      : {}),
    ...optional("articleId", message.articleId),
    ...optional("clientId", message.clientId),
    ...time("editedAt", message.editedAt),
    ...time("recalledAt", message.recalledAt),
    ...(viewer === "desk"
      ? {
          ...optional("articleVersion", message.articleVersion),
          ...optional("score", message.score),
          ...optional("deliveryId", message.deliveryId),
          ...optional("deliveryCode", message.deliveryCode),
          ...optional("deliveryDetail", message.deliveryDetail),
        }
      : {}),
  };
}

export function toTicketSummary(ticket: TicketView | Ticket) {
  const { reason, summary } =
    "context" in ticket ? { reason: ticket.context.reason, summary: ticket.context.summary } : ticket;
  return {
    id: ticket.id,
    number: ticket.number,
    status: ticket.status,
    priority: ticket.priority,
    group: ticket.group,
    ...optional("assignee", ticket.assignee),
    contactId: ticket.contactId,
    sessionIds: "sessionIds" in ticket ? ticket.sessionIds : [ticket.sessionId],
    orderIds: ticket.orderIds,
    tags: ticket.tags,
    reason,
    summary,
    version: ticket.version,
    createdAt: iso(ticket.createdAt),
    ...time("claimedAt", ticket.claimedAt),
    ...time("firstReplyAt", ticket.firstReplyAt),
    ...time("resolvedAt", ticket.resolvedAt),
  };
}

export function toSessionJson(
  session: SessionView,
  names: { readonly owner?: string; readonly inbox?: string; readonly assignee?: string },
  window?: Window,
) {
  return {
    id: session.id,
    state: session.state,
    owner: session.owner,
    ...optional("ownerName", names.owner),
    ownerEpoch: session.ownerEpoch,
    contact: {
      id: session.contact.id,
      ...optional("name", session.contact.name),
      level: session.contact.level,
      ...optional("locale", session.contact.locale),
      vip: session.contact.vip,
      tags: session.contact.tags,
    },
    channel: session.channel,
    inboxId: session.inboxId,
    ...optional("inboxName", names.inbox),
    conversationId: session.conversationId,
    ...optional("ticketId", session.ticketId),
    ...(session.ticket === undefined
      ? {}
      : { ticket: { ...toTicketSummary(session.ticket), ...optional("assigneeName", names.assignee) } }),
    ...optional("preview", session.preview),
    unread: session.unread,
    misses: session.misses,
    ...optional("language", session.language),
    openReason: session.openReason,
    reopenCount: session.reopenCount,
    openedAt: iso(session.openedAt),
    lastInboundAt: iso(session.lastInboundAt),
    lastMessageAt: iso(session.lastMessageAt),
    ...time("queuedAt", session.queuedAt),
    ...time("waitingSince", session.waitingSince),
    ...time("closedAt", session.closedAt),
    ...optional("closedBy", session.closedBy),
    ...optional("window", window === undefined ? undefined : toWindowJson(window)),
  };
}

/** How the contact may be written to; `closesAt` is when nothing may be written freely any more. */
export function toWindowJson(window: Window) {
  const { open, route, closesAt, messagesLeft, alternatives } = window;
  return {
    open,
    ...time("closesAt", closesAt),
    ...optional("messagesLeft", messagesLeft),
    ...optional("route", route?.name),
    ...optional("cost", route?.cost),
    alternatives: alternatives.map(({ name, cost, template }) => ({
      route: name,
      cost,
      ...(template === undefined ? {} : { template: true as const }),
    })),
  };
}

export function toLogJson(entry: TicketLogEntry) {
  return { id: entry.id, kind: entry.kind, ...optional("by", entry.by), at: iso(entry.at), data: entry.data };
}

export function toNoteJson(entry: TicketLogEntry) {
  return {
    id: entry.id,
    author: entry.by ?? { id: "", name: "" },
    text: String(entry.data.text ?? ""),
    at: iso(entry.at),
  };
}

/** Personal fields are masked; `masked` names them, so that nobody takes `138****6721` for the truth. */
export function toContactJson(contact: Contact) {
  const masked = [...(contact.phone === undefined ? [] : ["phone"]), ...(contact.email === undefined ? [] : ["email"])];
  return {
    id: contact.id,
    ...optional("name", contact.name),
    ...optional("phone", contact.phone === undefined ? undefined : maskPhone(contact.phone)),
    ...optional("email", contact.email === undefined ? undefined : maskEmail(contact.email)),
    masked,
    ...optional("locale", contact.locale),
    level: contact.level,
    ...optional("memberId", contact.memberId),
    ...optional("mergedInto", contact.mergedInto),
    vip: contact.vip,
    tags: contact.tags,
    createdAt: iso(contact.createdAt),
    ...optional("erasedAt", contact.erasedAt === undefined ? undefined : iso(contact.erasedAt)),
    ...optional("legalHold", contact.legalHold),
  };
}

/** A version that has reached everyone is the published one, whoever looks when. */
export function toArticleJson(article: StoredArticle, now: number, starters?: { readonly stepBack: boolean }) {
  const { next, starterVersion } = article;
  const arrived = next !== undefined && next.percent >= 100 && next.from <= now;
  const publishedVersion = arrived ? next.version : article.publishedVersion;
  return {
    id: article.id,
    ...toArticleBody(article),
    status: publishedVersion === article.version ? ("published" as const) : ("draft" as const),
    version: article.version,
    ...optional("publishedVersion", publishedVersion),
    ...optional("ownerId", article.ownerId),
    ...reviewJson(article),
    ...(starterVersion === undefined ? {} : { starter: true as const }),
    ...(starters?.stepBack &&
    starterVersion === publishedVersion &&
    publishedVersion !== undefined &&
    article.skill === undefined
      ? { steppedBack: true as const }
      : {}),
    ...optional("sourceVersion", article.sourceVersion),
    ...(staleVariants(article).length > 0 ? { stale: true as const } : {}),
    ...(next === undefined || arrived
      ? {}
      : { rollout: { version: next.version, percent: next.percent, from: iso(next.from) } }),
    createdAt: iso(article.createdAt),
    updatedAt: iso(article.updatedAt),
  };
}

/** Who asks to have it looked at, or what whoever looked wants changed first. */
function reviewJson({ review, sentBack, version }: StoredArticle) {
  return {
    ...(review === undefined
      ? {}
      : {
          review: {
            by: { id: review.byId, name: review.by },
            at: iso(review.at),
            version: review.version,
            ...optional("note", review.note),
            ...(version > review.version ? { changed: true as const } : {}),
          },
        }),
    ...(sentBack === undefined
      ? {}
      : {
          sentBack: {
            by: { id: sentBack.byId, name: sentBack.by },
            at: iso(sentBack.at),
            version: sentBack.version,
            reason: sentBack.reason,
          },
        }),
  };
}

export function toDeliveryJson(delivery: Delivery & { readonly settledAt?: number }) {
  return {
    id: delivery.id,
    messageId: delivery.messageId,
    sessionId: delivery.sessionId,
    inboxId: delivery.inboxId,
    state: delivery.state,
    attempts: delivery.attempts,
    repeats: delivery.repeats,
    ...optional("code", delivery.code),
    ...optional("detail", delivery.detail),
    content: delivery.content,
    createdAt: iso(delivery.createdAt),
    ...time("settledAt", delivery.settledAt),
  };
}

export function toTaskJson(task: Task) {
  return {
    id: task.id,
    kind: task.kind,
    state: task.state,
    progress: { done: task.done, total: task.total },
    ...optional("result", task.result),
    ...(task.errors.length === 0 ? {} : { errors: task.errors }),
    createdAt: iso(task.createdAt),
  };
}
