export type TextPart = { readonly text: string; readonly isLink: boolean };

const candidates = /(?:https?:\/\/|mailto:|tel:)[^\s<>"'`\u3000-\u303f\uff00-\uffef]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+/gi;
const trailing = /[.,;:!?)\]}]+$/;

/** Text with the addresses in it found, for display as text and link nodes only. */
export function splitLinks(text: string): readonly TextPart[] {
  const parts: TextPart[] = [];
  let rest = 0;
  for (const match of text.matchAll(candidates)) {
    const found = match[0].replace(trailing, "");
    if (toHref(found) === undefined) continue;
    parts.push({ text: text.slice(rest, match.index), isLink: false }, { text: found, isLink: true });
    rest = match.index + found.length;
  }
  parts.push({ text: text.slice(rest), isLink: false });
  return parts.filter((part) => part.text !== "");
}

/** A link a shopper may follow, or nothing: never another scheme, never a name dressed up as a host (`shop.com@evil.example`). */
export function toHref(address: string | undefined): string | undefined {
  if (address === undefined) return undefined;
  const url = parse(address) ?? parse(`mailto:${address}`);
  if (url === undefined || url.username !== "" || url.password !== "") return undefined;
  return /^(https?|mailto|tel):$/.test(url.protocol) ? url.href : undefined;
}

function parse(address: string): URL | undefined {
  return URL.canParse(address) ? new URL(address) : undefined;
}

export function hostOf(href: string): string {
  return parse(href)?.host ?? "";
}
