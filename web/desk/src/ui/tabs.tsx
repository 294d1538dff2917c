import { type KeyboardEvent, type ReactNode, useRef } from "react";

interface TabItem<K extends string> {
  readonly key: K;
  readonly label: ReactNode;
  readonly count?: number;
  /** The count asks for attention. */
  readonly hot?: boolean;
}

interface TabsProps<K extends string> {
  readonly label: string;
  readonly items: readonly TabItem<K>[];
  readonly value: K;
  readonly onChange: (key: K) => void;
  /** The id of the element the tabs switch. */
  readonly controls: string;
}

/** One tab stop; arrows move between the tabs. */
export function Tabs<K extends string>({ label, items, value, onChange, controls }: TabsProps<K>) {
  const list = useRef<HTMLDivElement>(null);
  const move = (event: KeyboardEvent) => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const at = items.findIndex((item) => item.key === value);
    const next = (at + step + items.length) % items.length;
    const item = items[next];
    if (item === undefined) return;
    onChange(item.key);
    (list.current?.children[next] as HTMLElement | undefined)?.focus();
  };
  return (
    <div className="tabs" role="tablist" aria-label={label} ref={list} onKeyDown={move}>
      {items.map((item) => (
        <button
          key={item.key}
          type="button"
          role="tab"
          aria-selected={item.key === value}
          aria-controls={controls}
          tabIndex={item.key === value ? 0 : -1}
          onClick={() => onChange(item.key)}
        >
          {item.label}
          {item.count !== undefined && item.count > 0 && (
            <span className={item.hot ? "count hot" : "count"}>{item.count > 999 ? "999+" : item.count}</span>
          )}
        </button>
      ))}
    </div>
  );
}
