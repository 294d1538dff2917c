/** CSV as spreadsheets write and read it (RFC 4180), with cells that would run as formulas made harmless; `security.md` TX-5. */

export interface CsvRow {
  /** Line of the file the row begins on, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

/** Reads commas, quoted cells with doubled quotes and line breaks inside; empty lines are left out. */
export function parseCsv(text: string): CsvRow[] {
  const rows: CsvRow[] = [];
  let cells: string[] = [];
  let cell = "";
  let quoted = false;
  let line = 1;
  let began = 1;
  const endRow = () => {
    cells.push(cell);
    cell = "";
    if (cells.length > 1 || cells[0] !== "") rows.push({ line: began, cells: cells.map(readable) });
    cells = [];
  };
  for (let i = 0; i < text.length; i += 1) {
    const character = text[i];
    if (character === "\n") line += 1;
    if (quoted) {
      if (character === '"' && text[i + 1] === '"') {
        cell += '"';
        i += 1;
      } else if (character === '"') quoted = false;
      else cell += character;
    } else if (character === '"' && cell === "") quoted = true;
    else if (character === ",") {
      cells.push(cell);
      cell = "";
    } else if (character === "\n") {
      endRow();
      began = line;
    } else if (character !== "\r") cell += character;
  }
  if (cell !== "" || cells.length > 0) endRow();
  return rows;
}

const INVISIBLE = /^[\s\u200b-\u200f\u2060\ufeff]*/u;
const FORMULA = /^[=+\-@|\uff1d\uff0b\uff0d\uff20\uff5c\t\r\n]/u;
const NUMBER = /^[+-]?[\d][\d\s().-]*$/;

/** What a spreadsheet would run begins with an apostrophe. */
export function harmless(text: string): string {
  const start = text.replace(INVISIBLE, "");
  const risky = (FORMULA.test(start) || /^[\t\r\n]/.test(text)) && !NUMBER.test(text);
  return risky ? `'${text}` : text;
}

/** One quoted cell, harmless. */
export const csvCell = (text: string): string => `"${harmless(text).replaceAll('"', '""')}"`;

/** Takes back the apostrophe of our own export. */
export function readable(cell: string): string {
  return cell.startsWith("'") && FORMULA.test(cell.slice(1).replace(INVISIBLE, "")) ? cell.slice(1) : cell;
}
