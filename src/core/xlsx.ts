/**
 * The first sheet of a workbook as rows of text: an XLSX file is a ZIP of XML (ECMA-376). Parts are read without entities or
 * document types, no larger than a limit and not packed tighter than a file of text is; `security.md` UP-3.
 */
import { MalformedError } from "./errors.ts";

const MAX_UNPACKED = 100 * 1024 * 1024;
const MAX_RATIO = 100;
const MAX_CELLS = 2_000_000;
const refuse = (detail: string, cause?: unknown) => new MalformedError("import.not_xlsx", detail, { cause });

/** @throws {MalformedError} `import.not_xlsx` */
export async function readXlsx(bytes: Uint8Array<ArrayBuffer>): Promise<string[][]> {
  const parts = directoryOf(bytes);
  const budget = { left: MAX_UNPACKED };
  const read = async (name: string) => {
    const part = parts.get(name);
    return part === undefined ? undefined : unpack(bytes, part, budget);
  };
  const sheets = [...parts.keys()].filter((name) => /^xl\/worksheets\/[^/]+\.xml$/.test(name)).sort(byNumber);
  const sheet = sheets[0] === undefined ? undefined : await read(sheets[0]);
  if (sheet === undefined) throw refuse("The workbook has no sheet.");
  const shared = (await read("xl/sharedStrings.xml")) ?? "";
  return rowsOf(sheet, stringsOf(shared));
}

const byNumber = (a: string, b: string) => a.length - b.length || (a < b ? -1 : 1);

interface Part {
  readonly method: number;
  readonly packed: number;
  readonly unpacked: number;
  readonly at: number;
}

/** The ZIP's central directory: where each part stands. */
function directoryOf(bytes: Uint8Array<ArrayBuffer>): Map<string, Part> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts = new Map<string, Part>();
  try {
    let end = bytes.length - 22;
    while (end >= 0 && view.getUint32(end, true) !== 0x06054b50) end -= 1;
    const count = view.getUint16(end + 10, true);
    let at = view.getUint32(end + 16, true);
    for (let i = 0; i < count; i += 1) {
      if (view.getUint32(at, true) !== 0x02014b50) throw refuse("The file's directory is broken.");
      const [name, extra, comment] = [28, 30, 32].map((offset) => view.getUint16(at + offset, true)) as [
        number,
        number,
        number,
      ];
      parts.set(new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + name)), {
        method: view.getUint16(at + 10, true),
        packed: view.getUint32(at + 20, true),
        unpacked: view.getUint32(at + 24, true),
        at: view.getUint32(at + 42, true),
      });
      at += 46 + name + extra + comment;
    }
  } catch (cause) {
    throw refuse("The file is not an XLSX workbook.", cause);
  }
  return parts;
}

async function unpack(bytes: Uint8Array<ArrayBuffer>, part: Part, budget: { left: number }): Promise<string> {
  if (part.unpacked > part.packed * MAX_RATIO + 10_000) throw refuse("A part of the workbook is packed too tightly.");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (part.at + 30 > bytes.length) throw refuse("The file ends early.");
  const start = part.at + 30 + view.getUint16(part.at + 26, true) + view.getUint16(part.at + 28, true);
  const packed = bytes.slice(start, start + part.packed);
  if (part.method !== 0 && part.method !== 8) throw refuse("A part of the workbook is packed in an unknown way.");
  const stream = new Blob([packed]).stream();
  const reader = (part.method === 0 ? stream : stream.pipeThrough(new DecompressionStream("deflate-raw"))).getReader();
  const decoder = new TextDecoder();
  let text = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      // What the directory says may be a lie; what comes out counts.
      budget.left -= value.length;
      if (budget.left < 0) throw refuse(`The workbook unpacks to more than ${MAX_UNPACKED} bytes.`);
      text += decoder.decode(value, { stream: true });
    }
  } catch (cause) {
    if (cause instanceof MalformedError) throw cause;
    throw refuse("A part of the workbook is damaged.", cause);
  }
  if (/<!(DOCTYPE|ENTITY)/i.test(text)) throw refuse("The workbook declares entities, which are not read.");
  return text + decoder.decode();
}

/** Shared strings, each the text of its runs; pronunciation hints are left out. */
function stringsOf(xml: string): string[] {
  return [...xml.matchAll(/<si\b[^>]*?(?:\/>|>([\s\S]*?)<\/si>)/g)].map(([, inner = ""]) => textOf(inner));
}

function textOf(xml: string): string {
  const spoken = xml.replace(/<rPh\b[\s\S]*?<\/rPh>/g, "");
  return [...spoken.matchAll(/<t\b[^>]*?(?:\/>|>([\s\S]*?)<\/t>)/g)]
    .map(([, text = ""]) => unmarked(plain(text)))
    .join("");
}

function rowsOf(xml: string, shared: readonly string[]): string[][] {
  const rows: string[][] = [];
  let count = 0;
  for (const [, own = "", body = ""] of xml.matchAll(/<row\b([^>]*?)(?:\/>|>([\s\S]*?)<\/row>)/g)) {
    const number = /\br="(\d+)"/.exec(own)?.[1];
    const cells: string[] = [];
    for (const [, attributes = "", inner = ""] of body.matchAll(/<c\b([^>]*?)(?:\/>|>([\s\S]*?)<\/c>)/g)) {
      count += 1;
      if (count > MAX_CELLS) throw refuse(`The sheet has more than ${MAX_CELLS} cells.`);
      const column = columnOf(/\br="([A-Z]{1,3})\d+"/.exec(attributes)?.[1]) ?? cells.length;
      while (cells.length < column) cells.push("");
      cells[column] = cellText(/\bt="(\w+)"/.exec(attributes)?.[1], inner, shared);
    }
    // Rows left out of the file keep their numbers, so that a fault is named by the line people see.
    const place = number === undefined ? rows.length : Math.min(Number(number) - 1, rows.length + 10_000);
    while (rows.length < place) rows.push([]);
    rows[place] = cells;
  }
  return rows;
}

function cellText(type: string | undefined, inner: string, shared: readonly string[]): string {
  if (type === "inlineStr") return textOf(inner);
  const value = plain(/<v\b[^>]*>([\s\S]*?)<\/v>/.exec(inner)?.[1] ?? "");
  if (type === "s") return shared[Number(value)] ?? "";
  return type === "str" ? unmarked(value) : value;
}

/** `_x000D_` is the character it names (ECMA-376 part 1, §22.9.2.19). */
const unmarked = (text: string) =>
  text.replaceAll(/_x([\da-f]{4})_/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));

function columnOf(letters: string | undefined): number | undefined {
  if (letters === undefined) return undefined;
  return [...letters].reduce((column, letter) => column * 26 + letter.charCodeAt(0) - 64, 0) - 1;
}

const NAMED: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** XML's five names and numbers of characters; anything else stays as it is written. */
function plain(xml: string): string {
  return xml.replace(/&(?:#x([\da-f]{1,6})|#(\d{1,7})|(\w{2,4}));/gi, (whole, hex, decimal, name) => {
    if (name !== undefined) return NAMED[String(name)] ?? whole;
    const code = hex === undefined ? Number(decimal) : Number.parseInt(String(hex), 16);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
