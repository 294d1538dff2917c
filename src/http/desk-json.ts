/** What several of the desk's routes answer with. */
import type { Contact } from "../core/contact.ts";
import { NotFoundError } from "../core/errors.ts";
import type { Actor, HttpDeps } from "./context.ts";
import { present } from "./fields.ts";
import { deskSession } from "./frames.ts";
import type { Paging } from "./paging.ts";
import { presentMessage, toLogJson, toNoteJson, toTicketSummary } from "./present.ts";

export async function sessionOr404(http: HttpDeps, actor: Actor, id: string) {
  const session = await deskSession(http.desk, actor.shopId, id);
  if (session === undefined) throw new NotFoundError("session.not_found", "There is no such session.");
  return session;
}

export async function contactOr404(http: HttpDeps, actor: Actor, id: string): Promise<Contact> {
  const contact = await http.desk.store.contact(actor.shopId, id);
  if (contact === undefined) throw new NotFoundError("contact.not_found", "There is no such contact.");
  return contact;
}

export async function contactBrief(http: HttpDeps, actor: Actor, id: string) {
  const contact = await http.desk.store.contact(actor.shopId, id);
  return contact === undefined ? { id } : present({ id, name: contact.name, level: contact.level, vip: contact.vip });
}

export async function assigneeName(http: HttpDeps, assignee: string | undefined) {
  const user = assignee === undefined ? undefined : await http.desk.store.user(assignee);
  return user === undefined ? {} : { assigneeName: user.name };
}

export async function ticketJson(http: HttpDeps, actor: Actor, id: string) {
  const ticket = await http.desk.store.ticket(actor.shopId, id);
  if (ticket === undefined) throw new NotFoundError("ticket.not_found", "There is no such ticket.");
  const [log, contact, name] = await Promise.all([
    http.desk.store.ticketLog(actor.shopId, id),
    contactBrief(http, actor, ticket.contactId),
    assigneeName(http, ticket.assignee),
  ]);
  return {
    ...toTicketSummary(ticket),
    ...name,
    contact,
    context: ticket.context,
    notes: log.filter((entry) => entry.kind === "note").map(toNoteJson),
    activity: log.filter((entry) => entry.kind !== "note").map(toLogJson),
  };
}

export async function ticketAndSession(http: HttpDeps, actor: Actor, ticketId: string) {
  const ticket = await ticketJson(http, actor, ticketId);
  const sessionId = ticket.sessionIds[0];
  return {
    ...ticket,
    ticket,
    session: sessionId === undefined ? undefined : await deskSession(http.desk, actor.shopId, sessionId),
  };
}

export async function messagePage(
  http: HttpDeps,
  paging: Paging,
  actor: Actor,
  of: { readonly sessionId: string } | { readonly contactId: string },
  query: { readonly limit: number; readonly cursor?: string | undefined },
) {
  const scope = `messages|${actor.shopId}|${Object.values(of).join()}`;
  const cursor = await paging.open(query.cursor, scope);
  const page = await http.desk.store.messagesOf({
    shopId: actor.shopId,
    ...of,
    limit: query.limit,
    ...(cursor === undefined ? {} : { cursor }),
  });
  const shown = await Promise.all(page.items.map((message) => presentMessage(http.desk, message, "desk")));
  return paging.close({ ...page, items: shown }, scope, (message) => message);
}
