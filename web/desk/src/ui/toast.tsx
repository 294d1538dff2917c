import { createStore, useStore } from "../store.ts";
import { Button } from "./button.tsx";
import { Icon } from "./icon.tsx";

interface Toast {
  readonly id: number;
  readonly tone: "good" | "bad";
  readonly text: string;
  readonly action?: ToastAction;
}

interface ToastAction {
  readonly label: string;
  readonly run: () => void;
}

const toasts = createStore<readonly Toast[]>([]);
let nextId = 1;

const away = (id: number) => toasts.set((list) => list.filter((item) => item.id !== id));

/** A short word at the bottom; read out politely. Bad news stays longer, and so does what can be undone. */
export function toast(
  text: string,
  tone: Toast["tone"] = "good",
  { action, ms = tone === "bad" ? 7000 : 3000 }: { readonly action?: ToastAction; readonly ms?: number } = {},
): void {
  const id = nextId++;
  toasts.set((list) => [...list.slice(-2), { id, tone, text, ...(action && { action }) }]);
  setTimeout(() => away(id), ms);
}

export function Toasts() {
  const list = useStore(toasts);
  return (
    <div className="toasts" role="status" aria-live="polite">
      {list.map((item) => (
        <div key={item.id} className={`toast ${item.tone}`}>
          <Icon name={item.tone === "good" ? "check" : "alert"} />
          {item.text}
          {item.action && (
            <Button
              small
              onClick={() => {
                away(item.id);
                item.action?.run();
              }}
            >
              {item.action.label}
            </Button>
          )}
        </div>
      ))}
    </div>
  );
}
