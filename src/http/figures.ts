import type { ArticleFigures } from "../core/learning.ts";

export interface Figures {
  /** Answers given. */
  readonly hits: number;
  /** Of these, followed by a hand-off in the same session. */
  readonly handoffs: number;
  readonly transferRate: number;
  readonly helpful: number;
  readonly unhelpful: number;
  /** Answers that did not help: voted down, corrected, handed over, or asked again within two turns. */
  readonly falseHits: number;
}

export function sumFigures(items: readonly ArticleFigures[]): Figures {
  const sum = (of: (item: ArticleFigures) => number) => items.reduce((total, item) => total + of(item), 0);
  const hits = sum((item) => item.hits);
  const handoffs = sum((item) => item.handoffs);
  return {
    hits,
    handoffs,
    transferRate: hits === 0 ? 0 : handoffs / hits,
    helpful: sum((item) => item.helpful),
    unhelpful: sum((item) => item.unhelpful),
    falseHits: sum((item) => item.falseHits),
  };
}
