import { useEffect, useState, useSyncExternalStore } from "react";
import { serverNow } from "../api/client.ts";
import { createStore, useStore } from "../store.ts";

const second = createStore(serverNow());
let users = 0;
let timer: ReturnType<typeof setInterval> | undefined;

/** The server's time, renewed each second by one shared timer; only while someone looks. */
export function useNow(): number {
  useEffect(() => {
    users += 1;
    timer ??= setInterval(() => second.set(serverNow()), 1000);
    return () => {
      users -= 1;
      if (users > 0) return;
      clearInterval(timer);
      timer = undefined;
    };
  }, []);
  return useStore(second);
}

export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (listener) => {
      const media = matchMedia(query);
      media.addEventListener("change", listener);
      return () => media.removeEventListener("change", listener);
    },
    () => matchMedia(query).matches,
  );
}

/** The value once it has rested for `ms`. */
export function useSettled<T>(value: T, ms: number): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const wait = setTimeout(() => setSettled(value), ms);
    return () => clearTimeout(wait);
  }, [value, ms]);
  return settled;
}

export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · 小二`;
  }, [title]);
}
