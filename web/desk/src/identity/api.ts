import { queryOptions } from "@tanstack/react-query";
import { get } from "../api/client.ts";
import type { IdentityLevel } from "../api/types.ts";

/** A contact as lists show it. */
export interface ContactBrief {
  readonly id: string;
  readonly name?: string;
  readonly phone?: string;
  readonly level: IdentityLevel;
  readonly memberId?: string;
}

export interface Candidate extends ContactBrief {
  readonly why: "phone" | "email";
  readonly proven: boolean;
}

export interface Merge {
  readonly id: string;
  readonly from: { readonly id: string; readonly name?: string };
  readonly kind: string;
  readonly by?: string;
  readonly reason?: string;
  readonly at: string;
  readonly undoneAt?: string;
  readonly undoneBy?: string;
  readonly undoable: boolean;
}

/** A call as a message's frame brings it. */
export interface CallPop {
  readonly state: "ringing" | "answered" | "ended";
  readonly callId?: string;
  readonly contact: {
    readonly id: string;
    readonly name?: string;
    readonly level: IdentityLevel;
    readonly vip: boolean;
  };
  readonly matched: boolean;
  readonly sessionId: string;
  readonly ticket?: { readonly id: string; readonly number: string; readonly summary: string };
  readonly candidates: readonly { readonly id: string; readonly name?: string }[];
}

const items = async <T>(path: string, signal: AbortSignal): Promise<readonly T[]> =>
  (await get<{ readonly items: readonly T[] }>(path, { signal })).items;

export const candidatesQuery = (contactId: string) =>
  queryOptions({
    queryKey: ["candidates", contactId],
    queryFn: ({ signal }) => items<Candidate>(`/v1/contacts/${contactId}/candidates`, signal),
  });
export const mergesQuery = (contactId: string) =>
  queryOptions({
    queryKey: ["merges", contactId],
    queryFn: ({ signal }) => items<Merge>(`/v1/contacts/${contactId}/merges`, signal),
  });
export const contactSearchQuery = (q: string) =>
  queryOptions({
    queryKey: ["contact-search", q],
    queryFn: ({ signal }) => items<ContactBrief>(`/v1/contacts?q=${encodeURIComponent(q)}&limit=8`, signal),
    enabled: q !== "",
  });
