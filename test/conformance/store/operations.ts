import { describe, expect, test } from "vitest";
import { newId } from "../../../src/core/ids.ts";
import { anAudit, anInbox, aUser } from "../../support/builders.ts";
import { at, type Bench, createScene, onEach, present, range, times } from "./bench.ts";

export function testOperations(bench: Bench): void {
  describe("the audit log", () => {
    test("counts without a gap, however many write at once", async () => {
      const { shopId } = createScene(bench);
      const other = createScene(bench).shopId;
      await onEach(bench, 24, (store, i) =>
        store.addAudit(anAudit({ shopId: i % 4 === 3 ? other : shopId, target: `${i}` })),
      );
      const { items } = await bench.store.auditPage(shopId, { limit: 50 });
      expect(items.map(({ seq }) => seq)).toEqual(range(18).map((i) => 18 - i));
      expect(new Set(items.map(({ target }) => target)).size).toBe(18);
      expect((await bench.store.auditPage(other, { limit: 50 })).items).toHaveLength(6);
    });

    test("is paged, sealed in order, and tells what is not sealed yet", async () => {
      const { shopId } = createScene(bench);
      const row = anAudit({ shopId, target: "art_1", requestId: "req_1", address: "h:1", data: { a: [1, null] } });
      for (const _ of range(5)) await bench.store.addAudit(row);
      const { shopId: _shop, ...kept } = row;
      expect(await bench.store.unsealedAudit(shopId, 2)).toEqual({
        rows: [
          { ...kept, seq: 1 },
          { ...kept, seq: 2 },
        ],
      });
      await bench.store.sealAudit(shopId, [
        { seq: 1, hash: "h1" },
        { seq: 2, hash: "h2" },
      ]);
      await bench.store.sealAudit(shopId, [
        { seq: 2, hash: "other" },
        { seq: 3, hash: "h3" },
      ]);
      await bench.store.sealAudit(shopId, []);
      const unsealed = await bench.store.unsealedAudit(shopId, 9);
      expect(unsealed.last).toMatchObject({ seq: 3, hash: "h3" });
      expect(unsealed.rows.map(({ seq }) => seq)).toEqual([4, 5]);
      const first = await bench.store.auditPage(shopId, { limit: 3 });
      expect(first.items.map(({ seq, hash }) => [seq, hash])).toEqual([
        [5, undefined],
        [4, undefined],
        [3, "h3"],
      ]);
      const rest = await bench.store.auditPage(shopId, { limit: 3, cursor: present(first.next ?? undefined) });
      expect(rest.items.map(({ seq, hash }) => [seq, hash])).toEqual([
        [2, "h2"],
        [1, "h1"],
      ]);
      expect(rest.next).toBeNull();
    });

    test("cannot be changed or shortened, whoever asks", async () => {
      const scene = createScene(bench);
      await bench.store.addAudit(anAudit({ shopId: scene.shopId }));
      await bench.store.sealAudit(scene.shopId, [{ seq: 1, hash: "h1" }]);
      const before = await scene.everything();
      for (const table of ["audit", "audit_seals"]) {
        await expect(bench.sql(`update ${table} set seq = 9 where shop_id = '${scene.shopId}'`)).rejects.toThrow(
          /insert-only/,
        );
        await expect(bench.sql(`delete from ${table} where shop_id = '${scene.shopId}'`)).rejects.toThrow(
          /insert-only/,
        );
      }
      expect(await scene.everything()).toEqual(before);
    });

    test("has a row for each change, and none for a change that did not happen", async () => {
      const scene = createScene(bench);
      const { shopId } = scene;
      const audit = anAudit({ shopId });
      const [ada, bob] = [aUser({ shopId, role: "admin" }), aUser({ shopId, role: "agent" })];
      const inbox = anInbox({ shopId });
      expect(await bench.store.createUser(ada, audit)).toBe(true);
      expect(await bench.store.createUser(bob, audit)).toBe(true);
      expect(await bench.store.createInbox(inbox, audit)).toBe(true);
      expect(await bench.store.patchInbox(shopId, inbox.id, { name: "Neu", now: 3 }, audit)).toBe(true);
      await bench.store.createLogin({ tokenHash: newId("t"), shopId, userId: ada.id, now: 1, expiresAt: 9 }, audit);
      expect(await scene.count("audit")).toBe(5);
      const before = await scene.everything();
      expect(await bench.store.createUser({ ...aUser({ shopId }), email: ada.email.toUpperCase() }, audit)).toBe(false);
      expect(await bench.store.createUser(ada, audit)).toBe(false);
      expect(await bench.store.createInbox(inbox, audit)).toBe(false);
      expect(await bench.store.patchUser(shopId, ada.id, { role: "agent" }, audit)).toBe(false);
      expect(await bench.store.patchUser(shopId, ada.id, { disabledAt: 5 }, audit)).toBe(false);
      expect(await bench.store.patchUser(shopId, "usr_unknown", { name: "x" }, audit)).toBe(false);
      expect(await bench.store.patchInbox(shopId, "inb_unknown", { name: "x", now: 3 }, audit)).toBe(false);
      expect(await bench.store.deleteInbox(shopId, "inb_unknown", 3, audit)).toBe(false);
      expect(await scene.everything()).toEqual(before);
    });
  });

  describe("users", () => {
    test("log in by a token until they log out or are disabled", async () => {
      const { shopId } = createScene(bench);
      const user = aUser({ shopId, email: "Lin@Shop.Example", groups: ["a", "b"] });
      user.email.toLowerCase();
      const email = `${user.id}@Shop.Example`;
      await bench.store.createUser({ ...user, email });
      expect(await bench.store.userByEmail(email.toUpperCase())).toMatchObject({ id: user.id, groups: ["a", "b"] });
      const login = (tokenHash: string) =>
        bench.store.createLogin({ tokenHash, shopId, userId: user.id, now: 1, expiresAt: 99 });
      const [one, two, three] = [newId("t"), newId("t"), newId("t")];
      await Promise.all([one, two, three].map(login));
      await bench.store.touchLogin(one, 7);
      expect(await bench.store.login(one)).toMatchObject({
        user: { id: user.id },
        createdAt: 1,
        seenAt: 7,
        expiresAt: 99,
      });
      await bench.store.endLogins({ tokenHash: one }, 8);
      expect(await bench.store.login(one)).toBeUndefined();
      expect(await bench.store.login(two)).toBeDefined();
      await bench.store.endLogins({ userId: user.id }, 8);
      expect(await bench.store.login(two)).toBeUndefined();
      const four = newId("t");
      await login(four);
      await bench.store.patchUser(shopId, user.id, { disabledAt: 9 });
      expect(await bench.store.login(four)).toBeUndefined();
      await bench.store.patchUser(shopId, user.id, { disabledAt: null });
      expect(await bench.store.login(four)).toBeDefined();
      expect(await bench.store.users(shopId)).toEqual([await bench.store.user(user.id)]);
    });

    test("never leave a shop without an admin, however many step down at once", async () => {
      for (const _ of range(20)) {
        const { shopId } = createScene(bench);
        const admins = await times(2, async () => {
          const user = aUser({ shopId, role: "admin" });
          await bench.store.createUser(user);
          return user;
        });
        const down = await onEach(bench, 2, (store, i) => store.patchUser(shopId, at(admins, i).id, { role: "agent" }));
        expect(down.filter(Boolean)).toHaveLength(1);
        expect((await bench.store.users(shopId)).filter(({ role }) => role === "admin")).toHaveLength(1);
      }
    });

    test("have their tries counted within a window", async () => {
      const key = newId("login");
      const at0 = await onEach(bench, 8, (store) => store.countTry(key, { now: 0, windowMs: 100 }));
      expect([...at0].sort((a, b) => a - b)).toEqual(range(8).map((i) => i + 1));
      expect(await bench.store.countTry(key, { now: 100, windowMs: 100 })).toBe(9);
      expect(await bench.store.countTry(key, { now: 101, windowMs: 100 })).toBe(1);
      await bench.store.clearTries(key);
      expect(await bench.store.countTry(key, { now: 102, windowMs: 100 })).toBe(1);
    });
  });

  describe("inboxes, shops and visitors", () => {
    test("a shop is made once", async () => {
      const { shopId } = createScene(bench);
      const shop = {
        id: shopId,
        name: "茶铺",
        locale: "zh-CN",
        timeZone: "Asia/Shanghai",
        settings: { open: { h: [9, 18] } },
      };
      await times(3, () => bench.store.createShop({ ...shop, now: 1 }));
      expect(await bench.store.shop(shopId)).toMatchObject(shop);
      expect((await bench.store.shops()).filter(({ id }) => id === shopId)).toHaveLength(1);
      expect(await bench.store.shop("shp_unknown")).toBeUndefined();
    });

    test("an inbox counts its versions, tells of its changes and forgets its secrets when deleted", async () => {
      const scene = createScene(bench);
      const { shopId } = scene;
      const inbox = anInbox({ shopId, config: { token: "enc:1" } });
      await bench.store.createInbox(inbox);
      expect(await bench.store.inbox(inbox.id)).toEqual(inbox);
      await bench.store.patchInbox(shopId, inbox.id, { state: "error", stateDetail: "401", now: 5 });
      await bench.store.patchInbox(shopId, inbox.id, {
        state: "active",
        stateDetail: null,
        config: { token: "enc:2" },
        now: 6,
      });
      const after = present(await bench.store.inbox(inbox.id));
      expect(after).toEqual({ ...inbox, config: { token: "enc:2" }, version: 3 });
      expect(await bench.store.inboxes(shopId)).toEqual([after]);
      expect((await bench.store.inboxes()).map(({ id }) => id)).toContain(inbox.id);
      expect(await bench.store.deleteInbox(shopId, inbox.id, 7)).toBe(true);
      expect(await bench.store.deleteInbox(shopId, inbox.id, 8)).toBe(false);
      expect(await bench.store.inbox(inbox.id)).toBeUndefined();
      expect(await bench.sql(`select config, version from inboxes where id = '${inbox.id}'`)).toEqual([["{}", 4]]);
      expect((await scene.events()).map(({ type, data, at: time }) => [type, data?.id, time])).toEqual(
        [5, 6, 7].map((time) => ["inbox", inbox.id, time]),
      );
    });

    test("a visitor's token opens their conversation", async () => {
      const { shopId } = createScene(bench);
      const tokenHash = newId("t");
      const token = { tokenHash, shopId, inboxId: "inb_1", conversationId: "cnv_1", identityId: "idn_1", now: 1 };
      await bench.store.createVisitorToken(token);
      await bench.store.touchVisitorToken(tokenHash, 5);
      expect(await bench.store.visitorToken(tokenHash)).toMatchObject({ shopId, conversationId: "cnv_1", seenAt: 5 });
      expect(await bench.store.visitorToken("none")).toBeUndefined();
    });

    test("an adapter remembers the last value", async () => {
      const key = newId("token");
      expect(await bench.store.adapterState(key)).toBeUndefined();
      await bench.store.setAdapterState(key, "enc:1", 99);
      await bench.store.setAdapterState(key, "enc:2");
      expect(await bench.store.adapterState(key)).toEqual({ key, value: "enc:2" });
    });
  });

  describe("long work", () => {
    const create = (shopId: string, id: string, now = 0) =>
      bench.store.createTask({ id, shopId, kind: "import", input: { file: "f" }, total: 3, now });

    test("is taken by one worker, and again when that one is silent", async () => {
      const { shopId } = createScene(bench);
      const id = newId("tsk");
      await create(shopId, id);
      const claims = await onEach(bench, 6, (store) => store.claimTask({ id, now: 1 }));
      expect(claims.filter((task) => task !== undefined)).toMatchObject([
        { id, state: "running", input: { file: "f" }, total: 3 },
      ]);
      await bench.store.updateTask(id, { done: 1, now: 50_000 });
      expect(await bench.store.claimTask({ id, now: 100_000 })).toBeUndefined();
      expect(await bench.store.claimTask({ id, now: 110_001 })).toMatchObject({ id, done: 1 });
      const errors = [{ line: 2, code: "import.bad", message: "坏" }];
      await bench.store.updateTask(id, { state: "done", done: 3, result: { made: 2 }, errors, now: 110_002 });
      expect(await bench.store.task(shopId, id)).toMatchObject({ state: "done", done: 3, result: { made: 2 }, errors });
      expect(await bench.store.claimTask({ id, now: 900_000 })).toBeUndefined();
    });

    test("is taken by as many workers as there are tasks, the oldest first", async () => {
      const { shopId } = createScene(bench);
      // Before any other test's time, so that these are the oldest.
      const ids = range(4).map(() => newId("tsk"));
      for (const [i, id] of ids.entries()) await create(shopId, id, -1000 + i);
      const first = await bench.store.claimTask({ now: 1 });
      expect(first?.id).toBe(ids[0]);
      const rest = await onEach(bench, 3, (store) => store.claimTask({ now: 2 }));
      expect(rest.map((task) => task?.id).sort()).toEqual(ids.slice(1).sort());
    });
  });

  describe("files", () => {
    test("are kept whole and counted for their owner", async () => {
      const { shopId } = createScene(bench);
      const file = { id: newId("fil"), name: "收据.png", mime: "image/png", size: 75_000, body: "A".repeat(100_000) };
      const ownerId = newId("cnv");
      await bench.store.saveFile({ ...file, shopId, ownerId, now: 10 });
      await bench.store.saveFile({ ...file, id: newId("fil"), shopId, ownerId, now: 20 });
      expect(await bench.store.file(file.id)).toMatchObject({ ...file, shopId, ownerId });
      expect(await bench.store.file("fil_unknown")).toBeUndefined();
      expect(await bench.store.bytesSince(ownerId, 10)).toBe(150_000);
      expect(await bench.store.bytesSince(ownerId, 11)).toBe(75_000);
      expect(await bench.store.bytesSince("nobody", 0)).toBe(0);
    });
  });

  test("the store answers when asked whether it is there", async () => {
    await expect(bench.store.ping()).resolves.toBeUndefined();
    expect(await bench.store.appliedMigrations()).toContain("0000_init");
  });
}
