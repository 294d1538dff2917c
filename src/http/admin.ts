/** Logging in, people, inboxes and channels, the audit log. */
import { z } from "@hono/zod-openapi";
import { deleteCookie } from "hono/cookie";
import type { Check } from "../core/adapter.ts";
import { DUTY_MARKS, isThere, type Presence } from "../core/duty.ts";
import { ConflictError, ForbiddenError, InvalidError, NotFoundError } from "../core/errors.ts";
import type { Inbox, User } from "../core/ports.ts";
import { sealAudit, verifyAudit } from "../desk/audit.ts";
import { COMMON_PASSWORDS } from "../desk/common-passwords.ts";
import type { InboxRegistry } from "../desk/inboxes.ts";
import { MASK } from "../desk/inboxes.ts";
import { idParams, pageQuery, type Route } from "./api.ts";
import { auditOf, cookieName, logIn } from "./auth.ts";
import type { Actor, HttpDeps } from "./context.ts";
import { present, words } from "./fields.ts";
import { createLimiter } from "./limits.ts";
import type { Paging } from "./paging.ts";
import { iso } from "./present.ts";

const role = z.enum(["agent", "supervisor", "editor", "admin", "auditor"]);
const email = z.email().max(200);
const CHECK_TIMEOUT_MS = 10_000;

/** @throws {InvalidError} `auth.weak_password` */
function goodPassword(password: string): string {
  if (password.length < 12 || password.length > 128)
    throw new InvalidError("auth.weak_password", "A password has 12 to 128 characters.", {
      issues: [{ path: "password", message: "12 to 128 characters" }],
    });
  if (COMMON_PASSWORDS.has(password.toLowerCase()))
    throw new InvalidError("auth.weak_password", "This password is on the list of common ones.", {
      issues: [{ path: "password", message: "too common" }],
    });
  return password;
}

export function adminRoutes(route: Route, http: HttpDeps, paging: Paging, inboxes: InboxRegistry): void {
  loginRoutes(route, http);
  userRoutes(route, http);
  inboxRoutes(route, http, inboxes);
  auditRoutes(route, http, paging);
}

function loginRoutes(route: Route, http: HttpDeps): void {
  const { desk } = http;
  route(
    "post",
    "/v1/auth/login",
    {
      tag: "Login",
      summary: "Log in",
      access: "public",
      body: z.strictObject({ email: z.string().max(200), password: z.string().max(1000) }),
    },
    async ({ c, body }) => {
      const { token, expiresAt, user } = await logIn(http, c, body);
      return {
        token,
        expiresAt: iso(expiresAt),
        user: { id: user.id, name: user.name, email: user.email, role: user.role },
      };
    },
  );
  route(
    "post",
    "/v1/auth/logout",
    { tag: "Login", summary: "Log out", access: "me.read", status: 204 },
    async ({ c, actor }) => {
      await desk.store.endLogins({ tokenHash: actor.tokenHash }, desk.now());
      // A stream under this login looks, and finds that it has ended.
      desk.hub.wake(actor.shopId);
      deleteCookie(c, cookieName(http), { path: "/" });
    },
  );
  route("get", "/v1/me", { tag: "Login", summary: "Who is logged in", access: "me.read" }, async ({ actor }) => {
    const [shop, presence] = await Promise.all([desk.shop(actor.shopId), desk.store.presence(actor.shopId)]);
    return {
      user: { id: actor.id, name: actor.name, email: actor.email, role: actor.role },
      duty: presence.find(({ userId }) => userId === actor.id)?.mark ?? "online",
      shop: { id: shop.id, name: shop.name, locale: shop.locale, timeZone: shop.timeZone },
      csrf: actor.csrf,
      groups: shop.rules.groups,
      demo: http.demo,
    };
  });
}

/** Whether someone is there, and what they say of themselves. */
function dutyOf(presence: readonly Presence[], userId: string, now: number) {
  const one = presence.find((known) => known.userId === userId);
  return { online: one !== undefined && isThere(one, now), duty: one?.mark ?? "online" };
}

function userRoutes(route: Route, http: HttpDeps): void {
  const { desk } = http;
  route(
    "put",
    "/v1/me/duty",
    {
      tag: "Users",
      summary: "Say whether you are there: online, busy (only what you take yourself) or away",
      access: "sessions.serve",
      body: z.strictObject({ duty: z.enum(DUTY_MARKS) }),
    },
    async ({ actor, body }) => {
      await desk.store.markDuty({ shopId: actor.shopId, userId: actor.id, mark: body.duty });
      return { duty: body.duty };
    },
  );
  const toJson = (user: User) => ({
    id: user.id,
    name: user.name,
    email: user.email,
    role: user.role,
    groups: user.groups,
    disabled: user.disabledAt !== undefined,
    createdAt: iso(user.createdAt),
  });
  const byId = async (actor: Actor, id: string): Promise<User> => {
    const user = await desk.store.user(id);
    if (user === undefined || user.shopId !== actor.shopId)
      throw new NotFoundError("user.not_found", "There is no such user.");
    return user;
  };
  route(
    "get",
    "/v1/users",
    { tag: "Users", summary: "Everyone who can log in", access: "users.read" },
    async ({ actor }) => {
      const [users, presence] = await Promise.all([desk.store.users(actor.shopId), desk.store.presence(actor.shopId)]);
      const items = users.map((user) => ({ ...toJson(user), ...dutyOf(presence, user.id, desk.now()) }));
      return { items, next: null };
    },
  );
  route(
    "get",
    "/v1/agents",
    { tag: "Users", summary: "Colleagues one can transfer to", access: "sessions.read" },
    async ({ actor }) => {
      const [users, presence] = await Promise.all([desk.store.users(actor.shopId), desk.store.presence(actor.shopId)]);
      const items = users
        .filter((user) => user.disabledAt === undefined && ["agent", "supervisor", "admin"].includes(user.role))
        .map(({ id, name, role: own }) => ({ id, name, role: own, ...dutyOf(presence, id, desk.now()) }));
      return { items, next: null };
    },
  );
  route(
    "post",
    "/v1/users",
    {
      tag: "Users",
      summary: "Add a person",
      access: "users.write",
      status: 201,
      body: z.strictObject({
        email,
        name: words(100).pipe(z.string().min(1)),
        role,
        password: z.string().max(1000),
        groups: z.array(z.string().max(50)).max(20).default([]),
      }),
    },
    async ({ c, actor, body }) => {
      const { password, ...rest } = body;
      const user: User = {
        id: desk.newId("usr"),
        shopId: actor.shopId,
        ...rest,
        passwordHash: await http.passwords.hash(goodPassword(password)),
        createdAt: desk.now(),
      };
      if ((await desk.store.userByEmail(user.email)) !== undefined)
        throw new ConflictError("user.email_taken", "Somebody has this e-mail already.");
      const made = await desk.store.createUser(
        user,
        auditOf(http, c, actor, { action: "user.create", target: user.id, result: "ok", data: { role: user.role } }),
      );
      if (!made) throw new ConflictError("user.email_taken", "Somebody has this e-mail already.");
      return toJson({ ...user, email: user.email.toLowerCase() });
    },
  );
  route(
    "patch",
    "/v1/users/{id}",
    {
      tag: "Users",
      summary: "Change a name, role, groups, password; disable",
      access: "users.write",
      params: idParams,
      body: z.strictObject({
        name: words(100).pipe(z.string().min(1)).optional(),
        role: role.optional(),
        groups: z.array(z.string().max(50)).max(20).optional(),
        password: z.string().max(1000).optional(),
        disabled: z.boolean().optional(),
      }),
    },
    async ({ c, actor, params, body }) => {
      const user = await byId(actor, params.id);
      const { password, disabled, ...rest } = present(body);
      const patch = {
        ...rest,
        ...(password === undefined ? {} : { passwordHash: await http.passwords.hash(goodPassword(password)) }),
        ...(disabled === undefined ? {} : { disabledAt: disabled ? (user.disabledAt ?? desk.now()) : null }),
      };
      const audit = auditOf(http, c, actor, {
        action: "user.change",
        target: user.id,
        result: "ok",
        data: { fields: Object.keys(body), ...(rest.role === undefined ? {} : { role: rest.role }) },
      });
      if (!(await desk.store.patchUser(actor.shopId, user.id, patch, audit)))
        throw new ConflictError("user.last_admin", "The last admin stays.");
      // A new role, password or a disabling ends what was open under the old one.
      if (password !== undefined || disabled === true || (rest.role !== undefined && rest.role !== user.role)) {
        await desk.store.endLogins({ userId: user.id }, desk.now());
        desk.hub.wake(actor.shopId);
      }
      return toJson(await byId(actor, user.id));
    },
  );
}

function inboxRoutes(route: Route, http: HttpDeps, inboxes: InboxRegistry): void {
  const { desk } = http;
  const checks = createLimiter({ capacity: 10, perMs: 60_000 });
  const webhookUrlOf = ({ id }: Inbox) => `${http.publicUrl}/webhooks/${encodeURIComponent(id)}`;
  const toJson = (inbox: Inbox) => ({
    id: inbox.id,
    channel: inbox.channel,
    name: inbox.name,
    config: inboxes.mask(inbox.channel, inbox.config),
    webhookUrl: webhookUrlOf(inbox),
    status: present({ state: inbox.state, detail: inbox.stateDetail }),
    version: inbox.version,
    createdAt: iso(inbox.createdAt),
  });
  const byId = async (actor: Actor, id: string): Promise<Inbox> => {
    const inbox = await desk.store.inbox(id);
    if (inbox === undefined || inbox.shopId !== actor.shopId)
      throw new NotFoundError("inbox.not_found", "There is no such inbox.");
    return inbox;
  };

  route(
    "get",
    "/v1/channels",
    { tag: "Inboxes", summary: "Channels and what their inboxes need", access: "inboxes.read" },
    async () =>
      http.channels.map((one) =>
        present({
          channel: one.channel,
          title: one.title,
          configSchema: z.toJSONSchema(one.config, { unrepresentable: "any", io: "input" }),
          capabilities: one.capabilities,
          // Why it cannot run in this home.
          notHere: inboxes.whyNotHere(one),
        }),
      ),
  );
  route(
    "get",
    "/v1/inboxes",
    { tag: "Inboxes", summary: "All inboxes", access: "inboxes.read" },
    async ({ actor }) => ({ items: (await desk.store.inboxes(actor.shopId)).map(toJson), next: null }),
  );
  route(
    "get",
    "/v1/inboxes/{id}",
    { tag: "Inboxes", summary: "One inbox", access: "inboxes.read", params: idParams },
    async ({ actor, params }) => toJson(await byId(actor, params.id)),
  );
  const config = z.record(z.string().max(100), z.unknown());
  route(
    "post",
    "/v1/inboxes",
    {
      tag: "Inboxes",
      summary: "Open an inbox",
      access: "inboxes.write",
      status: 201,
      body: z.strictObject({
        id: z
          .string()
          .regex(/^[\w.-]{1,100}$/)
          .optional(),
        channel: z.string().max(50),
        name: words(100).pipe(z.string().min(1)),
        config: config.default({}),
      }),
    },
    async ({ c, actor, body }) => {
      const id = body.id ?? desk.newId("inb");
      const checked = inboxes.check(body.channel, body.config);
      const base = { id, shopId: actor.shopId, channel: body.channel };
      const inbox: Inbox = {
        ...base,
        name: body.name,
        config: await inboxes.sealConfig(base, checked),
        state: "active",
        version: 1,
        createdAt: desk.now(),
      };
      const made = await desk.store.createInbox(
        inbox,
        auditOf(http, c, actor, { action: "inbox.create", target: id, result: "ok", data: { channel: body.channel } }),
      );
      if (!made) throw new ConflictError("inbox.exists", "An inbox with this id exists.");
      return toJson(inbox);
    },
  );
  route(
    "patch",
    "/v1/inboxes/{id}",
    {
      tag: "Inboxes",
      summary: "Change a name or configuration; secrets left as •••• stay",
      access: "inboxes.write",
      params: idParams,
      body: z.strictObject({ name: words(100).pipe(z.string().min(1)).optional(), config: config.optional() }),
    },
    async ({ c, actor, params, body }) => {
      const inbox = await byId(actor, params.id);
      const patch = present({
        name: body.name,
        config: body.config === undefined ? undefined : await merged(inbox, body.config),
      });
      const audit = auditOf(http, c, actor, {
        action: "inbox.change",
        target: inbox.id,
        result: "ok",
        data: { fields: [...(body.name === undefined ? [] : ["name"]), ...Object.keys(body.config ?? {})] },
      });
      await desk.store.patchInbox(
        actor.shopId,
        inbox.id,
        { ...patch, state: "active", stateDetail: null, now: desk.now() },
        audit,
      );
      inboxes.forget(inbox.id);
      desk.hub.wake(actor.shopId);
      return toJson(await byId(actor, inbox.id));
    },
  );
  route(
    "delete",
    "/v1/inboxes/{id}",
    {
      tag: "Inboxes",
      summary: "Close an inbox; its history stays",
      access: "inboxes.write",
      params: idParams,
      status: 204,
    },
    async ({ c, actor, params }) => {
      const inbox = await byId(actor, params.id);
      await desk.store.deleteInbox(
        actor.shopId,
        inbox.id,
        desk.now(),
        auditOf(http, c, actor, { action: "inbox.delete", target: inbox.id, result: "ok", data: {} }),
      );
      inboxes.forget(inbox.id);
      desk.hub.wake(actor.shopId);
    },
  );
  route(
    "post",
    "/v1/inboxes/{id}/check",
    { tag: "Inboxes", summary: "A live checklist", access: "inboxes.write", params: idParams },
    async ({ actor, params }) => {
      const inbox = await byId(actor, params.id);
      checks.take(actor.id, desk.now());
      inboxes.forget(inbox.id);
      return check(inbox);
    },
  );
  route(
    "post",
    "/v1/inboxes/{id}/register",
    { tag: "Inboxes", summary: "Tell the platform where to call", access: "inboxes.write", params: idParams },
    async ({ c, actor, params }) => {
      const inbox = await byId(actor, params.id);
      checks.take(actor.id, desk.now());
      const running = await inboxes.get(inbox.id);
      const registered = await running?.adapter
        .register?.(webhookUrlOf(inbox), { signal: AbortSignal.timeout(CHECK_TIMEOUT_MS) })
        .catch(() => ({ check: "platform", ok: false, detail: "The platform cannot be reached." }));
      if (registered === undefined)
        throw new ConflictError("inbox.no_registration", "This platform is told the webhook URL in its own console.");
      const result = registered.ok ? "ok" : "denied";
      await desk.store.addAudit(
        auditOf(http, c, actor, { action: "inbox.register", target: inbox.id, result, data: {} }),
      );
      return registered;
    },
  );

  /** What is not sent stays; a secret sent as its mask stays too. A new origin for a URL asks for the secrets again; AZ-5. */
  async function merged(inbox: Inbox, change: Record<string, unknown>): Promise<Record<string, unknown>> {
    const current = await inboxes.open(inbox);
    const kept = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== MASK));
    for (const [key, value] of Object.entries(kept)) {
      const before = current[key];
      if (
        typeof value === "string" &&
        typeof before === "string" &&
        originOf(before) !== undefined &&
        originOf(before) !== originOf(value)
      ) {
        const missing = Object.entries(inboxes.mask(inbox.channel, current)).filter(
          ([name, shown]) => shown === MASK && kept[name] === undefined,
        );
        if (missing.length > 0)
          throw new ForbiddenError(
            "inbox.secret_needed",
            `Enter ${missing.map(([name]) => name).join(", ")} again: ${key} leads somewhere else.`,
          );
      }
    }
    const next = Object.fromEntries(Object.entries({ ...current, ...kept }).filter(([, value]) => value !== null));
    return inboxes.sealConfig(inbox, inboxes.check(inbox.channel, next));
  }

  async function check(inbox: Inbox): Promise<readonly Check[]> {
    const list: Check[] = [];
    let running: Awaited<ReturnType<InboxRegistry["get"]>>;
    try {
      running = await inboxes.get(inbox.id);
      list.push({ check: "config", ok: true, detail: "The configuration is complete." });
    } catch {
      return [{ check: "config", ok: false, detail: "The inbox cannot start with this configuration." }];
    }
    const webhookUrl = webhookUrlOf(inbox);
    const canRegister = running?.adapter.register !== undefined;
    const own = await running?.adapter
      .check?.({ signal: AbortSignal.timeout(CHECK_TIMEOUT_MS), webhookUrl })
      .catch(() => [{ check: "platform", ok: false, detail: "The platform cannot be reached." }]);
    // What we can put right ourselves is said, so that the desk offers it.
    list.push(
      ...(own ?? []).map((one) =>
        one.check === "webhook" && !one.ok && canRegister ? { ...one, fix: "register" } : one,
      ),
    );
    const first = await desk.store.sessions(inbox.shopId, { inboxId: inbox.id, limit: 1 });
    const heard = first.items.length > 0;
    list.push({
      check: "first_message",
      ok: heard,
      detail: heard ? "Messages have come in." : "No message has come in yet.",
    });
    return list;
  }
}

function originOf(text: string): string | undefined {
  return URL.canParse(text) && /^https?:/.test(text) ? new URL(text).origin : undefined;
}

function auditRoutes(route: Route, http: HttpDeps, paging: Paging): void {
  const { desk, seal } = http;
  route(
    "get",
    "/v1/audit",
    { tag: "Audit", summary: "Who saw or changed what", access: "audit.read", query: pageQuery },
    async ({ actor, query }) => {
      const scope = `audit|${actor.shopId}`;
      await sealAudit(desk.store, seal, actor.shopId);
      const page = await desk.store.auditPage(
        actor.shopId,
        present({ limit: query.limit, cursor: await paging.open(query.cursor, scope) }),
      );
      return paging.close(page, scope, (row) => ({ ...row, at: iso(row.at) }));
    },
  );
  route(
    "get",
    "/v1/audit/verify",
    { tag: "Audit", summary: "Is the chain whole?", access: "audit.read" },
    ({ actor }) => verifyAudit(desk.store, seal, actor.shopId),
  );
}
