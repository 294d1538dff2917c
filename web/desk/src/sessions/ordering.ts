import type { Session } from "../api/types.ts";

export type Tab = "mine" | "queued" | "bot" | "all" | "closed";
export const TABS: readonly Tab[] = ["mine", "queued", "bot", "all", "closed"];
export const isTab = (value: unknown): value is Tab => TABS.some((tab) => tab === value);

/** The question a tab asks the server. */
export function filterOf(
  tab: Tab,
  me: string,
  q: string | undefined,
): { state?: string; assignee?: string; q?: string } {
  const search = q === undefined ? {} : { q };
  if (tab === "mine") return { state: "agent", assignee: me, ...search };
  if (tab === "all") return search;
  return { state: tab, ...search };
}

const RANK = { urgent: 0, high: 1, normal: 2, low: 3 } as const;
const rankOf = (session: Session) => RANK[session.ticket?.priority ?? "normal"];

/** Since when someone is in line: one that came back stands where it stood. */
const since = (session: Session, tab: Tab) => (tab === "queued" ? session.queuedAt : undefined) ?? session.waitingSince;

/** Where people wait: by priority, then whoever waits longest, as the shopper is told. Elsewhere: the latest first. */
export function inOrder(sessions: readonly Session[], tab: Tab): readonly Session[] {
  const sorted = [...sessions];
  if (tab !== "mine" && tab !== "queued") return sorted.sort((a, b) => b.lastMessageAt.localeCompare(a.lastMessageAt));
  return sorted.sort((a, b) => {
    const rank = rankOf(a) - rankOf(b);
    if (rank !== 0) return rank;
    const [first, second] = [since(a, tab), since(b, tab)];
    if (first !== undefined && second !== undefined && first !== second) return first.localeCompare(second);
    if (first !== second) return first === undefined ? 1 : -1;
    return b.lastMessageAt.localeCompare(a.lastMessageAt);
  });
}

type Urgency = "calm" | "soon" | "late" | "lost";

/** How long is too long, `waitedMs` after the first unanswered message. */
export function urgencyOf(waitedMs: number): Urgency {
  const seconds = waitedMs / 1000;
  if (seconds < 60) return "calm";
  if (seconds <= 100) return "soon";
  return seconds <= 180 ? "late" : "lost";
}
