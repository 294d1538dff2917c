/** Logins of the desk: cookie or Bearer, ended within seconds of a logout, a disabling or a new role; `security.md` §4. */
import { getCookie, setCookie } from "hono/cookie";
import { ForbiddenError, LimitError, UnauthenticatedError } from "../core/errors.ts";
import type { NewAudit } from "../core/ports.ts";
import { digest, randomToken } from "../core/seal.ts";
import { type Action, may } from "./access.ts";
import type { Actor, Ctx, HttpDeps } from "./context.ts";

const IDLE_MS = 12 * 3_600_000;
const ABSOLUTE_MS = 7 * 24 * 3_600_000;
const TOUCH_EVERY_MS = 5 * 60_000;
const ADDRESS_TRIES = 20;
const ACCOUNT_TRIES = 10;
const WINDOW_MS = 15 * 60_000;

const unauthenticated = () => new UnauthenticatedError("auth.invalid_token", "Log in first.");

export const cookieName = (http: HttpDeps) => (http.publicUrl.startsWith("https:") ? "__Host-xiaoer" : "xiaoer");

function tokenOf(http: HttpDeps, c: Ctx): { readonly token: string; readonly byCookie: boolean } | undefined {
  const header = c.req.header("authorization");
  if (header !== undefined) {
    const token = /^Bearer ([\w.~+/=-]{20,200})$/.exec(header)?.[1];
    return token === undefined ? undefined : { token, byCookie: false };
  }
  const cookie = getCookie(c, cookieName(http));
  return cookie === undefined ? undefined : { token: cookie, byCookie: true };
}

/** The login of a token, or undefined when there is none or it has ended. */
export async function loginOf(http: HttpDeps, token: string): Promise<Actor | undefined> {
  const { store, now } = http.desk;
  const tokenHash = await digest(token);
  const login = await store.login(tokenHash);
  const at = now();
  if (login === undefined || login.expiresAt <= at || login.seenAt + IDLE_MS <= at) return undefined;
  if (at - login.seenAt > TOUCH_EVERY_MS) await store.touchLogin(tokenHash, at);
  const { id, name, email, role, shopId } = login.user;
  return { id, name, email, role, shopId, tokenHash, csrf: await http.seal.sign("csrf", tokenHash) };
}

/** @throws {UnauthenticatedError} {ForbiddenError} */
export async function authorize(http: HttpDeps, c: Ctx, action: Action): Promise<Actor> {
  const found = tokenOf(http, c);
  const actor = found === undefined ? undefined : await loginOf(http, found.token);
  if (found === undefined || actor === undefined) throw unauthenticated();
  if (found.byCookie && c.req.method !== "GET" && c.req.method !== "HEAD") {
    sameOrigin(http, c);
    if (!(await http.seal.verify("csrf", actor.tokenHash, c.req.header("x-xiaoer-csrf") ?? ""))) {
      throw new ForbiddenError("auth.csrf_missing", "Send the x-xiaoer-csrf header from GET /v1/me.");
    }
  }
  if (!may(actor.role, action)) {
    await http.desk.store.addAudit(auditOf(http, c, actor, { action, result: "denied", data: {} }));
    throw new ForbiddenError("auth.forbidden", `The role ${actor.role} does not allow ${action}.`);
  }
  return actor;
}

/** A browser names where a request comes from; one from elsewhere has no business writing here. */
export function sameOrigin(http: HttpDeps, c: Ctx): void {
  const site = c.req.header("sec-fetch-site");
  const origin = c.req.header("origin");
  const own = origin === undefined || isOwnOrigin(http, c, origin);
  if ((site !== undefined && site !== "same-origin" && site !== "none") || !own) {
    throw new ForbiddenError("auth.cross_site", "This request must come from the desk itself.");
  }
}

export function isOwnOrigin(http: HttpDeps, c: Ctx, origin: string): boolean {
  return origin === new URL(http.publicUrl).origin || origin === new URL(c.req.url).origin;
}

export function auditOf(
  http: HttpDeps,
  c: Ctx,
  actor: Pick<Actor, "id" | "shopId">,
  row: Pick<NewAudit, "action" | "result" | "data"> & { readonly target?: string },
): NewAudit {
  return {
    shopId: actor.shopId,
    at: http.desk.now(),
    actor: actor.id,
    requestId: c.get("requestId"),
    address: addressHash(http.addressOf(c)),
    ...row,
  };
}

/** Enough to see two attempts come from one place, not enough to say which. */
function addressHash(address: string): string {
  let hash = 0;
  for (const character of address) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) | 0;
  return `a${(hash >>> 0).toString(16)}`;
}

/**
 * @throws {LimitError} `limit.exceeded` after too many tries of one account or from one address
 * @throws {UnauthenticatedError} `auth.invalid_login`, the same for an unknown account and a wrong password
 */
export async function logIn(
  http: HttpDeps,
  c: Ctx,
  { email, password }: { readonly email: string; readonly password: string },
) {
  const { store, now } = http.desk;
  const account = `login:account:${await digest(email.toLowerCase())}`;
  const address = `login:address:${http.addressOf(c)}`;
  const window = { now: now(), windowMs: WINDOW_MS };
  const [byAccount, byAddress] = await Promise.all([store.countTry(account, window), store.countTry(address, window)]);
  if (byAccount > ACCOUNT_TRIES || byAddress > ADDRESS_TRIES) {
    throw new LimitError("limit.exceeded", "Too many attempts; wait a quarter of an hour.", WINDOW_MS);
  }
  const user = await store.userByEmail(email);
  const { ok, rehash } = await http.passwords.verify(password, user?.passwordHash);
  if (user === undefined || !ok || user.disabledAt !== undefined) {
    if (user !== undefined)
      await store.addAudit(auditOf(http, c, user, { action: "auth.login", result: "failed", data: {} }));
    throw new UnauthenticatedError("auth.invalid_login", "The e-mail or the password is wrong.");
  }
  await Promise.all([store.clearTries(account), store.clearTries(address)]);
  if (rehash) await store.patchUser(user.shopId, user.id, { passwordHash: await http.passwords.hash(password) });
  const token = randomToken();
  const tokenHash = await digest(token);
  const expiresAt = now() + ABSOLUTE_MS;
  await store.createLogin(
    { tokenHash, shopId: user.shopId, userId: user.id, now: now(), expiresAt },
    auditOf(http, c, user, { action: "auth.login", result: "ok", data: {} }),
  );
  setCookie(c, cookieName(http), token, {
    httpOnly: true,
    sameSite: "Strict",
    path: "/",
    secure: http.publicUrl.startsWith("https:"),
    maxAge: ABSOLUTE_MS / 1000,
  });
  return { token, expiresAt, user };
}
