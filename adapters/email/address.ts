/** What we write to: one mailbox, nothing an SMTP command or a header could be broken out of. https://www.rfc-editor.org/rfc/rfc5321#section-4.1.2 */
export function isAddress(text: string): boolean {
  return (
    text.length <= 254 && /^[^\s@<>(),;:"[\]\\\p{Cc}]{1,64}@[\p{L}\p{N}](?:[\p{L}\p{N}.-]*[\p{L}\p{N}])?$/u.test(text)
  );
}

/** `Shop <help@shop.example>` or the address alone. */
export function parseMailbox(text: string): { readonly name: string; readonly address: string } {
  const [, name = "", address] = /^\s*"?([^"<>]*?)"?\s*<([^<>]+)>\s*$/.exec(text) ?? [];
  return { name: name.trim(), address: (address ?? text).trim() };
}

/** Two spellings of one mailbox: no mail system in use tells them apart. */
export function sameAddress(text: string): string {
  return text.trim().toLowerCase();
}

/** The domain our message ids are of. */
export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf("@") + 1);
}
