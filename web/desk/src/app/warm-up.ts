import { countsQuery, meQuery, messagesQuery, sessionQuery, sessionsQuery } from "../api/queries.ts";
import { queryClient } from "../api/query-client.ts";
import { filterOf, isTab } from "../sessions/ordering.ts";

const KNOWN = "xiaoer.known";

/** Whether this browser was logged in last time: only a hint of what is worth asking for early. */
export function rememberLogin(known: boolean): void {
  try {
    if (known) localStorage.setItem(KNOWN, "1");
    else localStorage.removeItem(KNOWN);
  } catch {
    // Without storage nothing is asked early.
  }
}

function wasLoggedIn(): boolean {
  try {
    return localStorage.getItem(KNOWN) !== null;
  } catch {
    return false;
  }
}

/** Asks for what the first screen will need before its code runs: one round trip instead of three. */
export function warmUp({ pathname, search }: Location): void {
  const [, sessionId] = /^\/desk\/?(?:sessions(?:\/([^/]+))?)?$/.exec(pathname) ?? [];
  if (sessionId === undefined && !/^\/desk(\/sessions)?\/?$/.test(pathname)) return;
  void import("../sessions/sessions-page.tsx");
  if (!wasLoggedIn()) return;
  const params = new URLSearchParams(search);
  const tab = params.get("tab") ?? "queued";
  void queryClient.prefetchQuery(meQuery);
  void queryClient.prefetchQuery(countsQuery);
  // Whose "mine" is would have to be known first.
  if (isTab(tab) && tab !== "mine")
    void queryClient.prefetchInfiniteQuery(sessionsQuery(filterOf(tab, "", params.get("q") ?? undefined)));
  if (sessionId === undefined) return;
  void queryClient.prefetchQuery(sessionQuery(sessionId));
  void queryClient.prefetchInfiniteQuery(messagesQuery(sessionId));
}
