import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from "react";
import type { TimelineItem } from "./timeline.ts";

interface Stick {
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly inner: RefObject<HTMLDivElement | null>;
  readonly atBottom: boolean;
  /** Arrived while reading further up. */
  readonly unseen: number;
  readonly onScroll: () => void;
  readonly toBottom: () => void;
}

const NEAR_PX = 60;

/** At the end it follows what comes; further up nothing moves under the reader's eyes. */
export function useStickToBottom(items: readonly TimelineItem[]): Stick {
  const scroller = useRef<HTMLDivElement>(null);
  const inner = useRef<HTMLDivElement>(null);
  const stuck = useRef(true);
  const before = useRef<{ first: string | undefined; last: string | undefined; height: number }>({
    first: undefined,
    last: undefined,
    height: 0,
  });
  const [atBottom, setAtBottom] = useState(true);
  const [unseen, setUnseen] = useState(0);

  const toBottom = () => {
    const box = scroller.current;
    if (box) box.scrollTop = box.scrollHeight;
    stuck.current = true;
    setAtBottom(true);
    setUnseen(0);
  };
  const onScroll = () => {
    const box = scroller.current;
    if (box === null) return;
    stuck.current = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_PX;
    setAtBottom(stuck.current);
    if (stuck.current) setUnseen(0);
  };

  const messages = items.filter((item) => item.kind === "message" || item.kind === "pending" || item.kind === "note");
  const first = messages[0]?.key;
  const last = messages.at(-1)?.key;
  const mine = messages.at(-1)?.kind === "pending";
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a new first or last item moves the view.
  useLayoutEffect(() => {
    const box = scroller.current;
    if (box === null) return;
    const old = before.current;
    const olderCame = old.first !== undefined && old.first !== first && !stuck.current;
    if (olderCame) box.scrollTop += box.scrollHeight - old.height;
    if (stuck.current || mine) box.scrollTop = box.scrollHeight;
    else if (old.last !== undefined && old.last !== last) {
      const at = messages.findIndex((item) => item.key === old.last);
      setUnseen((count) => count + Math.max(1, messages.length - 1 - at));
    }
    before.current = { first, last, height: box.scrollHeight };
  }, [first, last]);

  useEffect(() => {
    const box = scroller.current;
    const content = inner.current;
    if (box === null || content === null) return;
    const observer = new ResizeObserver(() => {
      if (stuck.current) box.scrollTop = box.scrollHeight;
      before.current.height = box.scrollHeight;
    });
    observer.observe(content);
    observer.observe(box);
    return () => observer.disconnect();
  }, []);

  return { scroller, inner, atBottom, unseen, onScroll, toBottom };
}
