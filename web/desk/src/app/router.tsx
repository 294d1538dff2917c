import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from "@tanstack/react-router";
import { setCsrf } from "../api/client.ts";
import { meQuery } from "../api/queries.ts";
import { queryClient } from "../api/query-client.ts";
import type { Me } from "../api/types.ts";
import { LoginPage } from "../login/login-page.tsx";
import { setTimeZone } from "../time.ts";
import { Toasts } from "../ui/toast.tsx";
import { Crash } from "./crash.tsx";
import { homeOf } from "./me.ts";
import { PageSkeleton, Shell } from "./shell.tsx";
import { rememberLogin } from "./warm-up.ts";

const optionalText = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : undefined;

async function loadMe(): Promise<Me | undefined> {
  const known = queryClient.getQueryData<Me | null>(meQuery.queryKey);
  if (known === null) return undefined;
  try {
    const me = await queryClient.ensureQueryData(meQuery);
    setCsrf(me.csrf);
    rememberLogin(true);
    setTimeZone(me.shop.timeZone);
    return me;
  } catch (error) {
    if (error instanceof Object && "status" in error && error.status === 401) return undefined;
    throw error;
  }
}

const root = createRootRoute({
  component: () => (
    <>
      <Outlet />
      <Toasts />
    </>
  ),
});

const login = createRoute({
  getParentRoute: () => root,
  path: "/login",
  component: LoginPage,
  validateSearch: (search): { next?: string } => {
    const next = optionalText(search.next);
    // Only our own paths: a link must not send anyone elsewhere after the login.
    return next?.startsWith("/") && !next.startsWith("//") ? { next } : {};
  },
});

const shell = createRoute({
  getParentRoute: () => root,
  id: "shell",
  component: Shell,
  beforeLoad: async ({ location }) => {
    if ((await loadMe()) === undefined)
      throw redirect({ to: "/login", search: location.pathname === "/" ? {} : { next: location.href } });
  },
});

const home = createRoute({
  getParentRoute: () => shell,
  path: "/",
  beforeLoad: async () => {
    throw redirect({ to: homeOf((await loadMe())?.user.role ?? "agent") });
  },
});

const sessionsLazy = lazyRouteComponent(() => import("../sessions/sessions-page.tsx"), "SessionsPage");
const sessions = createRoute({
  getParentRoute: () => shell,
  path: "/sessions",
  component: sessionsLazy,
  validateSearch: (search): { tab?: string; q?: string } => ({
    tab: optionalText(search.tab),
    q: optionalText(search.q),
  }),
});
const session = createRoute({ getParentRoute: () => sessions, path: "$sessionId", component: () => null });

const tickets = createRoute({
  getParentRoute: () => shell,
  path: "/tickets",
  component: lazyRouteComponent(() => import("../tickets/tickets-page.tsx"), "TicketsPage"),
  validateSearch: (search): { status?: string; group?: string; assignee?: string; priority?: string; q?: string } => ({
    status: optionalText(search.status),
    group: optionalText(search.group),
    assignee: optionalText(search.assignee),
    priority: optionalText(search.priority),
    q: optionalText(search.q),
  }),
});
const ticket = createRoute({ getParentRoute: () => tickets, path: "$ticketId", component: () => null });

const articles = createRoute({
  getParentRoute: () => shell,
  path: "/articles",
  component: lazyRouteComponent(() => import("../articles/articles-page.tsx"), "ArticlesPage"),
  validateSearch: (
    search,
  ): { status?: string; category?: string; locale?: string; q?: string; attention?: string; ownerId?: string } => ({
    attention: optionalText(search.attention),
    ownerId: optionalText(search.ownerId),
    status: optionalText(search.status),
    category: optionalText(search.category),
    locale: optionalText(search.locale),
    q: optionalText(search.q),
  }),
});
const article = createRoute({
  getParentRoute: () => shell,
  path: "/articles/$articleId",
  component: lazyRouteComponent(() => import("../articles/article-page.tsx"), "ArticlePage"),
  validateSearch: (search): { question?: string } => ({ question: optionalText(search.question) }),
});
const flows = createRoute({
  getParentRoute: () => shell,
  path: "/flows",
  component: lazyRouteComponent(() => import("../flows/flows-page.tsx"), "FlowsPage"),
});
const flow = createRoute({
  getParentRoute: () => shell,
  path: "/flows/$flowId",
  component: lazyRouteComponent(() => import("../flows/flow-page.tsx"), "FlowPage"),
});
const inboxes = createRoute({
  getParentRoute: () => shell,
  path: "/inboxes",
  component: lazyRouteComponent(() => import("../inboxes/inboxes-page.tsx"), "InboxesPage"),
});
const newInbox = createRoute({
  getParentRoute: () => shell,
  path: "/inboxes/new",
  component: lazyRouteComponent(() => import("../inboxes/new-inbox-page.tsx"), "NewInboxPage"),
});
const inbox = createRoute({
  getParentRoute: () => shell,
  path: "/inboxes/$inboxId",
  component: lazyRouteComponent(() => import("../inboxes/inbox-page.tsx"), "InboxPage"),
});
const deliveries = createRoute({
  getParentRoute: () => shell,
  path: "/deliveries",
  component: lazyRouteComponent(() => import("../admin/deliveries-page.tsx"), "DeliveriesPage"),
});
const users = createRoute({
  getParentRoute: () => shell,
  path: "/users",
  component: lazyRouteComponent(() => import("../admin/users-page.tsx"), "UsersPage"),
});
const audit = createRoute({
  getParentRoute: () => shell,
  path: "/audit",
  component: lazyRouteComponent(() => import("../admin/audit-page.tsx"), "AuditPage"),
});
const settings = createRoute({
  getParentRoute: () => shell,
  path: "/settings",
  component: lazyRouteComponent(() => import("../settings/settings-page.tsx"), "SettingsPage"),
});

const routeTree = root.addChildren([
  login,
  shell.addChildren([
    home,
    sessions.addChildren([session]),
    tickets.addChildren([ticket]),
    articles,
    article,
    flows,
    flow,
    inboxes,
    newInbox,
    inbox,
    deliveries,
    users,
    audit,
    settings,
  ]),
]);

export const router = createRouter({
  routeTree,
  basepath: "/desk",
  defaultPreload: "intent",
  defaultPendingComponent: PageSkeleton,
  defaultErrorComponent: Crash,
  defaultNotFoundComponent: () => <Crash error={undefined} />,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
