import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Content } from "../../../src/core/content.ts";
import { newId } from "../../../src/core/ids.ts";
import { cleanText } from "../../../src/core/text.ts";
import { aText } from "../../support/builders.ts";
import { type Bench, createScene, present } from "./bench.ts";

export function testText(bench: Bench): void {
  describe("text", () => {
    const keeps = async (text: string) => {
      const scene = createScene(bench);
      const party = await scene.meet({
        user: `${newId("u")}${text.slice(0, 50)}`,
        sender: { id: newId("u"), name: text.slice(0, 200) },
      });
      const content: Content = text === "" ? { type: "sticker", emoji: text } : aText(text);
      const message = present(await scene.hear(party, { content }));
      const kept = present(await bench.store.message(scene.shopId, message.id));
      expect(kept.content).toEqual(content);
      expect(kept).toEqual(message);
      expect((await bench.store.contact(scene.shopId, party.contact.id))?.name).toBe(text.slice(0, 200));
    };

    test.each([
      ["quotes", `'; drop table messages; -- " \` $1 ? :name @x \\`],
      ["emoji", "👨‍👩‍👧‍👦👍🏽🇯🇵"],
      ["line ends and tabs", "a\r\nb\tc\u2028d"],
      ["other directions", "שלום\u202eabc"],
      ["100 KB", "退货".repeat(50_000)],
      ["nothing", ""],
    ])("comes back as it was: %s", async (_name, text) => keeps(text));

    test("comes back as it was, whatever it is, once it was cleaned", async () => {
      await fc.assert(
        fc.asyncProperty(fc.string({ unit: "binary", maxLength: 60 }), async (text) =>
          keeps(cleanText(text).replace(/\p{Cs}/gu, "")),
        ),
        { numRuns: 25 },
      );
    });

    test("of a preview is cut between characters", async () => {
      const scene = createScene(bench);
      const party = await scene.meet();
      const message = present(await scene.hear(party, { text: `${"a".repeat(78)}👍🏽👍🏽` }));
      const { preview } = await scene.session(message.sessionId);
      expect(preview).toBe(`${"a".repeat(78)}…`);
    });

    test("that is searched for means itself: nothing in it is a pattern", async () => {
      const scene = createScene(bench);
      const said = ["100% 折扣", "100 percent", "a_b", "axb", "back\\slash", "It's"];
      for (const text of said) await scene.hear(await scene.meet(), { text });
      const find = async (q: string) =>
        (await bench.store.sessions(scene.shopId, { limit: 20, q })).items.map(({ preview }) => preview).sort();
      expect(await find("100%")).toEqual(["100% 折扣"]);
      expect(await find("a_b")).toEqual(["a_b"]);
      expect(await find("%")).toEqual(["100% 折扣"]);
      expect(await find("\\")).toEqual(["back\\slash"]);
      expect(await find("it's")).toEqual(["It's"]);
      expect(await find("折扣")).toEqual(["100% 折扣"]);
      expect(await find("很".repeat(100))).toEqual([]);
      expect(await find("")).toHaveLength(said.length);
    });
  });
}
