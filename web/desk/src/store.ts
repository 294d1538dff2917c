import { useSyncExternalStore } from "react";

/** A value outside React that components can follow. */
interface Store<T> {
  get(): T;
  set(next: T | ((current: T) => T)): void;
  subscribe(listener: () => void): () => void;
}

export function createStore<T>(initial: T): Store<T> {
  let value = initial;
  const listeners = new Set<() => void>();
  return {
    get: () => value,
    set(next) {
      const changed = typeof next === "function" ? (next as (current: T) => T)(value) : next;
      if (Object.is(changed, value)) return;
      value = changed;
      for (const listener of [...listeners]) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

export function useStore<T>(store: Store<T>): T {
  return useSyncExternalStore(store.subscribe, store.get);
}

/** A store remembered on this browser; anything unreadable falls back to `initial`. */
export function createSavedStore<T>(key: string, initial: T): Store<T> {
  const store = createStore<T>({ ...read(key, initial) });
  store.subscribe(() => {
    try {
      localStorage.setItem(key, JSON.stringify(store.get()));
    } catch {
      // Storage full or forbidden: the choice lasts until the tab closes.
    }
  });
  return store;
}

function read<T>(key: string, initial: T): T {
  try {
    const saved: unknown = JSON.parse(localStorage.getItem(key) ?? "null");
    return typeof saved === "object" && saved !== null ? { ...initial, ...saved } : initial;
  } catch {
    return initial;
  }
}
