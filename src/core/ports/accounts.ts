/** Shops, people, inboxes, tokens. */
import type { NewAudit } from "./operations.ts";

export type Role = "agent" | "supervisor" | "editor" | "admin" | "auditor";

export interface User {
  readonly id: string;
  readonly shopId: string;
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly groups: readonly string[];
  readonly passwordHash: string;
  readonly disabledAt?: number;
  readonly createdAt: number;
}

export interface Shop {
  readonly id: string;
  readonly name: string;
  readonly locale: string;
  readonly timeZone: string;
  readonly settings: Readonly<Record<string, unknown>>;
  /** Grows at every change; absent: never changed. */
  readonly version?: number | null;
}

/** An inbox as stored: secrets in `config` are sealed. */
export interface Inbox {
  readonly id: string;
  readonly shopId: string;
  readonly channel: string;
  readonly name: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly state: "active" | "paused" | "error";
  readonly stateDetail?: string;
  readonly version: number;
  readonly createdAt: number;
}

export interface AccountStore {
  shop(id: string): Promise<Shop | undefined>;
  shops(): Promise<readonly Shop[]>;
  createShop(shop: Shop & { readonly now: number }): Promise<void>;
  /** All that is given replaces what was there. False: somebody else changed it since `seen`. */
  patchShop(
    shopId: string,
    patch: Pick<Shop, "name" | "locale" | "timeZone" | "settings">,
    seen: number,
    audit: NewAudit,
  ): Promise<boolean>;
  userByEmail(email: string): Promise<User | undefined>;
  user(id: string): Promise<User | undefined>;
  users(shopId: string): Promise<readonly User[]>;
  createUser(user: User, audit?: NewAudit): Promise<boolean>;
  /** False when it would leave the shop without an admin. */
  patchUser(
    shopId: string,
    id: string,
    patch: Partial<Pick<User, "name" | "role" | "groups" | "passwordHash">> & { readonly disabledAt?: number | null },
    audit?: NewAudit,
  ): Promise<boolean>;
  createLogin(
    login: {
      readonly tokenHash: string;
      readonly shopId: string;
      readonly userId: string;
      readonly now: number;
      readonly expiresAt: number;
    },
    audit?: NewAudit,
  ): Promise<void>;
  login(
    tokenHash: string,
  ): Promise<
    { readonly user: User; readonly createdAt: number; readonly seenAt: number; readonly expiresAt: number } | undefined
  >;
  touchLogin(tokenHash: string, now: number): Promise<void>;
  endLogins(filter: { readonly tokenHash: string } | { readonly userId: string }, now: number): Promise<void>;
  /** Counts a try under a key; returns the count inside the window. */
  countTry(key: string, input: { readonly now: number; readonly windowMs: number }): Promise<number>;
  clearTries(key: string): Promise<void>;
  inbox(id: string): Promise<Inbox | undefined>;
  inboxes(shopId?: string): Promise<readonly Inbox[]>;
  createInbox(inbox: Inbox, audit?: NewAudit): Promise<boolean>;
  patchInbox(
    shopId: string,
    id: string,
    patch: Partial<Pick<Inbox, "name" | "config" | "state">> & {
      readonly stateDetail?: string | null;
      readonly now: number;
    },
    audit?: NewAudit,
  ): Promise<boolean>;
  deleteInbox(shopId: string, id: string, now: number, audit?: NewAudit): Promise<boolean>;
  createVisitorToken(token: {
    readonly tokenHash: string;
    readonly shopId: string;
    readonly inboxId: string;
    readonly conversationId: string;
    readonly identityId: string;
    readonly now: number;
  }): Promise<void>;
  visitorToken(
    tokenHash: string,
  ): Promise<
    | { readonly shopId: string; readonly inboxId: string; readonly conversationId: string; readonly seenAt: number }
    | undefined
  >;
  touchVisitorToken(tokenHash: string, now: number): Promise<void>;
  adapterState(key: string): Promise<{ readonly value: string; readonly expiresAt?: number } | undefined>;
  setAdapterState(key: string, value: string, expiresAt?: number): Promise<void>;
  /** Adapters' memories that have come to their end. */
  dropExpiredState(now: number): Promise<void>;
}
