/** The first run: a shop, its first admin, and in demo a web inbox, starter articles and a demo identity secret. */
import { type Calendar, WEEKDAYS } from "../core/calendar.ts";
import type { Inbox, Shop, Store, User } from "../core/ports.ts";
import { randomToken } from "../core/seal.ts";
import { parseImport } from "./articles.ts";
import type { InboxRegistry } from "./inboxes.ts";

export const SHOP_ID = "default";
export const DEMO_INBOX = "web";

/** Every day from nine to nine, as its articles say. */
const DEMO_CALENDAR: Calendar = {
  week: Object.fromEntries(WEEKDAYS.map((weekday) => [weekday, [{ from: "09:00", to: "21:00" }]])),
  holidays: [],
  extra: [],
};

interface Seeding {
  readonly store: Store;
  readonly inboxes: InboxRegistry;
  readonly newId: (prefix: string) => string;
  readonly now: () => number;
  readonly hash: (password: string) => Promise<string>;
}

export async function seedShop({ store, now }: Seeding, demo: boolean): Promise<Shop> {
  const known = await store.shop(SHOP_ID);
  if (known !== undefined) return known;
  const shop = {
    id: SHOP_ID,
    name: demo ? "小二优选" : "My shop",
    locale: "zh-CN",
    timeZone: "Asia/Shanghai",
    settings: demo ? { calendar: DEMO_CALENDAR } : {},
  };
  await store.createShop({ ...shop, now: now() });
  return shop;
}

/** Makes the first admin when there is none; answers the password it made up, to be printed once. */
export async function seedAdmin(
  seeding: Seeding,
  wanted: { readonly email?: string; readonly password?: string },
): Promise<{ readonly email: string; readonly password?: string } | undefined> {
  const { store, now, newId, hash } = seeding;
  const users = await store.users(SHOP_ID);
  if (users.some((user) => user.role === "admin" && user.disabledAt === undefined)) return undefined;
  const email = wanted.email ?? "admin@xiaoer.example";
  const password = wanted.password ?? randomToken().slice(0, 20);
  const admin: User = {
    id: newId("usr"),
    shopId: SHOP_ID,
    email,
    name: "店长",
    role: "admin",
    groups: [],
    passwordHash: await hash(password),
    createdAt: now(),
  };
  const made = await store.createUser(admin, {
    shopId: SHOP_ID,
    at: now(),
    actor: "system",
    action: "user.create",
    target: admin.id,
    result: "ok",
    data: { role: "admin" },
  });
  // Another process that started at the same time was first, and says its password.
  if (!made) return undefined;
  return { email, ...(wanted.password === undefined ? { password } : {}) };
}

/** A web inbox and the starter articles; nothing of it touches a shop that has inboxes or articles of its own. */
export async function seedDemo(seeding: Seeding, packs: readonly string[]): Promise<void> {
  const { store, inboxes, now, newId } = seeding;
  if ((await store.inboxes(SHOP_ID)).length === 0) {
    const base = { id: DEMO_INBOX, shopId: SHOP_ID, channel: "web" };
    const config = inboxes.check("web", { title: "小二优选", color: "#c8340c", identitySecret: randomToken() });
    const inbox: Inbox = {
      ...base,
      name: "小二优选 · 网页",
      config: await inboxes.sealConfig(base, config),
      state: "active",
      version: 1,
      createdAt: now(),
    };
    await store.createInbox(inbox);
  }
  const have = await store.articles(SHOP_ID, { limit: 1 });
  if (have.items.length > 0) return;
  const read = await Promise.all(packs.map((pack) => parseImport(pack, "ndjson", { check: () => undefined, newId })));
  const fault = read.flatMap(({ errors }) => errors)[0];
  if (fault !== undefined) throw new Error(`The starter pack has a bad line ${fault.line}: ${fault.message}`);
  // All in one write: a start that is cut short leaves none, and the next one begins again.
  const articles = read.flatMap((pack) => pack.articles);
  await store.saveArticles({ shopId: SHOP_ID, articles, publish: true, by: "starter", isStarter: true, now: now() });
}
