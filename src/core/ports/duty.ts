/** Who is there, and how long the queue is. */
import type { DutyMark, Presence } from "../duty.ts";
import type { Priority } from "../ticket.ts";

/** A session of an agent who is gone. */
export interface LeftChat {
  readonly shopId: string;
  readonly sessionId: string;
  readonly ticketId: string;
  readonly agentId: string;
}

interface Whose {
  readonly shopId: string;
  readonly userId: string;
}

export interface DutyStore {
  /** A live stream of an agent is alive. */
  beat(beat: Whose & { readonly now: number }): Promise<void>;
  markDuty(change: Whose & { readonly mark: DutyMark }): Promise<void>;
  /** Everyone who was ever seen by a live stream. */
  presence(shopId: string): Promise<readonly Presence[]>;
  /** Who serves shoppers and has called since: an agent may work without a stream. */
  calledSince(shopId: string, since: number): Promise<readonly string[]>;
  /** Chats of agents last seen before `before`, who had them while they were seen and have done nothing in them since. */
  leftChats(before: number, limit: number): Promise<readonly LeftChat[]>;
  /** How many are before this one: by priority, then by time. `priority`: of a session that is not queued yet. */
  queuePosition(shopId: string, sessionId: string, priority?: Priority): Promise<number>;
  /** From claim to resolution, of the tickets resolved last. */
  handledMs(shopId: string, limit: number): Promise<readonly number[]>;
  /** The next ticket's number, taken: what is not used is left out. */
  takeTicketNumber(shopId: string, day: string): Promise<string>;
}
