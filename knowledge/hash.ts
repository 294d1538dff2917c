/** Tokens are 32-bit hashes: two tokens of a large shop collide about once in ten thousand, which costs nothing. */

export function hashText(text: string, salt = 0): number {
  let hash = 0x811c9dc5 ^ salt;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return mix(hash);
}

export function hashPair(first: number, second: number, salt: number): number {
  return mix(Math.imul(first ^ salt, 0x9e3779b1) ^ Math.imul(second + salt, 0x85ebca6b));
}

function mix(value: number): number {
  let hash = value;
  hash = Math.imul(hash ^ (hash >>> 16), 0x7feb352d);
  hash = Math.imul(hash ^ (hash >>> 15), 0x846ca68b);
  return (hash ^ (hash >>> 16)) >>> 0;
}
