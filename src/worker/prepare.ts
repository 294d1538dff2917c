/** Opening a deployment: migrations, the shop, its first admin, the demo. */
import { newId } from "../core/ids.ts";
import { SHOP_ID, seedAdmin, seedDemo, seedShop } from "../desk/seed.ts";
import type { Passwords } from "../http/context.ts";
import type { WorkerHome } from "./home.ts";
import { MIGRATIONS } from "./migrations.ts";
import { PACKS } from "./packs.ts";

/** Is all of it done? One round trip, asked by every fresh isolate. */
export async function isPrepared({ store, config }: WorkerHome): Promise<boolean> {
  try {
    const [applied, users, inboxes, articles] = await Promise.all([
      store.appliedMigrations(),
      store.users(SHOP_ID),
      store.inboxes(SHOP_ID),
      store.articles(SHOP_ID, { limit: 1 }),
    ]);
    const opened = users.some((user) => user.role === "admin" && user.disabledAt === undefined);
    const seeded = !config.demo || (inboxes.length > 0 && articles.items.length > 0);
    return MIGRATIONS.every(({ tag }) => applied.includes(tag)) && opened && seeded;
  } catch {
    return false; // no tables yet, or no database: preparing finds out which
  }
}

/** Does what is missing. Two at once would seed twice, so only the keeper calls it. */
export async function prepareDeployment(home: WorkerHome, passwords: Passwords): Promise<void> {
  const { config, store, engine, inboxes, desk } = home;
  await engine.migrate(MIGRATIONS);
  const seeding = { store, inboxes, newId, now: desk.now, hash: passwords.hash };
  await seedShop(seeding, config.demo);
  const admin = await seedAdmin(seeding, config.admin);
  if (config.demo) await seedDemo(seeding, PACKS);
  if (admin?.password !== undefined) {
    // Nobody could log in otherwise. Shown once, whatever the log level; with XIAOER_ADMIN_PASSWORD set, never.
    console.warn(
      `The first admin is ${admin.email} with the password ${admin.password}. It is shown this once; change it after the first login.`,
    );
  }
}
