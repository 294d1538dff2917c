/** What is kept about a person: handed out, held, erased. */
import type { NewAudit } from "./operations.ts";

/** Rows of one table that are about a contact, as they stand in it, less the machinery's own columns. */
export interface PersonalRows {
  readonly table: string;
  readonly rows: readonly Readonly<Record<string, unknown>>[];
}

export interface PrivacyStore {
  /** All rows about a contact and whoever was joined into it, table by table, messages in pages. */
  personalRows(shopId: string, contactId: string): AsyncIterable<PersonalRows>;
  /**
   * Scrubs what identifies the contact or was said by or to them, in one `atomic` list; rows that figures count stay, empty.
   * False: there is no such contact, or a legal hold is on it.
   */
  eraseContact(
    input: { readonly shopId: string; readonly contactId: string; readonly now: number },
    audit?: NewAudit,
  ): Promise<boolean>;
  /** Puts a hold on, or with undefined takes it off. */
  holdContact(
    input: { readonly shopId: string; readonly contactId: string; readonly reason?: string },
    audit?: NewAudit,
  ): Promise<boolean>;
  /** A file gone for good. */
  deleteFile(shopId: string, fileId: string, audit?: NewAudit): Promise<void>;
  /** Drops exports nobody may fetch any more. */
  dropExports(before: number): Promise<void>;
}
