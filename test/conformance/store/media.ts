import { describe, expect, test } from "vitest";
import type { Content, ContentOf } from "../../../src/core/content.ts";
import { DAY_MS, MAX_DAY_BYTES } from "../../../src/core/file.ts";
import { newId } from "../../../src/core/ids.ts";
import { MEDIA_LEASE_MS } from "../../../src/core/media.ts";
import type { MediaOutcome, MediaWork, Party } from "../../../src/core/ports.ts";
import { at, type Bench, createScene, onEach, present } from "./bench.ts";

const picture: ContentOf<"image"> = { type: "image", fileId: "P1", alt: "裂了" };

export function testMedia(bench: Bench): void {
  async function aPicture(scene: ReturnType<typeof createScene>, party?: Party) {
    const message = await scene.hear(party ?? (await scene.meet()), { content: picture, mediaRef: "P1" });
    return present(message);
  }
  const claim = (scene: ReturnType<typeof createScene>, limit = 9) =>
    bench.store.claimMedia({ inboxId: scene.inboxId, now: scene.clock.now(), limit });
  const aFile = (size = 3, body = "AAAA") => ({ id: newId("fil"), name: "a.png", mime: "image/png", size, body });
  const kept = (file: { id: string; size: number }): Content => ({ type: "image", fileId: file.id, size: file.size });
  const settle = (work: MediaWork, scene: ReturnType<typeof createScene>, file = aFile()) =>
    bench.store.settleMedia(work, { kind: "stored", file, content: kept(file) }, scene.clock.now());
  const mediaOf = async (scene: ReturnType<typeof createScene>, id: string) =>
    present(await bench.store.message(scene.shopId, id)).media;

  describe("a file at a platform", () => {
    test("is due with its message, is taken by one process, and is kept with the message and an event at once", async () => {
      const scene = createScene(bench);
      const message = await aPicture(scene);
      expect(await mediaOf(scene, message.id)).toEqual({ state: "pending" });
      expect(await bench.store.mediaInboxes(scene.clock.now(), 1000)).toContain(scene.inboxId);
      const takings = await onEach(bench, 8, (store) =>
        store.claimMedia({ inboxId: scene.inboxId, now: scene.clock.now(), limit: 9 }),
      );
      const works = takings.flat();
      expect(works.map(({ message: { id }, ref, tries }) => ({ id, ref, tries }))).toEqual([
        { id: message.id, ref: "P1", tries: 1 },
      ]);
      expect(await bench.store.mediaInboxes(scene.clock.now(), 1000)).not.toContain(scene.inboxId);
      const before = (await scene.events()).length;
      const file = aFile();
      expect(await settle(at(works, 0), scene, file)).toBe("stored");
      expect((await scene.events()).slice(before)).toMatchObject([{ type: "message", messageId: message.id }]);
      const shown = present(await bench.store.message(scene.shopId, message.id));
      expect(shown).toMatchObject({ content: kept(file), media: { state: "stored" } });
      expect(await bench.store.file(file.id)).toMatchObject({ body: "AAAA", ownerId: message.conversationId });
      scene.clock.advance(2 * MEDIA_LEASE_MS);
      expect(await claim(scene)).toEqual([]);
      expect(await bench.store.retryMedia({ shopId: scene.shopId, messageId: message.id, now: 1 })).toBe(false);
    });

    test("is taken up again when its lease ends, and the first then changes nothing", async () => {
      const scene = createScene(bench);
      const message = await aPicture(scene);
      const first = at(await claim(scene), 0);
      expect(await claim(scene)).toEqual([]);
      scene.clock.advance(MEDIA_LEASE_MS + 1);
      const second = at(await claim(scene), 0);
      expect(second.tries).toBe(2);
      const { shopId } = scene;
      const lease = { shopId, messageId: message.id };
      expect(await bench.store.leasedMedia({ ...lease, leaseUntil: first.leaseUntil })).toBeUndefined();
      expect(await bench.store.leasedMedia({ ...lease, leaseUntil: second.leaseUntil })).toMatchObject({ tries: 2 });
      const late = aFile();
      const before = await scene.events();
      expect(await settle(first, scene, late)).toBe("lost");
      expect(await bench.store.file(late.id)).toBeUndefined();
      expect(await scene.events()).toEqual(before);
      expect(await settle(second, scene)).toBe("stored");
    });

    test("waits for its next try, and is given up with a reason until somebody asks again", async () => {
      const scene = createScene(bench);
      const { shopId } = scene;
      const message = await aPicture(scene);
      const nextAt = scene.clock.now() + 5000;
      const later = { kind: "later", at: nextAt } as const;
      expect(await bench.store.settleMedia(at(await claim(scene), 0), later, scene.clock.now())).toBe("later");
      expect(await claim(scene)).toEqual([]);
      scene.clock.advance(5001);
      const again = at(await claim(scene), 0);
      expect(again.tries).toBe(2);
      const failed: MediaOutcome = {
        kind: "failed",
        code: "file.too_large",
        content: { ...picture, size: 24_000_000 },
      };
      const before = (await scene.events()).length;
      expect(await bench.store.settleMedia(again, failed, scene.clock.now())).toBe("failed");
      expect((await scene.events()).length).toBe(before + 1);
      expect(await mediaOf(scene, message.id)).toEqual({ state: "failed", code: "file.too_large" });
      scene.clock.advance(DAY_MS);
      expect(await claim(scene)).toEqual([]);
      const retry = { shopId, messageId: message.id, now: scene.clock.now() };
      const asked = await onEach(bench, 4, (store) => store.retryMedia(retry));
      expect(asked.filter(Boolean)).toHaveLength(1);
      expect(await mediaOf(scene, message.id)).toEqual({ state: "pending" });
      expect(await claim(scene)).toMatchObject([{ tries: 1 }]);
    });

    test("that its sender takes back is not kept, and one sent anew is fetched anew", async () => {
      const scene = createScene(bench);
      const party = await scene.meet();
      const channelMessageId = newId("wamid");
      const hear = { content: picture, mediaRef: "P1", channelMessageId };
      const message = present(await scene.hear(party, hear));
      const work = at(await claim(scene), 0);
      expect(await settle(work, scene)).toBe("stored");
      const now = scene.clock.now();
      const content: Content = { type: "image", fileId: "P2", alt: "新图" };
      await bench.store.reviseInbound(scene.inboxId, channelMessageId, { content, mediaRef: "P2", now });
      expect(await mediaOf(scene, message.id)).toEqual({ state: "pending" });
      const again = at(await claim(scene), 0);
      expect(again).toMatchObject({ ref: "P2", tries: 1 });
      await bench.store.reviseInbound(scene.inboxId, channelMessageId, { recalledAt: now, now });
      expect(await settle(again, scene)).toBe("lost");
      scene.clock.advance(2 * MEDIA_LEASE_MS);
      expect(await claim(scene)).toEqual([]);
    });

    test("counts into its contact's day, whichever conversation it came in, however many come at once", async () => {
      const scene = createScene(bench);
      const party = await scene.meet();
      const half = Math.floor(MAX_DAY_BYTES / 2);
      for (let i = 0; i < 3; i += 1) await aPicture(scene, party);
      const works = await claim(scene);
      expect(works).toHaveLength(3);
      const ends = await onEach(bench, 3, (store, i) => {
        const file = aFile(half);
        return store.settleMedia(at(works, i), { kind: "stored", file, content: kept(file) }, scene.clock.now());
      });
      expect(ends.sort()).toEqual(["failed", "stored", "stored"]);
      expect(await bench.store.contactBytesSince(party.contact.id, scene.clock.now() - DAY_MS)).toBe(2 * half);
      expect(await scene.count("messages", "media_code = 'media.quota_exhausted'")).toBe(1);
      scene.clock.advance(DAY_MS + 1);
      await aPicture(scene, party);
      expect(await settle(at(await claim(scene), 0), scene, aFile(half))).toBe("stored");
    });

    test("of a dead process is due at once when the next one has the database to itself", async () => {
      const scene = createScene(bench);
      await aPicture(scene);
      expect(await claim(scene)).toHaveLength(1);
      expect(await claim(scene)).toHaveLength(0);
      await bench.store.releaseLeases();
      expect(await claim(scene)).toMatchObject([{ tries: 2 }]);
    });
  });

  test("a file longer than one row comes back whole", async () => {
    const scene = createScene(bench);
    const body = "QUJD".repeat(1_000_000);
    const file = { id: newId("fil"), name: "a.mp4", mime: "video/mp4", size: 3_000_000, body };
    const { shopId } = scene;
    await bench.store.saveFile({ ...file, shopId, ownerId: "cnv_1", now: 1 });
    const read = present(await bench.store.file(file.id));
    expect(read.body === body).toBe(true);
    expect(await bench.store.fileInfo(file.id)).toEqual({
      id: file.id,
      name: "a.mp4",
      mime: "video/mp4",
      size: 3_000_000,
      shopId,
      ownerId: "cnv_1",
    });
    expect(await scene.count("file_parts", `length(body) <= 1200000 and file_id = '${file.id}'`)).toBe(3);
  });
}
