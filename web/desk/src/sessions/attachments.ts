import { errorWords } from "../api/errors.ts";
import type { MediaContent } from "../api/types.ts";
import { uploadFile } from "../api/upload.ts";
import { t } from "../i18n/index.ts";
import { createStore, useStore } from "../store.ts";
import { toast } from "../ui/toast.tsx";
import { fileSize } from "./file-size.ts";

/** What the server takes, told before the upload instead of after it. */
const MAX_BYTES = 10 * 1024 * 1024;
const MOST = 10;
const ENDINGS: Readonly<Record<string, MediaContent["type"]>> = {
  png: "image",
  jpg: "image",
  jpeg: "image",
  webp: "image",
  gif: "image",
  mp3: "audio",
  m4a: "audio",
  aac: "audio",
  wav: "audio",
  ogg: "audio",
  amr: "audio",
  mp4: "video",
  webm: "video",
  mov: "video",
  pdf: "file",
  txt: "file",
  csv: "file",
};
export const ACCEPT = Object.keys(ENDINGS)
  .map((ending) => `.${ending}`)
  .join();

/** A file beside a draft: it goes up at once and is sent with the reply. */
export interface Attachment {
  readonly id: string;
  readonly sessionId: string;
  readonly name: string;
  readonly size: number;
  /** For a picture, from this browser's own memory. */
  readonly preview?: string;
  readonly progress: number;
  readonly state: "uploading" | "ready" | "failed";
  readonly error?: string;
  readonly content?: MediaContent;
}

const attachments = createStore<readonly Attachment[]>([]);
const uploads = new Map<string, AbortController>();

export function useAttachments(sessionId: string): readonly Attachment[] {
  return useStore(attachments).filter((item) => item.sessionId === sessionId);
}

export function attach(sessionId: string, files: readonly File[]): void {
  const room = MOST - attachments.get().filter((item) => item.sessionId === sessionId).length;
  if (files.length > room) toast(t("attach.many"), "bad");
  for (const file of files.slice(0, Math.max(0, room))) add(sessionId, file);
}

export function removeAttachment({ id, preview }: Attachment): void {
  uploads.get(id)?.abort();
  uploads.delete(id);
  if (preview !== undefined) URL.revokeObjectURL(preview);
  attachments.set((list) => list.filter((item) => item.id !== id));
}

/** Takes what is ready away from the draft, to be sent. */
export function takeReady(sessionId: string): readonly MediaContent[] {
  const ready = attachments.get().filter((item) => item.sessionId === sessionId && item.state === "ready");
  for (const item of ready) removeAttachment(item);
  return ready.flatMap(({ content }) => content ?? []);
}

function add(sessionId: string, file: File): void {
  const ending = file.name.split(".").at(-1)?.toLowerCase() ?? "";
  // A pasted picture may have a type and no telling name.
  const type = ENDINGS[ending] ?? (/^image\/(png|jpeg|webp|gif)$/.test(file.type) ? "image" : undefined);
  const { name, size } = file;
  const item: Attachment = {
    id: crypto.randomUUID(),
    sessionId,
    name,
    size,
    progress: 0,
    state: "uploading",
    ...(type === "image" && size <= MAX_BYTES ? { preview: URL.createObjectURL(file) } : {}),
  };
  if (type === undefined || size === 0 || size > MAX_BYTES) {
    const error = size > MAX_BYTES ? t("attach.tooLarge", { size: fileSize(size) ?? "" }) : t("attach.type");
    attachments.set((list) => [...list, { ...item, state: "failed", error }]);
    return;
  }
  attachments.set((list) => [...list, item]);
  void send(item.id, file, type);
}

async function send(id: string, file: File, type: MediaContent["type"]): Promise<void> {
  const change = (patch: Partial<Attachment>) =>
    attachments.set((list) => list.map((item) => (item.id === id ? { ...item, ...patch } : item)));
  const cancel = new AbortController();
  uploads.set(id, cancel);
  try {
    const { fileId, url, name, mime, size } = await uploadFile(file, {
      onProgress: (progress) => change({ progress }),
      signal: cancel.signal,
    });
    change({ state: "ready", progress: 1, content: { type, fileId, url, name, mime, size } });
  } catch (error) {
    // Cancelled: it is gone from the list already.
    if (!cancel.signal.aborted) change({ state: "failed", error: errorWords(error) });
  } finally {
    uploads.delete(id);
  }
}
