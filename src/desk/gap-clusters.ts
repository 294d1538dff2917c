/** Groups the questions nobody answered by what they ask, so that a merchant sees matters and not wordings. */

import { detectLocale } from "../core/language.ts";
import type { GapAsk } from "../core/learning.ts";
import type { GapQuestion } from "../core/ports.ts";

export interface Gap {
  readonly id: string;
  /** The wording asked most. */
  readonly sample: string;
  readonly questions: readonly string[];
  readonly questionIds: readonly string[];
  readonly count: number;
  /** How many contacts asked, as far as the recent askings tell. */
  readonly shoppers: number;
  /** Share of these askings that ended with a person. */
  readonly transferRate: number;
  /** What people spent on them, in minutes: what the list is ordered by. */
  readonly minutes: number;
  /** Askings of the last week and of the week before. */
  readonly trend: readonly [number, number];
  /** Askings of each of the last fourteen days, today last. */
  readonly days: readonly number[];
  readonly channels: readonly string[];
  readonly languages: readonly string[];
  /** A person put some of these wordings together. */
  readonly merged: boolean;
  readonly assigneeId?: string;
  readonly lastAt: number;
}

/** For each question the places of those that ask much the same, with how surely. */
export type Likeness = readonly (readonly { readonly place: number; readonly score: number }[])[];

/** The matcher finds one by the other this surely: the same matter. */
const SAME = 0.3;
/** Among many wordings of one matter each single score is low; together they tell. */
const SAME_TOGETHER = 0.45;
/** Two wordings are also one matter when half of their character pairs agree. */
const ALIKE = 0.5;
const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;
const DAYS = 14;

export function clusterGaps(input: {
  readonly questions: readonly GapQuestion[];
  readonly likeness: Likeness;
  readonly asks: readonly GapAsk[];
  /** What one hand-over costs. */
  readonly handleMinutes: number;
  readonly now: number;
}): Gap[] {
  const asks = Map.groupBy(input.asks, (ask) => ask.gapId);
  return groups(input.questions, input.likeness)
    .map((members) =>
      toGap(
        members,
        members.flatMap(({ id }) => asks.get(id) ?? []),
        input,
      ),
    )
    .sort((a, b) => b.minutes - a.minutes || b.shoppers - a.shoppers || b.count - a.count || b.lastAt - a.lastAt);
}

function toGap(
  members: readonly GapQuestion[],
  asks: readonly GapAsk[],
  { handleMinutes, now }: { readonly handleMinutes: number; readonly now: number },
): Gap {
  const ordered = [...members].sort((a, b) => b.count - a.count || a.id.localeCompare(b.id));
  const count = sum(ordered, (member) => member.count);
  const handedOver = asks.filter((ask) => ask.handedOver).length;
  // Older questions know only whether the question itself was handed over, newer ones the end of the session too.
  const transfers = Math.max(
    sum(ordered, (member) => member.transfers),
    handedOver,
  );
  const weeksAgo = (week: number) =>
    asks.filter(({ at }) => at > now - (week + 1) * WEEK_MS && at <= now - week * WEEK_MS).length;
  return {
    id: ordered[0]?.id ?? "",
    sample: ordered[0]?.text ?? "",
    questions: ordered.map((member) => member.text),
    questionIds: ordered.map((member) => member.id),
    count,
    shoppers: Math.max(1, new Set(asks.map((ask) => ask.contactId)).size),
    transferRate: transfers / count,
    minutes: transfers * handleMinutes,
    trend: [weeksAgo(0), weeksAgo(1)],
    days: Array.from({ length: DAYS }, (_, i) => {
      const end = now - (DAYS - 1 - i) * DAY_MS;
      return asks.filter(({ at }) => at > end - DAY_MS && at <= end).length;
    }),
    channels: [...new Set(asks.map((ask) => ask.channel))],
    languages: [...new Set(ordered.flatMap((member) => detectLocale(member.text) ?? []))],
    merged: ordered.some((member) => member.cluster != null),
    ...assigned(ordered),
    lastAt: Math.max(...ordered.map((member) => member.lastAt)),
  };
}

/** Who was given the matter; of several the one with the most asked wording. */
function assigned(members: readonly GapQuestion[]): { readonly assigneeId?: string } {
  const assigneeId = members.find((member) => member.assigneeId != null)?.assigneeId;
  return assigneeId == null ? {} : { assigneeId };
}

const sum = <T>(items: readonly T[], of: (item: T) => number) => items.reduce((total, item) => total + of(item), 0);

/** Joins what the matcher takes for one matter; then what it takes for one with a whole group. */
function groups(questions: readonly GapQuestion[], likeness: Likeness): GapQuestion[][] {
  const leaderOf = questions.map((_, place) => place);
  const find = (place: number): number => {
    const leader = leaderOf[place] ?? place;
    return leader === place ? place : find(leader);
  };
  const join = (a: number, b: number) => {
    const [first, second] = [find(a), find(b)].sort((one, other) => one - other);
    if (first !== undefined && second !== undefined) leaderOf[second] = first;
  };
  joinByHand(questions, join);
  joinByWording(questions, join);
  likeness.forEach((near, place) => {
    for (const other of near) if (other.score >= SAME) join(place, other.place);
  });
  const sizes = new Map<number, number>();
  for (const place of questions.keys()) sizes.set(find(place), (sizes.get(find(place)) ?? 0) + 1);
  const lonely = questions.map((_, place) => place).filter((place) => sizes.get(find(place)) === 1);
  for (const place of lonely) {
    const pull = new Map<number, number>();
    for (const { place: other, score } of likeness[place] ?? [])
      pull.set(find(other), (pull.get(find(other)) ?? 0) + score);
    const [best] = [...pull].sort(([, a], [, b]) => b - a);
    if (best !== undefined && best[1] >= SAME_TOGETHER) join(place, best[0]);
  }
  return [...Map.groupBy(questions.keys(), find).values()].map((places) =>
    places.flatMap((place) => questions[place] ?? []),
  );
}

/** What a person put together stays together, whatever the words. */
function joinByHand(questions: readonly GapQuestion[], join: (a: number, b: number) => void): void {
  const homes = new Map<string, number>();
  questions.forEach(({ cluster }, place) => {
    if (cluster == null) return;
    const home = homes.get(cluster);
    if (home === undefined) homes.set(cluster, place);
    else join(home, place);
  });
}

/** The same words in another order or with a slip are one, whatever the matcher makes of them. */
function joinByWording(questions: readonly GapQuestion[], join: (a: number, b: number) => void): void {
  const leaders: { readonly place: number; readonly pairs: ReadonlySet<string> }[] = [];
  questions.forEach((question, place) => {
    const pairs = bigrams(question.normalized);
    const home = leaders.find((leader) => likenessOf(leader.pairs, pairs) >= ALIKE);
    if (home === undefined) leaders.push({ place, pairs });
    else join(home.place, place);
  });
}

function bigrams(text: string): Set<string> {
  const characters = [...text];
  if (characters.length < 2) return new Set(characters);
  return new Set(characters.slice(1).map((character, i) => `${characters[i]}${character}`));
}

function likenessOf(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let shared = 0;
  for (const pair of a) if (b.has(pair)) shared += 1;
  return Math.min(a.size, b.size) === 0 ? 0 : (2 * shared) / (a.size + b.size);
}
