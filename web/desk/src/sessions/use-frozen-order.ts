import { useEffect, useRef, useState } from "react";
import type { Session } from "../api/types.ts";

interface FrozenOrder {
  readonly rows: readonly Session[];
  /** Rows that came, went or moved since the order was frozen. */
  readonly updates: number;
  /** Ids still shown although the list no longer has them. */
  readonly gone: ReadonlySet<string>;
  readonly apply: () => void;
}

/** While the pointer is on the list no row moves under it; what they say still changes. */
export function useFrozenOrder(rows: readonly Session[], frozen: boolean, list: string): FrozenOrder {
  const known = useRef(new Map<string, Session>());
  for (const row of rows) known.current.set(row.id, row);
  const [held, setHeld] = useState<{ readonly list: string; readonly ids: readonly string[] }>();
  const latest = useRef(rows);
  latest.current = rows;

  useEffect(() => {
    setHeld(frozen && latest.current.length > 0 ? { list, ids: latest.current.map((row) => row.id) } : undefined);
  }, [frozen, list]);

  if (held === undefined || held.list !== list) return { rows, updates: 0, gone: new Set(), apply: () => {} };
  const now = rows.map((row) => row.id);
  const present = new Set(now);
  const before = new Set(held.ids);
  const gone = new Set(held.ids.filter((id) => !present.has(id)));
  const added = now.filter((id) => !before.has(id)).length;
  const kept = now.filter((id) => before.has(id));
  const moved = held.ids.filter((id) => present.has(id)).filter((id, index) => kept[index] !== id).length;
  return {
    rows: held.ids.map((id) => known.current.get(id)).filter((row) => row !== undefined),
    updates: added + gone.size + (moved > 0 ? 1 : 0),
    gone,
    apply: () => setHeld({ list, ids: now }),
  };
}
