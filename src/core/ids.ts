/** A new id: what it is, then 128 random bits. Ids are opaque to everyone else. */
export function newId(prefix: string): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  let digits = "";
  for (const byte of bytes) digits += byte.toString(16).padStart(2, "0");
  return `${prefix}_${digits}`;
}
