import { useEffect, useRef } from "react";
import type { WordKey } from "../i18n/index.ts";
import { preferences } from "../preferences.ts";
import { createStore } from "../store.ts";

type CommandGroup = "list" | "session" | "composer" | "go" | "general";

/** Something that can be done now: by key, or by name in the palette. */
export interface Command {
  readonly id: string;
  readonly group: CommandGroup;
  readonly title: WordKey;
  readonly params?: Readonly<Record<string, string | number>>;
  /** `KeyA`, `Shift+KeyE`, `Mod+KeyK`, `Alt+Digit1`, or a sequence `KeyG KeyI`: `event.code`, so layouts and input methods do not matter. */
  readonly keys?: string;
  /** Works while a field has the focus too. */
  readonly inFields?: boolean;
  /** Left out of the palette: only sensible as a key. */
  readonly keyOnly?: boolean;
  readonly run: () => void;
}

export const commands = createStore<readonly Command[]>([]);

/** Offers commands while the component is on screen; the newest offer of an id wins. */
export function useCommands(list: readonly (Command | false)[]): void {
  const active = list.filter((item) => item !== false);
  const latest = useRef(active);
  latest.current = active;
  const shape = active.map((item) => `${item.id}:${item.keys}`).join("|");
  // biome-ignore lint/correctness/useExhaustiveDependencies: `shape` stands for the list; what runs is always the latest.
  useEffect(() => {
    const offered = latest.current.map((item, index) => ({
      ...item,
      run: () => (latest.current.find((other) => other.id === item.id) ?? latest.current[index])?.run(),
    }));
    commands.set((all) => [...all, ...offered]);
    return () => commands.set((all) => all.filter((item) => !offered.includes(item)));
  }, [shape]);
}

/** Does by name what its key would. */
export function runCommand(id: string): void {
  commands
    .get()
    .findLast((item) => item.id === id)
    ?.run();
}

const SEQUENCE_MS = 1200;
let prefix: { readonly code: string; readonly at: number } | undefined;

export function listenForKeys(): () => void {
  const onKey = (event: KeyboardEvent) => {
    // Enter that picks an input method's candidate is not a key press for us.
    if (event.isComposing || event.keyCode === 229 || event.defaultPrevented) return;
    if (isPress(event)) return;
    const inField = isField(event.target);
    const dialogOpen =
      document.querySelector("dialog[open], .ant-modal-wrap:not([style*='display: none']), .ant-drawer-open") !== null;
    const chord = toChord(event);
    const sequence = prefix && Date.now() - prefix.at < SEQUENCE_MS ? `${prefix.code} ${chord}` : undefined;
    prefix = undefined;
    const found = find(sequence) ?? find(chord);
    const single = found !== undefined && !/^(Mod|Alt)\+/.test(found.keys ?? "");
    if (
      found &&
      (!inField || found.inFields) &&
      !(dialogOpen && found.id !== "palette") &&
      (preferences.get().shortcuts || !single)
    ) {
      event.preventDefault();
      found.run();
      return;
    }
    if (!inField && chord === "KeyG" && preferences.get().shortcuts) prefix = { code: chord, at: Date.now() };
  };
  document.addEventListener("keydown", onKey);
  return () => document.removeEventListener("keydown", onKey);
}

function find(chord: string | undefined): Command | undefined {
  return chord === undefined ? undefined : commands.get().findLast((item) => item.keys === chord);
}

function toChord(event: KeyboardEvent): string {
  // "?" sits on different keys in different layouts, and is what the person means.
  if (event.key === "?" && !event.ctrlKey && !event.metaKey && !event.altKey) return "?";
  const parts = [event.ctrlKey || event.metaKey ? "Mod" : "", event.altKey ? "Alt" : "", event.shiftKey ? "Shift" : ""];
  return [...parts.filter(Boolean), event.code].join("+");
}

/** Enter on a button or a link that has the focus is that button's or link's. A row of a list is a link that has keys of its own. */
function isPress({ key, target }: KeyboardEvent): boolean {
  return (
    (key === "Enter" || key === " ") &&
    target instanceof Element &&
    target.closest("button, a[href], summary, audio, video") !== null &&
    target.closest('[role="option"]') === null
  );
}

function isField(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

/** `Mod+KeyK` → `Ctrl K`, `KeyG KeyI` → `G I`. */
export function keyNames(keys: string): readonly string[] {
  const mac = /Mac|iPhone|iPad/.test(navigator.userAgent);
  const name = (part: string) =>
    part === "Mod"
      ? mac
        ? "⌘"
        : "Ctrl"
      : part === "Escape"
        ? "Esc"
        : part === "Slash"
          ? "/"
          : part.replace(/^(Key|Digit)/, "");
  return keys.split(" ").flatMap((chord) => chord.split("+").map(name));
}
