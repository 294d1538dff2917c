/** One question after an engine has answered it. */
export interface Outcome {
  /** Score of the best match, 0 when there is none. */
  readonly score: number;
  readonly inScope: boolean;
  /** The first match is right. */
  readonly isRight: boolean;
  /** One of the first three is right. */
  readonly isAmongThree: boolean;
  /** In scope, and shares few characters with every accepted question. */
  readonly isHard: boolean;
}

export interface Quality {
  readonly top1: number;
  readonly recall3: number;
  readonly hardTop1: number;
  readonly auroc: number;
  readonly bestF1: number;
  readonly cov90: number;
}

const share = <T>(list: readonly T[], holds: (item: T) => boolean) =>
  list.length === 0 ? Number.NaN : list.filter(holds).length / list.length;

export function qualityOf(outcomes: readonly Outcome[]): Quality {
  const asked = outcomes.filter((o) => o.inScope);
  return {
    top1: share(asked, (o) => o.isRight),
    recall3: share(asked, (o) => o.isAmongThree),
    hardTop1: share(
      asked.filter((o) => o.isHard),
      (o) => o.isRight,
    ),
    auroc: auroc(outcomes),
    bestF1: Math.max(0, ...thresholdsOf(outcomes).map((t) => f1At(outcomes, t))),
    cov90: coverageAt(outcomes, 0.9),
  };
}

/** Probability that a question in scope scores higher than one out of scope; ties count half. */
function auroc(outcomes: readonly Outcome[]): number {
  const sorted = [...outcomes].sort((a, b) => a.score - b.score);
  const inside = sorted.filter((o) => o.inScope).length;
  const outside = sorted.length - inside;
  let ranks = 0;
  for (let i = 0; i < sorted.length; ) {
    let end = i;
    while (end < sorted.length && sorted[end]?.score === sorted[i]?.score) end++;
    const middle = (i + 1 + end) / 2;
    ranks += middle * sorted.slice(i, end).filter((o) => o.inScope).length;
    i = end;
  }
  return (ranks - (inside * (inside + 1)) / 2) / (inside * outside);
}

/** F1 of answering at or above a threshold: an answer counts when it is right, a question in scope wants one. */
export function f1At(outcomes: readonly Outcome[], threshold: number): number {
  const given = outcomes.filter((o) => o.score > 0 && o.score >= threshold);
  const right = given.filter((o) => o.isRight).length;
  const wanted = outcomes.filter((o) => o.inScope).length;
  return (2 * right) / (given.length + wanted || 1);
}

/** Up to a hundred quantiles of the scores. */
export function thresholdsOf(outcomes: readonly Outcome[]): number[] {
  const scores = outcomes
    .map((o) => o.score)
    .filter((s) => s > 0)
    .sort((a, b) => a - b);
  const step = Math.max(1, Math.floor(scores.length / 100));
  return scores.filter((_, i) => i % step === 0);
}

function coverageAt(outcomes: readonly Outcome[], precision: number): number {
  const sorted = [...outcomes].filter((o) => o.score > 0).sort((a, b) => b.score - a.score);
  const wanted = outcomes.filter((o) => o.inScope).length;
  let right = 0;
  let covered = 0;
  sorted.forEach((o, i) => {
    if (o.isRight) right++;
    if (right / (i + 1) >= precision) covered = right / wanted;
  });
  return covered;
}

/** Mean F1 when each set is met with the one threshold that is best, on average, on all the others. */
export function transferredF1(sets: readonly (readonly Outcome[])[]): number {
  const grid = thresholdsOf(sets.flat());
  const table = sets.map((outcomes) => grid.map((t) => f1At(outcomes, t)));
  const scores = table.map((own, held) => {
    const totals = grid.map((_, t) => table.reduce((sum, row, i) => sum + (i === held ? 0 : (row[t] ?? 0)), 0));
    return own[totals.indexOf(Math.max(...totals))] ?? 0;
  });
  return mean(scores);
}

const NEARLY = 0.001;

/** The threshold with the best mean F1 over all sets; of those nearly as good the highest, since silence costs less than a wrong answer. */
export function bestThreshold(sets: readonly (readonly Outcome[])[]): number {
  const grid = Array.from({ length: 80 }, (_, i) => 0.1 + i / 100);
  const totals = grid.map((t) => sets.reduce((sum, outcomes) => sum + f1At(outcomes, t), 0));
  const enough = Math.max(...totals) - NEARLY * sets.length;
  return grid[totals.findLastIndex((total) => total >= enough)] ?? 0.5;
}

export function mean(values: readonly number[]): number {
  const known = values.filter((v) => !Number.isNaN(v));
  return known.reduce((sum, v) => sum + v, 0) / (known.length || 1);
}

export function percentile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * p))] ?? 0;
}

/** Of the answers scored within a tenth, the mean score and the share that is right; every set counts the same. */
export function calibrationCurve(
  sets: readonly (readonly Outcome[])[],
): { score: number; right: number; share: number }[] {
  const bins = Array.from({ length: 10 }, () => ({ weight: 0, score: 0, right: 0 }));
  for (const outcomes of sets)
    for (const { score, isRight } of outcomes) {
      const bin = bins[Math.min(9, Math.floor(score * 10))];
      if (bin === undefined || score === 0) continue;
      const weight = 1 / outcomes.length / sets.length;
      bin.weight += weight;
      bin.score += weight * score;
      bin.right += isRight ? weight : 0;
    }
  return bins.map((b) => ({ score: b.score / b.weight, right: b.right / b.weight, share: b.weight }));
}

/** Whether the best character-bigram Jaccard with any accepted question is below 0.25. */
export function isHardQuestion(text: string, accepted: readonly string[]): boolean {
  return accepted.length > 0 && Math.max(...accepted.map((other) => jaccard(text, other))) < 0.25;
}

function bigrams(text: string): Set<string> {
  const chars = [...text.toLowerCase().replace(/[\s\p{P}]/gu, "")];
  return new Set(chars.slice(0, -1).map((c, i) => c + (chars[i + 1] ?? "")));
}

function jaccard(a: string, b: string): number {
  const first = bigrams(a);
  const second = bigrams(b);
  const common = [...first].filter((x) => second.has(x)).length;
  return common / (first.size + second.size - common || 1);
}
