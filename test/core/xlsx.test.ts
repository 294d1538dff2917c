import { describe, expect, it } from "vitest";
import { MalformedError } from "../../src/core/errors.ts";
import { readXlsx } from "../../src/core/xlsx.ts";
import { aWorkbook, zip } from "../support/workbook.ts";

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
