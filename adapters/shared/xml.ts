import { PayloadError } from "../../src/core/errors.ts";

/** An element: its text, or its children by name. A child that stands several times is a list. */
export type XmlValue = string | XmlFields | readonly XmlValue[];
export interface XmlFields {
  readonly [name: string]: XmlValue;
}

/** @param maxBytes 256 KiB unless told. */
export type XmlReader = (body: Uint8Array, maxBytes?: number) => XmlFields;

/** `security.md` WH-1 and §13. */
const MAX_BYTES = 256 * 1024;
const MAX_DEPTH = 32;

/**
 * Loads the reader of webhook XML: strict UTF-8, at most 256 KiB and 32 levels, nothing but a declaration, elements without attributes, text
 * and CDATA (so no DOCTYPE, no entity of its own, no comment), and no text element twice under the root, which two readers might read
 * differently (`security.md` WH-7). All values stay text: `007` is no number.
 * @throws {PayloadError} from the reader, when the body is anything else.
 */
export async function loadXmlReader(): Promise<XmlReader> {
  const { XMLParser, XMLValidator } = await import("fast-xml-parser");
  const parser = new XMLParser({
    // Keeps text and CDATA apart, since entities are decoded in the one and stand for themselves in the other.
    preserveOrder: true,
    cdataPropName: CDATA,
    ignoreAttributes: true,
    ignoreDeclaration: true,
    processEntities: false,
    parseTagValue: false,
    parseAttributeValue: false,
    trimValues: false,
  });
  return (body, maxBytes = MAX_BYTES) => {
    if (body.length > maxBytes) throw new PayloadError(`The XML is larger than ${maxBytes} bytes.`);
    const text = decode(body);
    if (!isPlain(text) || XMLValidator.validate(text) !== true)
      throw new PayloadError("The body is not XML as we take it.");
    const root = toValue(rootOf(parser, text), 0);
    if (typeof root === "string" || Array.isArray(root)) throw new PayloadError("The XML holds no elements.");
    const fields = root as XmlFields; // An element with children: the two other shapes are ruled out above.
    for (const value of Object.values(fields)) {
      if (Array.isArray(value) && value.some((each) => typeof each === "string")) {
        throw new PayloadError("An element stands twice.");
      }
    }
    return fields;
  };
}

/** Text as CDATA; `]]>` would end the section and is split over two. Control characters are no XML and are left out. */
export function cdata(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones https://www.w3.org/TR/xml/#charsets excludes.
  const legal = text.toWellFormed().replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "");
  return `<![CDATA[${legal.replaceAll("]]>", "]]]]><![CDATA[>")}]]>`;
}

const CDATA = "#cdata";
const TEXT = "#text";
type Node = Readonly<Record<string, unknown>>;

function decode(body: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(body).trim();
  } catch (cause) {
    throw new PayloadError("The body is not UTF-8.", cause);
  }
}

/** What is left without CDATA, the declaration and bare tags may hold no `<`: no DOCTYPE, comment, instruction or attribute. */
function isPlain(text: string): boolean {
  const outside = text.replaceAll(/<!\[CDATA\[[\s\S]*?\]\]>/g, "").replace(/^<\?xml [^<>]*\?>/, "");
  return !outside.replaceAll(/<\/?[A-Za-z_][\w.-]*\s*\/?>/g, "").includes("<");
}

function rootOf(parser: { parse(text: string): unknown }, text: string): readonly Node[] {
  try {
    const [root] = (parser.parse(text) as readonly Node[]).filter((node) => !(TEXT in node));
    const [children] = Object.values(root ?? {});
    return children as readonly Node[];
  } catch (cause) {
    throw new PayloadError("The body is not XML.", cause);
  }
}

function toValue(nodes: readonly Node[], depth: number): XmlValue {
  if (depth > MAX_DEPTH) throw new PayloadError(`The XML is nested deeper than ${MAX_DEPTH} levels.`);
  const elements = nodes.filter((node) => !(TEXT in node) && !(CDATA in node));
  if (elements.length === 0) return textOf(nodes);
  const fields = new Map<string, XmlValue>();
  for (const node of elements) {
    const [name, children] = Object.entries(node)[0] ?? [];
    if (name === undefined) continue;
    const value = toValue(children as readonly Node[], depth + 1);
    const before = fields.get(name);
    if (before === undefined) fields.set(name, value);
    else fields.set(name, Array.isArray(before) ? [...before, value] : [before, value]);
  }
  return Object.fromEntries(fields);
}

function textOf(nodes: readonly Node[]): string {
  const hasCdata = nodes.some((node) => CDATA in node);
  return nodes
    .map((node) => {
      if (CDATA in node) return (node[CDATA] as readonly Node[]).map((inner) => String(inner[TEXT])).join("");
      const text = String(node[TEXT]);
      // White space beside a CDATA section is the writer's layout.
      return hasCdata && text.trim() === "" ? "" : decodeEntities(text);
    })
    .join("");
}

const ENTITIES: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

/** The five of XML and character references; anything else stays as it is written. */
function decodeEntities(text: string): string {
  return text.replaceAll(/&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|(lt|gt|amp|quot|apos));/g, (all, decimal, hex, name) => {
    if (name !== undefined) return ENTITIES[name] ?? all;
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
    return code > 0x10ffff || code === 0 ? all : String.fromCodePoint(code);
  });
}
