/** XLSX files of a test's own making, on the writer the export uses. */
import { writeXlsx } from "../../src/core/xlsx-write.ts";
import { zipStream } from "../../src/core/zip.ts";

const bytesOf = async (stream: ReadableStream<Uint8Array<ArrayBuffer>>) =>
  new Uint8Array(await new Response(stream).arrayBuffer());

/** Parts as another program may have written them, well or badly. */
export const zip = (parts: Readonly<Record<string, string>>) =>
  bytesOf(zipStream(Object.entries(parts).map(([name, text]) => ({ name, text: [text] }))));

export const aWorkbook = (parts: { readonly sheet: string; readonly shared?: string }) =>
  zip({
    "xl/worksheets/sheet1.xml": parts.sheet,
    ...(parts.shared ? { "xl/sharedStrings.xml": parts.shared } : {}),
  });

export const aSheet = (rows: readonly (readonly string[])[]) => bytesOf(writeXlsx("Sheet1", rows));
