import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { get } from "./client.ts";
import type { FlowFiguresJson, FlowJson, ShopSettingsJson, ToneWordsJson, VariableJson } from "./flow-types.ts";
import type {
  Agent,
  Alternative,
  Article,
  ArticleFigures,
  ArticleVersion,
  AuditRow,
  Channel,
  Contact,
  ContactOrders,
  Correction,
  DeadDelivery,
  Dictionary,
  Gap,
  Inbox,
  LearnedGap,
  Me,
  Message,
  Page,
  Session,
  SessionCounts,
  Task,
  Template,
  Ticket,
  TicketItem,
  Usage,
  User,
} from "./types.ts";

type Filter = Readonly<Record<string, string | undefined>>;

const pageOf = <T>(path: string, filter: Filter, cursor: string, signal: AbortSignal, limit = 50) =>
  get<Page<T>>(path, { query: { ...filter, cursor, limit }, signal });

function pages<T>(key: readonly unknown[], path: string, filter: Filter = {}, limit = 50) {
  return infiniteQueryOptions({
    queryKey: key,
    queryFn: ({ pageParam, signal }) => pageOf<T>(path, filter, pageParam, signal, limit),
    initialPageParam: "",
    getNextPageParam: (last: Page<T>) => last.next ?? undefined,
  });
}

/** Some lists have no pages; some answers are bare arrays. */
async function listOf<T>(path: string, signal: AbortSignal, query: Filter = {}): Promise<readonly T[]> {
  const answer = await get<readonly T[] | Page<T>>(path, { signal, query });
  return "items" in answer ? answer.items : answer;
}

export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: ({ signal }) => get<Me>("/v1/me", { signal }),
  staleTime: Number.POSITIVE_INFINITY,
});
export const agentsQuery = queryOptions({
  queryKey: ["agents"],
  queryFn: ({ signal }) => listOf<Agent>("/v1/agents", signal),
  refetchInterval: 30_000,
});
export const countsQuery = queryOptions({
  queryKey: ["counts"],
  queryFn: ({ signal }) => get<SessionCounts>("/v1/sessions/counts", { signal }),
  refetchInterval: 60_000,
});

export const sessionsQuery = (filter: Filter) => pages<Session>(["sessions", filter], "/v1/sessions", filter, 100);
export const sessionQuery = (id: string) =>
  queryOptions({ queryKey: ["session", id], queryFn: ({ signal }) => get<Session>(`/v1/sessions/${id}`, { signal }) });
export const messagesQuery = (id: string) => pages<Message>(["messages", id], `/v1/sessions/${id}/messages`);
export const historyQuery = (contactId: string) =>
  pages<Message>(["history", contactId], `/v1/contacts/${contactId}/history`);
export const ticketsQuery = (filter: Filter) => pages<TicketItem>(["tickets", filter], "/v1/tickets", filter);
export const ticketQuery = (id: string) =>
  queryOptions({ queryKey: ["ticket", id], queryFn: ({ signal }) => get<Ticket>(`/v1/tickets/${id}`, { signal }) });
export const contactQuery = (id: string) =>
  queryOptions({ queryKey: ["contact", id], queryFn: ({ signal }) => get<Contact>(`/v1/contacts/${id}`, { signal }) });
export const ordersKey = (contactId: string) => ["orders", contactId] as const;
export const fetchOrders = (contactId: string, fresh: boolean, signal?: AbortSignal) =>
  get<ContactOrders>(`/v1/contacts/${contactId}/orders`, {
    query: { fresh: fresh ? 1 : undefined },
    ...(signal && { signal }),
  });
export const ordersQuery = (contactId: string) =>
  queryOptions({ queryKey: ordersKey(contactId), queryFn: ({ signal }) => fetchOrders(contactId, false, signal) });

export const articlesQuery = (filter: Filter) => pages<Article>(["articles", filter], "/v1/articles", filter);
export const articleQuery = (id: string) =>
  queryOptions({ queryKey: ["article", id], queryFn: ({ signal }) => get<Article>(`/v1/articles/${id}`, { signal }) });
export const versionsQuery = (id: string) =>
  queryOptions({
    queryKey: ["versions", id],
    queryFn: ({ signal }) => listOf<ArticleVersion>(`/v1/articles/${id}/versions`, signal),
  });
export const figuresQuery = (id: string) =>
  queryOptions({
    queryKey: ["figures", id],
    queryFn: ({ signal }) => get<ArticleFigures>(`/v1/articles/${id}/figures`, { signal }),
  });
export const learnedQuery = queryOptions({
  queryKey: ["gaps", "learned"],
  queryFn: ({ signal }) => listOf<LearnedGap>("/v1/knowledge/gaps/learned", signal),
});
export const correctionsQuery = (filter: Filter) =>
  pages<Correction>(["corrections", filter], "/v1/corrections", filter);
/** Who can answer for an article. */
export const peopleQuery = queryOptions({
  queryKey: ["people"],
  queryFn: ({ signal }) => listOf<Pick<Agent, "id" | "name" | "role">>("/v1/knowledge/people", signal),
  staleTime: 60_000,
});
export const categoriesQuery = queryOptions({
  queryKey: ["articles", "categories"],
  queryFn: ({ signal }) =>
    listOf<{ readonly category: string; readonly count: number }>("/v1/knowledge/categories", signal),
});
export const gapsQuery = () => pages<Gap>(["gaps"], "/v1/knowledge/gaps");
export const taskQuery = (id: string) =>
  queryOptions({
    queryKey: ["task", id],
    queryFn: ({ signal }) => get<Task>(`/v1/tasks/${id}`, { signal }),
    // Live frames usually come first; asking is the safety net.
    refetchInterval: (query) => (["done", "failed"].includes(query.state.data?.state ?? "") ? false : 700),
  });

export const dictionaryQuery = queryOptions({
  queryKey: ["dictionary"],
  queryFn: ({ signal }) => get<Dictionary>("/v1/knowledge/synonyms", { signal }),
});
export const shopQuery = queryOptions({
  queryKey: ["shop"],
  queryFn: ({ signal }) => get<ShopSettingsJson>("/v1/shop", { signal }),
});
export const tonesQuery = queryOptions({
  queryKey: ["tones"],
  queryFn: ({ signal }) => listOf<ToneWordsJson>("/v1/shop/tones", signal),
  staleTime: 600_000,
});
export const variablesQuery = queryOptions({
  queryKey: ["variables"],
  queryFn: ({ signal }) => listOf<VariableJson>("/v1/knowledge/variables", signal),
  staleTime: 600_000,
});
export const flowsQuery = queryOptions({
  queryKey: ["flows"],
  queryFn: ({ signal }) => listOf<FlowJson>("/v1/flows", signal),
});
export const flowQuery = (id: string) =>
  queryOptions({ queryKey: ["flow", id], queryFn: ({ signal }) => get<FlowJson>(`/v1/flows/${id}`, { signal }) });
export const flowFiguresQuery = (id: string) =>
  queryOptions({
    queryKey: ["flow-figures", id],
    queryFn: ({ signal }) => get<FlowFiguresJson>(`/v1/flows/${id}/figures`, { signal, query: { days: 30 } }),
  });

export const channelsQuery = queryOptions({
  queryKey: ["channels"],
  queryFn: ({ signal }) => listOf<Channel>("/v1/channels", signal),
  staleTime: 600_000,
});
export const inboxesQuery = queryOptions({
  queryKey: ["inboxes"],
  queryFn: ({ signal }) => listOf<Inbox>("/v1/inboxes", signal),
});
export const inboxQuery = (id: string) =>
  queryOptions({ queryKey: ["inbox", id], queryFn: ({ signal }) => get<Inbox>(`/v1/inboxes/${id}`, { signal }) });
export const templatesQuery = (inboxId: string) =>
  queryOptions({
    queryKey: ["templates", inboxId],
    queryFn: ({ signal }) => listOf<Template>(`/v1/inboxes/${inboxId}/templates`, signal),
  });
export const usageQuery = (inboxId: string) =>
  queryOptions({
    queryKey: ["usage", inboxId],
    queryFn: ({ signal }) => get<Usage>(`/v1/inboxes/${inboxId}/usage`, { signal, query: { days: "30" } }),
  });
export const alternativesQuery = (sessionId: string) =>
  queryOptions({
    queryKey: ["alternatives", sessionId],
    queryFn: ({ signal }) => listOf<Alternative>(`/v1/sessions/${sessionId}/alternatives`, signal),
    staleTime: 10_000,
  });
export const usersQuery = queryOptions({
  queryKey: ["users"],
  queryFn: ({ signal }) => listOf<User>("/v1/users", signal),
});
export const deadQuery = () => pages<DeadDelivery>(["deliveries"], "/v1/deliveries", { state: "dead" });
export const auditQuery = () => pages<AuditRow>(["audit"], "/v1/audit", {}, 100);

export function flat<T>(data: { readonly pages: readonly Page<T>[] } | undefined): readonly T[] {
  return data?.pages.flatMap((page) => page.items) ?? [];
}
