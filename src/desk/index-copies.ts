/** Copies of large indexes: left by whoever built one, taken by whoever starts next. None is ever needed. */
import { fromBase64, toBase64 } from "../core/base64.ts";
import type { Words } from "../core/knowledge.ts";
import type { Logger, Store } from "../core/ports.ts";
import type { EngineIndex } from "./shelf.ts";

export interface CopyOptions {
  /** From a copy of the index, undefined where it is of no use any more. */
  readonly restore: ((snapshot: Uint8Array, words: Words) => EngineIndex | undefined) | undefined;
  readonly store: Pick<Store, "indexSnapshot" | "saveIndexSnapshot">;
  /** Bytes of the largest copy that is kept. */
  readonly largest: number;
  readonly background?: (work: Promise<unknown>) => void;
  readonly log?: Pick<Logger, "warn">;
}

export interface IndexCopies {
  read(
    shop: CopyOf & { readonly words: Words },
  ): Promise<{ readonly index: EngineIndex; readonly mark: number } | undefined>;
  /** `index` as it was built, nothing put in since. */
  keep(shop: CopyOf & { readonly index: EngineIndex; readonly mark: number; readonly now: number }): void;
}

interface CopyOf {
  readonly shopId: string;
  /** What the index is made for besides the articles and the words, which the engine knows by itself. */
  readonly kind: string;
}

export function createIndexCopies({ restore, store, largest, background, log }: CopyOptions): IndexCopies {
  return {
    async read({ shopId, kind, words }) {
      try {
        const kept = restore === undefined ? undefined : await store.indexSnapshot(shopId, kind);
        const index = kept === undefined ? undefined : restore?.(fromBase64(kept.body), words);
        return kept === undefined || index === undefined ? undefined : { index, mark: kept.mark };
      } catch (error) {
        log?.warn({ err: error, shopId }, "the copy of an index could not be used; it is built anew");
        return undefined;
      }
    },
    keep({ shopId, kind, index, mark, now }) {
      const bytes = index.snapshot?.();
      if (bytes === undefined || bytes.length > largest) return;
      const copy = { shopId, kind, mark, size: bytes.length, body: toBase64(bytes), now };
      const kept = store.saveIndexSnapshot(copy).catch((error: unknown) => {
        log?.warn({ err: error, shopId }, "the copy of an index could not be kept");
      });
      background?.(kept);
    },
  };
}
