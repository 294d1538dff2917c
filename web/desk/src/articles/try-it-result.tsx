import { Link } from "@tanstack/react-router";
import type { ArticlePreview, MatchWhy, PreviewMatch } from "../api/types.ts";
import { codeWords, type Translate, useT } from "../i18n/index.ts";
import { Icon } from "../ui/icon.tsx";
import { Chip } from "../ui/pieces.tsx";

/** What the matcher found, and the words it found it by. */
export function Result({ asked, answer }: { readonly asked: string; readonly answer: ArticlePreview }) {
  const t = useT();
  const tone = answer.decision === "answer" ? "green" : answer.decision === "suggest" ? "amber" : "red";
  const verdict = verdictOf(t, answer.matches);
  return (
    <>
      <div className="row">
        <Chip tone={tone}>{t(`tryit.decision.${answer.decision}`)}</Chip>
        <strong className={`verdict ${verdict.good ? "good" : "bad"}`}>{verdict.words}</strong>
      </div>
      {answer.tests && <TestRun tests={answer.tests} />}
      {answer.conflicts.length > 0 && (
        <ul className="findings conflicts" aria-label={t("tryit.conflicts")}>
          {answer.conflicts.map(({ articleId, question, gap }) => (
            <li key={articleId}>
              <Icon name="alert" />
              <span>{t("tryit.conflict", { gap: Math.abs(gap).toFixed(2) })}</span>
              <Link to="/articles/$articleId" params={{ articleId }} className="clip">
                {question}
              </Link>
            </li>
          ))}
        </ul>
      )}
      {answer.matches.length === 0 && <p className="muted">{t("tryit.empty")}</p>}
      <ol className="matches">
        {answer.matches.map((match, index) => (
          <li key={match.articleId} className={match.edited ? "match this" : "match"}>
            <div className="row">
              <span className="muted num">{index + 1}</span>
              {match.edited ? (
                <strong className="clip grow">{match.question}</strong>
              ) : (
                <Link to="/articles/$articleId" params={{ articleId: match.articleId }} className="clip grow">
                  {match.question}
                </Link>
              )}
              {match.edited ? (
                <Chip tone="accent">{t("tryit.this")}</Chip>
              ) : (
                <span className="muted num">v{match.version}</span>
              )}
              <span className="score num">{match.score.toFixed(2)}</span>
            </div>
            <div className="score-bar" aria-hidden>
              <i style={{ width: `${Math.round(Math.min(1, match.score) * 100)}%` }} />
            </div>
            {(index === 0 || match.edited) && <Why asked={asked} match={match} />}
          </li>
        ))}
      </ol>
    </>
  );
}

/** The article's own test questions, asked with the edits as they stand. */
function TestRun({ tests: { total, failed } }: { readonly tests: NonNullable<ArticlePreview["tests"]> }) {
  const t = useT();
  const passed = total - failed.length;
  return (
    <div className="tests-run">
      <Chip tone={failed.length === 0 ? "green" : "red"}>{t("tryit.tests", { passed, total })}</Chip>
      {failed.length > 0 && (
        <ul className="findings" aria-label={t("tryit.testsFailed")}>
          {failed.map(({ question, check }) => (
            <li key={`${check} ${question}`}>
              <Icon name="x" />
              <span className="bad-text">{t(`tryit.${check}`, { question })}</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

const TOO_CLOSE = 0.05;

function verdictOf(t: Translate, matches: readonly PreviewMatch[]): { readonly good: boolean; readonly words: string } {
  const rank = matches.findIndex((match) => match.edited);
  const [first, second] = matches;
  if (rank === -1 || first === undefined) return { good: false, words: t("tryit.absent") };
  if (rank > 0)
    return {
      good: false,
      words: t("tryit.loses", { rank: rank + 1, gap: (first.score - (matches[rank]?.score ?? 0)).toFixed(2) }),
    };
  if (second === undefined) return { good: true, words: t("tryit.winsAlone") };
  const gap = first.score - second.score;
  if (gap < TOO_CLOSE)
    return { good: false, words: t("tryit.close", { question: second.question, gap: gap.toFixed(2) }) };
  return { good: true, words: t("tryit.wins", { gap: gap.toFixed(2) }) };
}

function Why({ asked, match }: { readonly asked: string; readonly match: PreviewMatch }) {
  const t = useT();
  const why = [...match.why].sort((a, b) => b.weight - a.weight);
  return (
    <div className="why">
      <p className="why-asked">
        {highlight(asked, why).map((part, index) =>
          part.weight === 0 ? (
            // biome-ignore lint/suspicious/noArrayIndexKey: the parts of the question have no other name.
            <span key={index}>{part.text}</span>
          ) : (
            // biome-ignore lint/suspicious/noArrayIndexKey: the parts of the question have no other name.
            <mark key={index} style={{ "--weight": part.weight } as React.CSSProperties}>
              {part.text}
            </mark>
          ),
        )}
      </p>
      <div className="chips">
        {why.slice(0, 8).map((item) => (
          <Chip key={`${item.term} ${item.via}`} tone="line">
            {item.term} <span className="muted">{codeWords(t, "via", item.via)}</span>{" "}
            <span className="num">{item.weight.toFixed(2)}</span>
          </Chip>
        ))}
      </div>
    </div>
  );
}

/** Each character is as strong as the strongest word that covers it. */
function highlight(
  asked: string,
  why: readonly MatchWhy[],
): readonly { readonly text: string; readonly weight: number }[] {
  const lower = asked.toLowerCase();
  const heaviest = Math.max(...why.map((item) => item.weight), 0.0001);
  const weights = Array.from({ length: asked.length }, () => 0);
  for (const item of why) {
    const term = item.term.toLowerCase();
    for (let at = lower.indexOf(term); term !== "" && at !== -1; at = lower.indexOf(term, at + 1)) {
      for (let index = at; index < at + term.length; index += 1)
        weights[index] = Math.max(weights[index] ?? 0, item.weight / heaviest);
    }
  }
  const parts: { text: string; weight: number }[] = [];
  for (let index = 0; index < asked.length; index += 1) {
    const weight = weights[index] ?? 0;
    const last = parts.at(-1);
    if (last?.weight === weight) last.text += asked[index];
    else parts.push({ text: asked[index] ?? "", weight });
  }
  return parts;
}
