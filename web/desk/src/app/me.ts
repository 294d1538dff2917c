import { useQuery } from "@tanstack/react-query";
import { meQuery, shopQuery } from "../api/queries.ts";
import type { Me, Role } from "../api/types.ts";

/** Who is logged in; screens below the shell only exist when someone is. */
export function useMe(): Me {
  const { data } = useQuery(meQuery);
  if (data === undefined) throw new Error("This screen needs a login.");
  return data;
}

const has =
  (...roles: readonly Role[]) =>
  (role: Role) =>
    roles.includes(role);

/** What is worth offering to whom. The server decides; this only keeps doors closed that would not open. */
export const canServe = has("agent", "supervisor", "admin");
export const canSeeSessions = has("agent", "supervisor", "admin", "auditor");
export const canSeeArticles = has("agent", "supervisor", "editor", "admin");
export const canWriteArticles = has("editor", "admin");
export const canSeeDeliveries = has("agent", "supervisor", "admin");
export const canSeeFlows = has("supervisor", "editor", "admin");
export const canManage = has("admin");
export const canAudit = has("admin", "auditor");
export const canFollow = has("agent", "supervisor", "editor", "admin");

/** Whether what this person saves may reach shoppers without somebody else looking; undefined until the shop's rule is known. */
export function useMayTell(): boolean | undefined {
  const { role } = useMe().user;
  const asks = role === "editor";
  const { data, isError } = useQuery({ ...shopQuery, enabled: asks });
  if (!asks) return canWriteArticles(role);
  return data === undefined && !isError ? undefined : data?.review !== "editors";
}

/** Flows take effect as they are saved: they are written by whoever may tell shoppers. */
export const useMayWriteFlows = (): boolean => useMayTell() === true;

export function homeOf(role: Role): "/sessions" | "/articles" {
  return canSeeSessions(role) ? "/sessions" : "/articles";
}
