const ID_BYTES = 16;
/** Random bytes are drawn for many ids at once: one call for each would cost more than the id. */
const drawn = new Uint8Array(256 * ID_BYTES);
let used = drawn.length;
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** A new id: what it is, then 128 random bits. Ids are opaque to everyone else. */
export function newId(prefix: string): string {
  if (used === drawn.length) {
    crypto.getRandomValues(drawn);
    used = 0;
  }
  let id = `${prefix}_`;
  for (let i = 0; i < ID_BYTES; i += 1) id += HEX[drawn[used + i] ?? 0];
  used += ID_BYTES;
  return id;
}
