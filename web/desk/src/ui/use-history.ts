import { useRef, useState } from "react";

/** Typing is undone a pause at a time, not a letter at a time. */
const PAUSE_MS = 700;
const MOST_STEPS = 200;

/** What a form was before each change; `note` it, then change it. */
export function useHistory<T>(restore: (before: T) => void) {
  const [past, setPast] = useState<readonly T[]>([]);
  const last = useRef(0);
  const undo = () => {
    const before = past.at(-1);
    if (before === undefined) return;
    last.current = 0;
    setPast((all) => all.slice(0, -1));
    restore(before);
  };
  return {
    /** Absent where there is nothing to take back. */
    undo: past.length > 0 ? undo : undefined,
    /** `whole`: a step of its own, however fast it came after the one before. */
    note(before: T, { whole = false } = {}) {
      const now = performance.now();
      if (whole || now - last.current > PAUSE_MS || past.length === 0)
        setPast((all) => [...all, before].slice(-MOST_STEPS));
      last.current = whole ? 0 : now;
    },
    forget() {
      last.current = 0;
      setPast([]);
    },
  };
}
