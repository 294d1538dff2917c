/** Who may do what: one table, and every route names its action; `security.md` AZ-1. */
import type { Role } from "../core/ports.ts";

export const ACTIONS = [
  "me.read",
  "sessions.read",
  "sessions.serve",
  "tickets.read",
  "tickets.serve",
  "contacts.read",
  "contacts.reveal",
  "contacts.merge",
  "contacts.erase",
  "shop.read",
  "shop.write",
  "flows.read",
  "flows.write",
  "articles.read",
  "articles.write",
  /** Tells shoppers, also where the shop has what editors write looked at first. */
  "articles.publish",
  "knowledge.match",
  "inboxes.read",
  "inboxes.write",
  "users.read",
  "users.write",
  "deliveries.read",
  "deliveries.write",
  "audit.read",
  "tasks.read",
  "stream.read",
  "insights.read",
  "connectors.read",
  "connectors.write",
  "clients.write",
] as const;
export type Action = (typeof ACTIONS)[number];

const serve: readonly Action[] = [
  "me.read",
  "sessions.read",
  "sessions.serve",
  "tickets.read",
  "tickets.serve",
  "contacts.read",
  "contacts.reveal",
  "contacts.merge",
  "shop.read",
  "articles.read",
  "knowledge.match",
  "inboxes.read",
  "deliveries.read",
  "deliveries.write",
  "tasks.read",
  "stream.read",
];

export const ROLES: Readonly<Record<Role, ReadonlySet<Action>>> = {
  agent: new Set(serve),
  supervisor: new Set([...serve, "insights.read", "users.read", "flows.read"]),
  editor: new Set([
    "me.read",
    "shop.read",
    "flows.read",
    "flows.write",
    "articles.read",
    "articles.write",
    "knowledge.match",
    "inboxes.read",
    "tasks.read",
    "stream.read",
  ]),
  admin: new Set(ACTIONS),
  auditor: new Set(["me.read", "audit.read", "sessions.read", "tickets.read", "contacts.read", "tasks.read"]),
};

export function may(role: Role, action: Action): boolean {
  return ROLES[role].has(action);
}
