import { createStore, useStore } from "../store.ts";
import { Icon } from "./icon.tsx";

interface Toast {
  readonly id: number;
  readonly tone: "good" | "bad";
  readonly text: string;
}

const toasts = createStore<readonly Toast[]>([]);
let nextId = 1;

/** A short word at the bottom; read out politely. Bad news stays longer. */
export function toast(text: string, tone: Toast["tone"] = "good"): void {
  const id = nextId++;
  toasts.set((list) => [...list.slice(-2), { id, tone, text }]);
  setTimeout(() => toasts.set((list) => list.filter((item) => item.id !== id)), tone === "bad" ? 7000 : 3000);
}

export function Toasts() {
  const list = useStore(toasts);
  return (
    <div className="toasts" role="status" aria-live="polite">
      {list.map((item) => (
        <div key={item.id} className={`toast ${item.tone}`}>
          <Icon name={item.tone === "good" ? "check" : "alert"} />
          {item.text}
        </div>
      ))}
    </div>
  );
}
