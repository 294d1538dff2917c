/** The smallest XLSX files there are, made by hand: a ZIP of two parts. */

export async function aWorkbook(parts: {
  readonly sheet: string;
  readonly shared?: string;
}): Promise<Uint8Array<ArrayBuffer>> {
  return zip({
    "xl/worksheets/sheet1.xml": parts.sheet,
    ...(parts.shared ? { "xl/sharedStrings.xml": parts.shared } : {}),
  });
}

/** Rows as a spreadsheet program writes them, the texts inline. */
export async function aSheet(rows: readonly (readonly string[])[]): Promise<Uint8Array<ArrayBuffer>> {
  const escaped = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  const cell = (text: string) => `<c t="inlineStr"><is><t xml:space="preserve">${escaped(text)}</t></is></c>`;
  const lines = rows.map((cells, i) => `<row r="${i + 1}">${cells.map(cell).join("")}</row>`);
  return aWorkbook({ sheet: `<worksheet><sheetData>${lines.join("")}</sheetData></worksheet>` });
}

export async function zip(parts: Readonly<Record<string, string>>): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let at = 0;
  const add = (list: Uint8Array[], bytes: Uint8Array) => list.push(bytes) && bytes.length;
  for (const [name, text] of Object.entries(parts)) {
    const plain = new TextEncoder().encode(text);
    const packed = await deflate(plain);
    const title = new TextEncoder().encode(name);
    const sizes = [0, packed.length, plain.length];
    const local = record(30, { 0: 0x04034b50, 4: 20, 8: 8 }, { 14: sizes, 26: [title.length] });
    const central = record(46, { 0: 0x02014b50, 10: 8 }, { 16: sizes, 28: [title.length], 42: [at] });
    add(directory, central);
    add(directory, title);
    at += add(chunks, local) + add(chunks, title) + add(chunks, packed);
  }
  const count = Object.keys(parts).length;
  const size = directory.reduce((sum, bytes) => sum + bytes.length, 0);
  const end = record(22, { 0: 0x06054b50, 8: count, 10: count }, { 12: [size, at] });
  return new Uint8Array(await new Blob([...chunks, ...directory, end] as BlobPart[]).arrayBuffer());
}

/** Signatures and small numbers by place, then runs of longer ones; names' lengths are two bytes, the rest four. */
function record(
  length: number,
  numbers: Readonly<Record<number, number>>,
  runs: Readonly<Record<number, readonly number[]>>,
): Uint8Array {
  const view = new DataView(new ArrayBuffer(length));
  for (const [place, value] of Object.entries(numbers)) {
    if (place === "0") view.setUint32(0, value, true);
    else view.setUint16(Number(place), value, true);
  }
  for (const [place, values] of Object.entries(runs)) {
    values.forEach((value, i) => {
      if (place === "26" || place === "28") view.setUint16(Number(place), value, true);
      else view.setUint32(Number(place) + 4 * i, value, true);
    });
  }
  return new Uint8Array(view.buffer);
}

async function deflate(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const packed = new Blob([bytes]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  return new Uint8Array(await new Response(packed).arrayBuffer());
}
