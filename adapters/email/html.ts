/** Elements whose content nobody reads. */
const SILENT = new Set([
  "script",
  "style",
  "head",
  "title",
  "template",
  "noscript",
  "svg",
  "object",
  "iframe",
  "select",
]);
/** Elements that begin a line. */
const BLOCK = /^(?:p|div|br|tr|li|ul|ol|table|h[1-6]|blockquote|pre|hr|section|article|header|footer|dd|dt)$/;
/** What mail programs put around the mail they answer. */
const QUOTE =
  /class\s*=\s*["']?[^"'>]*(?:gmail_quote|yahoo_quoted|moz-cite-prefix|zmail_extra)|id\s*=\s*["']?(?:divRplyFwdMsg|appendonsend|isReplyContent)/i;

/** The names mail programs write; others are left as they stand. */
const NAMED = new Map(
  "amp:& lt:< gt:> quot:\" apos:' copy:© reg:® hellip:… mdash:— ndash:– lsquo:‘ rsquo:’ ldquo:“ rdquo:” euro:€ yen:¥ pound:£ middot:· bull:• times:×"
    .split(" ")
    .map((pair) => [pair.slice(0, pair.indexOf(":")), pair.slice(pair.indexOf(":") + 1)] as const)
    .concat([["nbsp", " "]]),
);

/**
 * The words of an HTML mail. Reads once from left to right, and keeps nothing but text and the addresses of links: nothing of it is ever
 * shown as HTML. `own` stops where the quoted mail begins.
 */
export function htmlToText(html: string, options: { readonly own: boolean } = { own: false }): string {
  const parts: string[] = [];
  let at = 0;
  let link: string | undefined;
  while (at < html.length) {
    const open = html.indexOf("<", at);
    parts.push(toWords(html.slice(at, open === -1 ? html.length : open)));
    if (open === -1) break;
    const close = html.startsWith("<!--", open) ? endOf(html, "-->", open) : endOf(html, ">", open);
    const tag = html.slice(open, close);
    at = close;
    const [, slash, name = ""] = /^<(\/?)([a-z][a-z0-9]*)/i.exec(tag) ?? [];
    const element = name.toLowerCase();
    if (options.own && (QUOTE.test(tag.slice(0, 500)) || element === "blockquote")) break;
    if (SILENT.has(element) && slash === "" && !tag.endsWith("/>")) at = endOf(html, ">", skipTo(html, element, at));
    else if (BLOCK.test(element)) parts.push("\n");
    else if (element === "a") {
      if (slash === "") link = /href\s*=\s*["']?(https?:\/\/[^"'\s>]{1,2000})/i.exec(tag.slice(0, 4000))?.[1];
      else if (link !== undefined) {
        parts.push(parts.at(-1)?.trim() === link ? "" : ` (${decode(link)})`);
        link = undefined;
      }
    } else if (element === "td" || element === "th") parts.push(" ");
  }
  const lines = parts
    .join("")
    .split("\n")
    .map((line) => line.replaceAll(/[ \t\u00a0]+/g, " ").trim());
  return lines
    .join("\n")
    .replaceAll(/\n{3,}/g, "\n\n")
    .trim();
}

function toWords(text: string): string {
  return decode(text.replaceAll(/[\r\n\t ]+/g, " "));
}

/** https://html.spec.whatwg.org/multipage/syntax.html#character-references */
function decode(text: string): string {
  return text.replaceAll(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,8}));/gi, (whole, decimal, hex, name) => {
    const code = decimal === undefined ? Number.parseInt(hex ?? "", 16) : Number(decimal);
    if (name !== undefined) return NAMED.get(String(name).toLowerCase()) ?? whole;
    return code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff) ? String.fromCodePoint(code) : "";
  });
}

function endOf(html: string, mark: string, from: number): number {
  const found = html.indexOf(mark, from);
  return found === -1 ? html.length : found + mark.length;
}

function skipTo(html: string, element: string, from: number): number {
  const end = new RegExp(`</${element}`, "ig");
  end.lastIndex = from;
  return end.exec(html)?.index ?? html.length;
}
