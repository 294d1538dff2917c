/** Files that platforms keep for us until we fetch them: work that is due is a row. */
import type { Content } from "../content.ts";
import type { MediaCode } from "../media.ts";
import type { Message } from "../message.ts";
import type { StoredFile } from "./operations.ts";

/** A file to be fetched, leased to the caller until `leaseUntil`, which is also what proves it. */
export interface MediaWork {
  readonly message: Message;
  readonly ref: string;
  /** This try's number, from 1. */
  readonly tries: number;
  readonly leaseUntil: number;
}

export type MediaOutcome =
  | { readonly kind: "stored"; readonly file: StoredFile; readonly content: Content }
  | { readonly kind: "failed"; readonly code: MediaCode; readonly content: Content }
  | { readonly kind: "later"; readonly at: number };

export interface MediaStore {
  /** Inboxes with files that are due. */
  mediaInboxes(now: number, limit: number): Promise<readonly string[]>;
  /** Takes due files of one inbox; each is leased to the caller for `MEDIA_LEASE_MS`. */
  claimMedia(input: {
    readonly inboxId: string;
    readonly now: number;
    readonly limit: number;
  }): Promise<readonly MediaWork[]>;
  /** What was leased until then, if it still is. */
  leasedMedia(input: {
    readonly shopId: string;
    readonly messageId: string;
    readonly leaseUntil: number;
  }): Promise<MediaWork | undefined>;
  /**
   * Ends a try: file, message and event in one list. The contact's share of the day is looked at in the same list.
   * `lost`: the lease was another's by then, and nothing happened.
   */
  settleMedia(work: MediaWork, outcome: MediaOutcome, now: number): Promise<"stored" | "failed" | "later" | "lost">;
  /** What was given up, once more from the beginning; false when there is no such thing. */
  retryMedia(input: { readonly shopId: string; readonly messageId: string; readonly now: number }): Promise<boolean>;
  /** Bytes a contact sent us since a time, in all their conversations. */
  contactBytesSince(contactId: string, since: number): Promise<number>;
}
