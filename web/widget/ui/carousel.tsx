import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";
import { useView } from "./context.ts";
import { Icon } from "./icons.tsx";

/** Cards side by side. The row scrolls by touch and, focused, by the arrow keys: that is the browser's own doing. */
export function Carousel({ count, children }: { count: number; children: ComponentChildren }) {
  const { t } = useView();
  const track = useRef<HTMLElement>(null);
  // Snapping makes any such step one card.
  const step = (by: number) => track.current?.scrollBy({ left: by * 200 });
  return (
    <div class="carousel">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard. */}
      <section ref={track} class="track" aria-label={t.cards} tabIndex={0}>
        {children}
      </section>
      {count > 1 && (
        <div class="carousel-nav">
          <button type="button" class="round" aria-label={t.previous} onClick={() => step(-1)}>
            <Icon name="back" />
          </button>
          <button type="button" class="round" aria-label={t.next} onClick={() => step(1)}>
            <Icon name="next" />
          </button>
        </div>
      )}
    </div>
  );
}
