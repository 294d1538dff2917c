/** Groups the questions nobody answered by likeness, so that a merchant sees matters and not wordings. */
import type { GapQuestion } from "../core/ports.ts";

export interface Gap {
  readonly id: string;
  /** The wording asked most. */
  readonly sample: string;
  readonly questions: readonly string[];
  readonly questionIds: readonly string[];
  readonly count: number;
  /** Share of these askings that ended with a person. */
  readonly transferRate: number;
  readonly lastAt: number;
}

/** Two wordings are one matter when half of their character pairs agree. */
const ALIKE = 0.5;

function bigrams(text: string): Set<string> {
  const characters = [...text];
  if (characters.length < 2) return new Set(characters);
  return new Set(characters.slice(1).map((character, i) => `${characters[i]}${character}`));
}

function likeness(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let shared = 0;
  for (const pair of a) if (b.has(pair)) shared += 1;
  const smaller = Math.min(a.size, b.size);
  return smaller === 0 ? 0 : (2 * shared) / (a.size + b.size);
}

/** Most asked first. A cluster is named by its most asked wording, so its id stays while that wording leads. */
export function clusterGaps(questions: readonly GapQuestion[]): Gap[] {
  const leaders: { readonly pairs: ReadonlySet<string>; readonly members: GapQuestion[] }[] = [];
  for (const question of [...questions].sort((a, b) => b.count - a.count || a.id.localeCompare(b.id))) {
    const pairs = bigrams(question.normalized);
    const home = leaders.find((leader) => likeness(leader.pairs, pairs) >= ALIKE);
    if (home === undefined) leaders.push({ pairs, members: [question] });
    else home.members.push(question);
  }
  return leaders
    .map(({ members }) => {
      const count = members.reduce((sum, member) => sum + member.count, 0);
      const [lead] = members;
      return {
        id: lead?.id ?? "",
        sample: lead?.text ?? "",
        questions: members.map((member) => member.text),
        questionIds: members.map((member) => member.id),
        count,
        transferRate: members.reduce((sum, member) => sum + member.transfers, 0) / count,
        lastAt: Math.max(...members.map((member) => member.lastAt)),
      };
    })
    .sort((a, b) => b.count - a.count || b.lastAt - a.lastAt);
}
