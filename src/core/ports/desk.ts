/** What agents read and change. */
import type { Contact, Identity } from "../contact.ts";
import type { Author, Message } from "../message.ts";
import type { Session, SessionState } from "../session.ts";
import type { Priority, Ticket, TicketContext, TicketStatus } from "../ticket.ts";
import type { WindowFacts } from "../window.ts";
import type { TicketPatch } from "./flow.ts";
import type { Page, PageQuery } from "./page.ts";

export interface SessionFilter extends PageQuery {
  readonly state?: SessionState;
  readonly inboxId?: string;
  readonly assignee?: string;
  readonly contactId?: string;
  readonly q?: string;
}

/** A session as lists show it. */
export interface SessionView extends Session {
  readonly waitingSince?: number;
  readonly contact: Pick<Contact, "id" | "name" | "level" | "locale" | "vip" | "tags">;
  readonly ticket?: TicketView;
  /** Of the conversation the contact wrote in last. */
  readonly window: WindowFacts;
}

/** A ticket without its packet. */
export type TicketView = Omit<Ticket, "context" | "sessionIds"> & {
  readonly sessionId: string;
  readonly reason: TicketContext["reason"];
  readonly summary: string;
};

export interface TicketLogEntry {
  readonly id: string;
  readonly kind: string;
  readonly by?: { readonly id: string; readonly name: string };
  readonly data: Readonly<Record<string, unknown>>;
  readonly at: number;
}

export interface TicketFilter extends PageQuery {
  readonly status?: TicketStatus;
  readonly group?: string;
  readonly assignee?: string;
  readonly priority?: Priority;
  readonly contactId?: string;
  readonly q?: string;
}

/** A message as the desk sees it: with what became of its deliveries. */
export interface MessageView extends Message {
  readonly deliveryId?: string;
  /** Why it is not there yet, or will not be. */
  readonly deliveryCode?: string;
  readonly deliveryDetail?: string;
  readonly recalledAt?: number;
  readonly editedAt?: number;
}

export interface DeskStore {
  session(shopId: string, id: string): Promise<SessionView | undefined>;
  sessions(shopId: string, filter: SessionFilter): Promise<Page<SessionView>>;
  sessionCounts(
    shopId: string,
    userId: string,
  ): Promise<{ bot: number; queued: number; agent: number; mine: number; closed: number }>;
  messagesOf(
    filter: {
      readonly shopId: string;
      readonly sessionId?: string;
      readonly contactId?: string;
      readonly conversationId?: string;
    } & PageQuery,
  ): Promise<Page<MessageView>>;
  ticket(shopId: string, id: string): Promise<(Ticket & { readonly sessionId: string }) | undefined>;
  tickets(shopId: string, filter: TicketFilter): Promise<Page<TicketView>>;
  ticketLog(shopId: string, ticketId: string): Promise<readonly TicketLogEntry[]>;
  addTicketNote(input: {
    readonly shopId: string;
    readonly ticketId: string;
    readonly id: string;
    readonly by: Author;
    readonly text: string;
    readonly now: number;
  }): Promise<boolean>;
  /** Priority and tags: changes that touch no session. */
  patchTicket(input: {
    readonly shopId: string;
    readonly ticketId: string;
    readonly patch: TicketPatch;
    readonly by: Author;
    readonly kind: string;
    readonly now: number;
  }): Promise<boolean>;
  contact(shopId: string, id: string): Promise<Contact | undefined>;
  patchContact(
    shopId: string,
    id: string,
    patch: Partial<Pick<Contact, "name" | "email" | "phone" | "locale" | "level" | "memberId">>,
  ): Promise<void>;
  identitiesOf(
    shopId: string,
    contactId: string,
  ): Promise<
    readonly (Identity & {
      readonly channel: string;
      readonly lastInboundAt?: number;
      readonly conversationId: string;
      readonly window: WindowFacts;
    })[]
  >;
}
