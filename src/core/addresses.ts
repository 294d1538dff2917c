/** Which addresses of the internet a shop's configuration may make us call: global unicast, nothing else; `security.md` CN-2. */

/** The address as numbers: four bytes, or eight groups; undefined for what is no address. */
function parseV4(text: string): readonly number[] | undefined {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256)) return undefined;
  return parts.map(Number);
}

function parseV6(text: string): readonly number[] | undefined {
  const [address = ""] = text.replace(/^\[|\]$/g, "").split("%");
  const tail = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(address);
  const v4 = tail?.[2] === undefined ? undefined : parseV4(tail[2]);
  const plain =
    v4 === undefined
      ? address
      : `${tail?.[1]}${((v4[0] ?? 0) * 256 + (v4[1] ?? 0)).toString(16)}:${((v4[2] ?? 0) * 256 + (v4[3] ?? 0)).toString(16)}`;
  const halves = plain.split("::");
  if (halves.length > 2 || !plain.includes(":")) return undefined;
  const groups = (half: string | undefined) => (half === undefined || half === "" ? [] : half.split(":"));
  const [head, rest] = [groups(halves[0]), groups(halves[1])];
  const missing = 8 - head.length - rest.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  const all = [...head, ...Array.from({ length: halves.length === 1 ? 0 : missing }, () => "0"), ...rest];
  return all.every((group) => /^[0-9a-f]{1,4}$/i.test(group))
    ? all.map((group) => Number.parseInt(group, 16))
    : undefined;
}

/** Blocks of RFC 6890 and friends, and one cloud's metadata host outside them. */
const BLOCKED_V4: readonly (readonly [number, number, number, number, bits: number])[] = [
  [0, 0, 0, 0, 8],
  [10, 0, 0, 0, 8],
  [100, 64, 0, 0, 10],
  [127, 0, 0, 0, 8],
  [169, 254, 0, 0, 16],
  [172, 16, 0, 0, 12],
  [192, 0, 0, 0, 24],
  [192, 0, 2, 0, 24],
  [192, 88, 99, 0, 24],
  [192, 168, 0, 0, 16],
  [198, 18, 0, 0, 15],
  [198, 51, 100, 0, 24],
  [203, 0, 113, 0, 24],
  [224, 0, 0, 0, 4],
  [240, 0, 0, 0, 4],
  [168, 63, 129, 16, 32],
];

function isGlobalV4(bytes: readonly number[]): boolean {
  const value = bytes.reduce((sum, byte) => sum * 256 + byte, 0);
  return !BLOCKED_V4.some(([a, b, c, d, bits]) => {
    const base = ((a * 256 + b) * 256 + c) * 256 + d;
    const size = 2 ** (32 - bits);
    return Math.floor(value / size) === Math.floor(base / size);
  });
}

function isGlobalV6(groups: readonly number[]): boolean {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = groups;
  const tail = [g >> 8, g & 255, h >> 8, h & 255];
  // An IPv4 address in IPv6 clothes counts as what it is: mapped, NAT64, 6to4.
  if (a === 0 && b === 0 && c === 0 && d === 0 && e === 0 && f === 0xffff) return isGlobalV4(tail);
  if (a === 0x64 && b === 0xff9b) return isGlobalV4(tail);
  if (a === 0x2002) return isGlobalV4([b >> 8, b & 255, c >> 8, c & 255]);
  const globalUnicast = (a & 0xe000) === 0x2000;
  const teredo = a === 0x2001 && b === 0;
  const documentation = (a === 0x2001 && b === 0xdb8) || (a & 0xfff0) === 0x3ff0;
  const special = a === 0x2001 && b < 0x200;
  return globalUnicast && !teredo && !documentation && !special;
}

export function isGlobalAddress(address: string): boolean {
  const v4 = parseV4(address);
  if (v4 !== undefined) return isGlobalV4(v4);
  const v6 = parseV6(address);
  return v6 !== undefined && isGlobalV6(v6);
}

export function isAddress(host: string): boolean {
  return parseV4(host) !== undefined || parseV6(host) !== undefined;
}
