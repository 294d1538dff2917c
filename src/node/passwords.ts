import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import type { Passwords } from "../http/context.ts";

interface Cost {
  readonly N: number;
  readonly r: number;
  readonly p: number;
}

/** Node: 128 MiB for each, so at most two at once; Workers: 16 MiB and five rounds. `security.md` AU-1 */
export const NODE_COST: Cost = { N: 2 ** 17, r: 8, p: 1 };
export const WORKER_COST: Cost = { N: 2 ** 14, r: 8, p: 5 };
const AT_ONCE = 2;
const KEY_BYTES = 32;

/** scrypt; the hash string carries its parameters, so a later, higher cost rehashes at login. */
export function createPasswords(cost: Cost = NODE_COST): Passwords {
  let running = 0;
  const waiting: (() => void)[] = [];
  async function derive(password: string, salt: Buffer, { N, r, p }: Cost): Promise<Buffer> {
    if (running >= AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
    running += 1;
    try {
      return await new Promise((resolve, reject) => {
        scrypt(password, salt, KEY_BYTES, { N, r, p, maxmem: 256 * N * r }, (error, key) =>
          error === null ? resolve(key) : reject(error),
        );
      });
    } finally {
      running -= 1;
      waiting.shift()?.();
    }
  }
  const unknown = randomBytes(16);
  return {
    async hash(password) {
      const salt = randomBytes(16);
      const key = await derive(password, salt, cost);
      return `scrypt$${cost.N}$${cost.r}$${cost.p}$${salt.toString("base64")}$${key.toString("base64")}`;
    },
    async verify(password, stored) {
      const [kind, N, r, p, salt = "", key = ""] = (stored ?? "").split("$");
      if (kind !== "scrypt") {
        // An unknown account costs the same.
        await derive(password, unknown, cost);
        return { ok: false, rehash: false };
      }
      const used = { N: Number(N), r: Number(r), p: Number(p) };
      const expected = Buffer.from(key, "base64");
      const actual = await derive(password, Buffer.from(salt, "base64"), used);
      const ok = expected.length === actual.length && timingSafeEqual(expected, actual);
      return { ok, rehash: ok && (used.N !== cost.N || used.r !== cost.r || used.p !== cost.p) };
    },
  };
}
