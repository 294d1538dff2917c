import { type RefObject, useEffect, useState } from "react";

interface RowWindow {
  readonly from: number;
  readonly to: number;
  /** Height of the rows left out above and below. */
  readonly before: number;
  readonly after: number;
  readonly reveal: (index: number) => void;
}

const OVERSCAN = 8;

/** Which rows of one height are worth drawing. */
export function useWindow(box: RefObject<HTMLElement | null>, count: number, rowHeight: number): RowWindow {
  const [scroll, setScroll] = useState({ top: 0, height: 800 });
  const mounted = count > 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the element exists once there are rows.
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const measure = () => {
      // Redrawing once per row is enough.
      const top = Math.floor(element.scrollTop / rowHeight) * rowHeight;
      setScroll((old) =>
        old.top === top && old.height === element.clientHeight ? old : { top, height: element.clientHeight },
      );
    };
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    element.addEventListener("scroll", measure, { passive: true });
    measure();
    return () => {
      observer.disconnect();
      element.removeEventListener("scroll", measure);
    };
  }, [box, rowHeight, mounted]);
  const from = Math.max(0, Math.floor(scroll.top / rowHeight) - OVERSCAN);
  const to = Math.min(count, Math.ceil((scroll.top + scroll.height) / rowHeight) + OVERSCAN);
  const reveal = (index: number) => {
    const element = box.current;
    if (element === null) return;
    const top = index * rowHeight;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top + rowHeight > element.scrollTop + element.clientHeight)
      element.scrollTop = top + rowHeight - element.clientHeight;
  };
  return { from, to, before: from * rowHeight, after: Math.max(0, count - to) * rowHeight, reveal };
}
