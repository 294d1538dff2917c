import { crc32 as systemCrc32 } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MalformedError } from "../../src/core/errors.ts";
import { readXlsx } from "../../src/core/xlsx.ts";
import { writeXlsx } from "../../src/core/xlsx-write.ts";
import { crc32 } from "../../src/core/zip.ts";
import { aSheet, aWorkbook, zip } from "../support/workbook.ts";

const sheet = (rows: string) => `<worksheet><sheetData>${rows}</sheetData></worksheet>`;
const read = async (rows: string, shared = "") => readXlsx(await aWorkbook({ sheet: sheet(rows), shared }));

describe("a workbook", () => {
  it("is read cell by cell, wherever its text stands", async () => {
    const shared = `<sst><si><t>问题</t></si><si><r><t>多久</t></r><r><t xml:space="preserve"> 发货</t></r><rPh sb="0"><t>duo</t></rPh></si></sst>`;
    const rows = await read(
      `<row r="1" spans="1:3"><c r="A1" t="s"><v>0</v></c><c r="C1" t="inlineStr"><is><t>a &amp; &lt;b&gt; &#x4F60;</t></is></c></row>
       <row r="3"><c r="A3" t="s"><v>1</v></c><c r="B3"><v>42</v></c><c r="AA3" t="str"><v>末</v></c></row>`,
      shared,
    );
    expect(rows).toHaveLength(3);
    expect(rows[0]).toEqual(["问题", "", "a & <b> 你"]);
    expect(rows[1]).toEqual([]);
    expect(rows[2]?.[0]).toBe("多久 发货");
    expect(rows[2]?.[1]).toBe("42");
    expect(rows[2]?.[26]).toBe("末");
  });

  it("with formulas shows their last value, and no entity is looked up", async () => {
    expect(
      await read(`<row r="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="B1" t="str"><v>&nbsp;&unknown;</v></c></row>`),
    ).toEqual([["2", "&nbsp;&unknown;"]]);
    await expect(readXlsx(await aWorkbook({ sheet: `<!DOCTYPE x [<!ENTITY a "b">]>${sheet("")}` }))).rejects.toThrow(
      MalformedError,
    );
  });

  it.each([
    ["no ZIP at all", async () => new TextEncoder().encode("id,question\n")],
    ["nothing", async () => new Uint8Array(0)],
    ["a ZIP without a sheet", async () => zip({ "readme.txt": "hello" })],
    ["a bomb", async () => zip({ "xl/worksheets/sheet1.xml": " ".repeat(30_000_000) })],
    ["a cut-off file", async () => (await aWorkbook({ sheet: sheet("") })).slice(40)],
  ])("that is %s is refused", async (_, make) => {
    await expect(readXlsx(await make())).rejects.toThrow(MalformedError);
  });
});

describe("a workbook we write", () => {
  /** Whatever a cell may hold: quotes, brackets, controls, halves of characters, and what looks like our own marks. */
  const cell = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.constantFrom(
      "",
      " ",
      "_x000D_",
      "_x005F_",
      "_x_",
      "a\r\nb",
      "\u0000\u001f",
      "]]>",
      "&amp;<t>",
      "\ud800",
      "\uffff",
      "😀",
    ),
  );

  it("reads back as it was, whatever its cells hold", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(cell, { maxLength: 30 }), { maxLength: 20 }), async (rows) => {
        const read = await readXlsx(await aSheet(rows));
        // Empty cells at the end of a row, and empty rows at the end, are nothing.
        const end = <T>(list: readonly T[], isEmpty: (one: T) => boolean) =>
          list.slice(0, list.findLastIndex((one) => !isEmpty(one)) + 1);
        const trim = (table: readonly (readonly string[])[]) =>
          end(
            table.map((cells) => end(cells, (text) => text === "")),
            (cells) => cells.length === 0,
          );
        expect(trim(read)).toEqual(trim(rows));
      }),
    );
  });

  it("names its columns beyond Z, and holds its texts in ZIP parts whose sums are right", async () => {
    const header = Array.from({ length: 703 }, (_, i) => `c${i}`);
    const bytes = await aSheet([header, ["x"]]);
    expect((await readXlsx(bytes))[0]).toEqual(header);
    const text = Buffer.from(bytes).toString("latin1");
    for (const name of [
      "[Content_Types].xml",
      "_rels/.rels",
      "xl/workbook.xml",
      "xl/_rels/workbook.xml.rels",
      "xl/styles.xml",
    ])
      expect(text).toContain(name);
  });

  it("is summed as everybody sums, in one piece or many", () => {
    expect(crc32(0, new TextEncoder().encode("123456789"))).toBe(0xcbf43926);
    fc.assert(
      fc.property(fc.uint8Array(), fc.uint8Array(), (a, b) => {
        expect(crc32(crc32(0, a), b)).toBe(systemCrc32(Buffer.concat([a, b])));
      }),
    );
  });

  it("is written as it is read: rows are asked for only when somebody takes them, and no more once nobody does", async () => {
    let asked = 0;
    let ended = false;
    async function* rows() {
      try {
        for (;;) {
          asked += 1;
          yield [`${asked}`, crypto.randomUUID().repeat(50)];
        }
      } finally {
        ended = true;
      }
    }
    const reader = writeXlsx("endless", rows()).getReader();
    let size = 0;
    while (size < 200_000) size += (await reader.read()).value?.length ?? 0;
    expect(asked).toBeLessThan(5000);
    await reader.cancel();
    await expect.poll(() => ended).toBe(true);
  });
});
