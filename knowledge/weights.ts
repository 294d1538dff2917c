import { CONCEPT, GRAM, PAIR, SOUND } from "./vocabulary.ts";

/** How much each kind of token counts when candidates are gathered; symbols count 1. */
export const TOKEN_WEIGHTS = { pair: 0.4, sound: 0.3, concept: 0.4, gram: 0.2, class: 0.7 };

export function tokenWeight(kind: number, idf: number): number {
  const scale =
    kind >= 16
      ? TOKEN_WEIGHTS.class
      : kind === PAIR
        ? TOKEN_WEIGHTS.pair
        : kind === SOUND
          ? TOKEN_WEIGHTS.sound
          : kind === CONCEPT
            ? TOKEN_WEIGHTS.concept
            : kind === GRAM
              ? TOKEN_WEIGHTS.gram
              : 1;
  return scale * Math.max(0, idf);
}
