/**
 * Rows of text as a workbook of one sheet (ECMA-376 part 1, §18): texts stand in their cells, the first row is the header and stays in
 * sight. Written row by row, so that a large table is not held whole.
 */
import { type ZipPart, zipStream } from "./zip.ts";

/** What a cell of Excel holds; a longer one makes it offer to repair the file. */
export const MAX_CELL_TEXT = 32_767;

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE = "http://schemas.openxmlformats.org/package/2006";
const TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml";

const CONTENT_TYPES = `${XML}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${TYPES}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="${TYPES}.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="${TYPES}.styles+xml"/></Types>`;
const RELATIONS = `${XML}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>`;
const WORKBOOK_RELATIONS = `${XML}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${OFFICE}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="${OFFICE}/styles" Target="styles.xml"/></Relationships>`;
/** 1: text that is not taken for a number or a date when it is edited; 2: the header. */
const STYLES = `${XML}<styleSheet xmlns="${MAIN}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`;

const workbook = (sheet: string) =>
  `${XML}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><bookViews><workbookView/></bookViews><sheets><sheet name="${escaped(sheet)}" sheetId="1" r:id="rId1"/></sheets></workbook>`;
const SHEET_HEAD = `${XML}<worksheet xmlns="${MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/><selection pane="bottomLeft" activeCell="A2" sqref="A2"/></sheetView></sheetViews><sheetFormatPr defaultColWidth="22" defaultRowHeight="15"/><sheetData>`;
const SHEET_END = "</sheetData></worksheet>";

type Rows = Iterable<readonly string[]> | AsyncIterable<readonly string[]>;

/** @param sheet at most 31 characters, none of `[]:*?/\` */
export function writeXlsx(sheet: string, rows: Rows): ReadableStream<Uint8Array<ArrayBuffer>> {
  return zipStream(workbookParts(sheet, sheetXml(rows)));
}

function workbookParts(name: string, sheet: ZipPart["text"]): readonly ZipPart[] {
  return [
    { name: "[Content_Types].xml", text: [CONTENT_TYPES] },
    { name: "_rels/.rels", text: [RELATIONS] },
    { name: "xl/workbook.xml", text: [workbook(name)] },
    { name: "xl/_rels/workbook.xml.rels", text: [WORKBOOK_RELATIONS] },
    { name: "xl/styles.xml", text: [STYLES] },
    { name: "xl/worksheets/sheet1.xml", text: sheet },
  ];
}

/** Rows in one piece: few enough that others have their turn, enough that the packer is not called for each. */
const ROWS_AT_ONCE = 50;

async function* sheetXml(rows: Rows): AsyncGenerator<string> {
  let text = SHEET_HEAD;
  let number = 0;
  for await (const cells of rows) {
    number += 1;
    text += rowXml(cells, number);
    if (number % ROWS_AT_ONCE === 0) {
      yield text;
      text = "";
    }
  }
  yield text + SHEET_END;
}

function rowXml(cells: readonly string[], row: number): string {
  const style = row === 1 ? 2 : 1;
  const texts = cells.map((text, column) =>
    text === ""
      ? ""
      : `<c r="${columnName(column)}${row}" s="${style}" t="inlineStr"><is><t xml:space="preserve">${escaped(text)}</t></is></c>`,
  );
  return `<row r="${row}">${texts.join("")}</row>`;
}

function columnName(column: number): string {
  const letter = String.fromCharCode(65 + (column % 26));
  return column < 26 ? letter : columnName(Math.floor(column / 26) - 1) + letter;
}

const XML_NAMES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const code = (character: string) => `_x${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}_`;

/** What XML cannot hold, and a carriage return, which it would change, as `_x000D_`; what looks like that is marked too (§22.9.2.19). */
function escaped(text: string): string {
  return (
    text
      .replaceAll(/_(?=x[\da-f]{4}_)/gi, "_x005F_")
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
      .replaceAll(/[\u0000-\u0008\u000b-\u001f\ufffe\uffff]|\p{Surrogate}/gu, code)
      .replaceAll(/[&<>"]/g, (character) => XML_NAMES[character] ?? character)
  );
}
