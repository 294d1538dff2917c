import { createStore, useStore } from "../store.ts";

/** What is being written, per session, kept on this browser until it is sent. */
export type Mode = "reply" | "note";

const PREFIX = "xiaoer.draft.";
const drafts = createStore<Readonly<Record<string, string>>>(load());

function load(): Record<string, string> {
  const found: Record<string, string> = {};
  try {
    for (const key of Object.keys(localStorage)) {
      if (key.startsWith(PREFIX)) found[key.slice(PREFIX.length)] = localStorage.getItem(key) ?? "";
    }
  } catch {
    // No storage: drafts live as long as the tab.
  }
  return found;
}

const nameOf = (sessionId: string, mode: Mode) => `${sessionId}.${mode}`;

export function setDraft(sessionId: string, mode: Mode, text: string): void {
  const name = nameOf(sessionId, mode);
  drafts.set(({ [name]: _, ...rest }) => (text === "" ? rest : { ...rest, [name]: text }));
  try {
    if (text === "") localStorage.removeItem(PREFIX + name);
    else localStorage.setItem(PREFIX + name, text);
  } catch {
    // Storage full: the store still has it.
  }
}

export function getDraft(sessionId: string, mode: Mode): string {
  return drafts.get()[nameOf(sessionId, mode)] ?? "";
}

export function useDraft(sessionId: string, mode: Mode): string {
  return useStore(drafts)[nameOf(sessionId, mode)] ?? "";
}

export function useHasDraft(sessionId: string): boolean {
  const all = useStore(drafts);
  return nameOf(sessionId, "reply") in all || nameOf(sessionId, "note") in all;
}

export function clearDrafts(): void {
  for (const name of Object.keys(drafts.get())) {
    try {
      localStorage.removeItem(PREFIX + name);
    } catch {
      // Nothing to clear where nothing can be kept.
    }
  }
  drafts.set({});
}
