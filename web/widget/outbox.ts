import { ApiError, type UploadJob } from "./api.ts";
import { backoffMs, createNap } from "./backoff.ts";
import type { Content, Message, Upload } from "./contract.ts";
import type { Storage } from "./storage.ts";
import type { Pending, Store } from "./store.ts";

export interface OutboxOptions {
  readonly store: Store;
  readonly storage: Storage;
  readonly newId: () => string;
  send(message: { clientId: string; content: Content }): Promise<Message>;
  upload(job: UploadJob): Promise<Upload>;
  onSent(message: Message, clientId: string): void;
  /** The network failed under a request. */
  onUnreachable(): void;
}

export interface Outbox {
  add(content: Content): void;
  addFile(file: File): void;
  retry(clientId: string): void;
  discard(clientId: string): void;
  /** Sends what waits, now that there is reason to think it will pass. */
  flush(): void;
}

/** Who has said too much for now waits; who has for today is told. */
const longestWaitMs = 60_000;
/** A server in trouble is asked this often before the shopper is told. */
const maxServerErrors = 5;

/**
 * What the shopper wrote and the server has not confirmed: in order, one at a time, under one client id however often
 * it is tried, kept over a reload.
 */
export function createOutbox(options: OutboxOptions): Outbox {
  const { store, storage } = options;
  const nap = createNap();
  let busy = false;
  let cancel = new AbortController();
  let serverErrors = 0;
  let attempt = 0;

  store.set({ outbox: storage.unsent().map((item): Pending => ({ ...item, state: "queued" })) });

  const items = () => store.get().outbox;
  const update = (clientId: string, patch: Partial<Pending>) =>
    store.set({ outbox: items().map((item) => (item.clientId === clientId ? { ...item, ...patch } : item)) });

  function remove(clientId: string): void {
    storage.dropUnsent(clientId);
    store.set({ outbox: items().filter((item) => item.clientId !== clientId) });
  }

  async function run(): Promise<void> {
    if (busy) return;
    busy = true;
    for (let next = firstQueued(); next !== undefined; next = firstQueued()) {
      const waitMs = await tryOne(next);
      if (waitMs > 0) await nap.sleep(waitMs);
    }
    busy = false;
  }

  const firstQueued = () => items().find((item) => item.state !== "failed");

  const isWanted = (item: Pending) => items().some(({ clientId }) => clientId === item.clientId);

  /** Milliseconds to wait before going on. */
  async function tryOne(item: Pending): Promise<number> {
    try {
      update(item.clientId, { state: "sending" });
      const content = await uploaded(item);
      if (!isWanted(item)) return 0;
      const message = await options.send({ clientId: item.clientId, content });
      serverErrors = attempt = 0;
      // Signed out meanwhile: it belongs to nobody on this page any more.
      if (!isWanted(item)) return 0;
      remove(item.clientId);
      options.onSent(message, item.clientId);
      return 0;
    } catch (error) {
      return afterFailure(item, error instanceof ApiError ? error : new ApiError(0));
    }
  }

  async function uploaded(item: Pending): Promise<Content> {
    const { file } = item;
    if (file === undefined) return item.content;
    cancel = new AbortController();
    const onProgress = (progress: number) => update(item.clientId, { progress });
    const { fileId, mime, size } = await options.upload({ file, signal: cancel.signal, onProgress });
    if (!isWanted(item)) return item.content;
    const content = { ...item.content, fileId, mime, size } as Content;
    update(item.clientId, { content, file: undefined, progress: undefined });
    storage.keepUnsent({ clientId: item.clientId, content, at: item.at });
    return content;
  }

  function afterFailure(item: Pending, error: ApiError): number {
    const { status, retryAfterMs = 0 } = error;
    const isOutage = status === 0 || status === 429 || status >= 500 || status === 401;
    if (status >= 500) serverErrors += 1;
    if (status === 415) store.set({ notice: "fileType" });
    if (!isOutage || serverErrors >= maxServerErrors || retryAfterMs > longestWaitMs) {
      serverErrors = 0;
      update(item.clientId, { state: "failed" });
      return 0;
    }
    update(item.clientId, { state: "queued" });
    if (status === 0) options.onUnreachable();
    attempt += 1;
    return retryAfterMs || backoffMs(attempt);
  }

  return {
    add(content) {
      const item = { clientId: options.newId(), content, at: Date.now() };
      storage.keepUnsent(item);
      store.set({ outbox: [...items(), { ...item, state: "queued" }] });
      void run();
    },
    addFile(file) {
      const content = { type: fileType(file.type), name: file.name, mime: file.type, size: file.size } as Content;
      const previewUrl = URL.createObjectURL(file);
      const item: Pending = { clientId: options.newId(), content, at: Date.now(), state: "queued", file, previewUrl };
      store.set({ outbox: [...items(), item] });
      void run();
    },
    retry(clientId) {
      update(clientId, { state: "queued" });
      void run();
    },
    discard(clientId) {
      // One at a time: what is on its way is what `cancel` stops.
      if (items().some((item) => item.clientId === clientId && item.file && item.state === "sending")) cancel.abort();
      remove(clientId);
    },
    flush() {
      attempt = 0;
      nap.wake();
      void run();
    },
  };
}

function fileType(mime: string): "image" | "audio" | "video" | "file" {
  const kind = mime.split("/")[0];
  return kind === "image" || kind === "audio" || kind === "video" ? kind : "file";
}
