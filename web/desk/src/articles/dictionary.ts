/** The shop's own words as they are edited. */
import type { DictionaryWords as Words } from "../api/types.ts";

/** A line of words for one meaning: by `=`, a comma, a tab or a bar. */
export function toGroup(line: string): readonly string[] {
  const words = line
    .split(/[=＝,，、|\t]+/)
    .map((word) => word.trim())
    .filter((word) => word !== "");
  return [...new Set(words)];
}

const keyOf = (group: readonly string[]) => JSON.stringify([...group].sort());
const isIn = (groups: Words["synonyms"]) => {
  const keys = new Set(groups.map(keyOf));
  return (group: readonly string[]) => keys.has(keyOf(group));
};

/** What was changed here, done to what somebody else has saved meanwhile. */
export function rebase(base: Words, mine: Words, theirs: Words): Words {
  const [was, here, there] = [isIn(base.synonyms), isIn(mine.synonyms), isIn(theirs.synonyms)];
  const removed = (word: string) => base.stopWords.includes(word) && !mine.stopWords.includes(word);
  return {
    synonyms: [
      ...mine.synonyms.filter((group) => !was(group) && !there(group)),
      ...theirs.synonyms.filter((group) => !was(group) || here(group)),
    ],
    stopWords: [
      ...new Set([
        ...theirs.stopWords.filter((word) => !removed(word)),
        ...mine.stopWords.filter((word) => !base.stopWords.includes(word)),
      ]),
    ],
  };
}

/** Groups a save would refuse, by place. */
export const loneGroups = ({ synonyms }: Words): readonly number[] =>
  synonyms.flatMap((group, place) => (group.length < 2 ? [place] : []));
