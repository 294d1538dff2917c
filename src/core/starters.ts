/** Articles of a starter pack, and when they make way for the shop's own. */

/** `auto`: until the shop has enough of its own. An article of the pack that somebody edited or published again is the shop's own. */
export const STARTERS = ["auto", "always", "never"] as const;
export type Starters = (typeof STARTERS)[number];

/** From so many published articles that came from no pack. */
const ENOUGH_OF_ITS_OWN = 10;

export function startersStepBack(setting: Starters, ownPublished: number): boolean {
  return setting === "never" || (setting === "auto" && ownPublished >= ENOUGH_OF_ITS_OWN);
}
