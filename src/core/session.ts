export type SessionState = "bot" | "queued" | "agent" | "closed";
export type OpenReason = "first" | "after_silence" | "reopened";
export type ClosedBy = "agent" | "shopper" | "timer" | "bot_confirmed" | "merge" | "erasure";

/** `bot`, `queue`, or the id of the agent who owns the session; a closed session keeps its last owner. */
export type Owner = string;

/** One stretch of service with a contact; it may move between their conversations. */
export interface Session {
  readonly id: string;
  readonly shopId: string;
  readonly contactId: string;
  /** The conversation the contact wrote in last: where replies go. */
  readonly conversationId: string;
  readonly inboxId: string;
  readonly channel: string;
  readonly state: SessionState;
  readonly owner: Owner;
  /** Grows at every change of owner; every outgoing message is committed on the condition that it has not. */
  readonly ownerEpoch: number;
  readonly openReason: OpenReason;
  readonly reopenCount: number;
  readonly openedAt: number;
  readonly lastInboundAt: number;
  readonly lastMessageAt: number;
  readonly queuedAt?: number;
  readonly closedAt?: number;
  readonly closedBy?: ClosedBy;
  readonly ticketId?: string;
  /** BCP 47 tag of the language the contact writes. */
  readonly language?: string;
  /** Misses in a row: the bot had no answer. */
  readonly misses: number;
  readonly flow?: Flow;
  /** Inbound messages since a person last read or answered. */
  readonly unread: number;
  /** What was last said, for the list. */
  readonly preview?: string;
}

/** A question the bot asked and is waiting on: the skill to go on with and what it knows so far. */
export interface Flow {
  readonly skill: string;
  readonly step: string;
  readonly slots: Readonly<Record<string, string>>;
  readonly askedAt: number;
  /** Of a declared flow: this run of it, wrong answers at the step, questions asked. */
  readonly run?: string;
  readonly tries?: number;
  readonly turns?: number;
  /** Of a skill: turns in a row it has stood at this very step, knowing nothing more. */
  readonly stuck?: number;
}

/** A flow the shopper did not return to is forgotten. */
export const FLOW_TTL_MS = 30 * 60_000;

/** A session closed less than this long ago may be reopened. `desk.md` §1. */
const REOPEN_WITHIN_MS = 24 * 3_600_000;

/** What a tapped "go on with my last question" carries. */
export const RESUME_VALUE = "xiaoer:resume";

export type Opening =
  | { readonly kind: "join" }
  | { readonly kind: "reopen" }
  | { readonly kind: "new"; readonly reason: OpenReason };

/** The session open rule: join what is open, reopen what was just closed when it is the same matter, else begin anew. */
export function openingFor(input: {
  readonly last: Pick<Session, "state" | "closedAt"> | undefined;
  readonly sameMatter: boolean;
  readonly now: number;
}): Opening {
  const { last, sameMatter, now } = input;
  if (last === undefined) return { kind: "new", reason: "first" };
  if (last.state !== "closed") return { kind: "join" };
  const fresh = last.closedAt !== undefined && now - last.closedAt < REOPEN_WITHIN_MS;
  return fresh && sameMatter ? { kind: "reopen" } : { kind: "new", reason: "after_silence" };
}

/** Allowed edges and nothing else; `desk.md` §1. `closed` leads back only through the open rule. */
const EDGES: Readonly<Record<SessionState, readonly SessionState[]>> = {
  bot: ["queued", "agent", "closed"],
  queued: ["agent", "bot", "closed"],
  agent: ["queued", "agent", "bot", "closed"],
  closed: ["bot", "queued"],
};

export function canMove(from: SessionState, to: SessionState): boolean {
  return EDGES[from].includes(to);
}
