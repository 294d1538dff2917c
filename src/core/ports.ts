/** What the desk needs of the world outside it: the store, the inboxes, the log. */
import type { Adapter } from "./adapter.ts";
import type { LearningStore } from "./learning.ts";
import type { AccountStore, Inbox } from "./ports/accounts.ts";
import type { DeskStore } from "./ports/desk.ts";
import type { DutyStore } from "./ports/duty.ts";
import type { EventStore } from "./ports/events.ts";
import type { FlowStore } from "./ports/flow.ts";
import type { ShopFlowStore } from "./ports/flows.ts";
import type { IdentityStore } from "./ports/identity.ts";
import type { IndexSnapshotStore } from "./ports/index-snapshots.ts";
import type { KnowledgeStore } from "./ports/knowledge.ts";
import type { MediaStore } from "./ports/media.ts";
import type { OperationsStore } from "./ports/operations.ts";
import type { OutboxStore } from "./ports/outbox.ts";
import type { PrivacyStore } from "./ports/privacy.ts";
import type { WindowStore } from "./ports/windows.ts";

export type * from "./ports/accounts.ts";
export type * from "./ports/desk.ts";
export type * from "./ports/duty.ts";
export type * from "./ports/events.ts";
export type * from "./ports/flow.ts";
export type * from "./ports/flows.ts";
export type * from "./ports/identity.ts";
export type * from "./ports/index-snapshots.ts";
export type * from "./ports/knowledge.ts";
export type * from "./ports/media.ts";
export type * from "./ports/operations.ts";
export type * from "./ports/outbox.ts";
export type * from "./ports/page.ts";
export type * from "./ports/privacy.ts";
export type * from "./ports/windows.ts";

/** All of the SQL, by what the desk does. One implementation, three engines. */
export interface Store
  extends FlowStore,
    OutboxStore,
    WindowStore,
    MediaStore,
    DeskStore,
    DutyStore,
    IdentityStore,
    EventStore,
    KnowledgeStore,
    IndexSnapshotStore,
    LearningStore,
    ShopFlowStore,
    AccountStore,
    PrivacyStore,
    OperationsStore {
  close(): Promise<void>;
}

/** The running inboxes: an adapter for each, made from its stored configuration. */
export interface Inboxes {
  /** Undefined: no such inbox. @throws {UnavailableError} `inbox.not_running` when its configuration cannot start. */
  get(inboxId: string): Promise<{ readonly inbox: Inbox; readonly adapter: Adapter } | undefined>;
}

export interface Logger {
  debug(data: object, message: string): void;
  info(data: object, message: string): void;
  warn(data: object, message: string): void;
  error(data: object, message: string): void;
}
