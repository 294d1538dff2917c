import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect } from "react";
import { post } from "../api/client.ts";
import { errorWords } from "../api/errors.ts";
import type { Article, ArticleCheck, ArticleFields, Replayed } from "../api/types.ts";
import { isWordKey, useT } from "../i18n/index.ts";
import { Button } from "../ui/button.tsx";
import { Icon } from "../ui/icon.tsx";
import { Chip } from "../ui/pieces.tsx";
import { changesOf, fieldsOf } from "./fields.ts";

interface CheckPanelProps {
  readonly article: Article;
  /** As edited, saved or not. */
  readonly fields: ArticleFields;
  /** Grows when a publish was refused: then the reasons are shown at once. */
  readonly refused: number;
}

/** Red stops a publish and names the questions; amber is worth a look. */
export function CheckPanel({ article, fields, refused }: CheckPanelProps) {
  const t = useT();
  const check = useMutation({
    mutationFn: () =>
      post<ArticleCheck>(`/v1/articles/${article.id}/check`, { article: changesOf(fieldsOf(article), fields) }),
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a refusal asks by itself.
  useEffect(() => {
    if (refused > 0) check.mutate();
  }, [refused]);
  return (
    <section className="panel panel-pad checks" aria-label={t("check.title")}>
      <div className="row">
        <h2 className="grow">{t("check.title")}</h2>
        <Button small icon="shield" busy={check.isPending} onClick={() => check.mutate()}>
          {t(check.data ? "check.again" : "check.run")}
        </Button>
      </div>
      <div aria-live="polite" className="tryit-result">
        {check.isError && <div className="notice red">{errorWords(check.error)}</div>}
        {check.data ? <Outcome found={check.data} /> : <p className="hint">{t("check.hint")}</p>}
      </div>
    </section>
  );
}

function Outcome({ found }: { readonly found: ArticleCheck }) {
  const t = useT();
  const { checks, replay } = found;
  const tone = !found.ok ? "red" : checks.length > 0 ? "amber" : "green";
  return (
    <>
      <div className={`notice ${tone}`}>
        <Icon name={found.ok ? "check" : "alert"} />
        {t(!found.ok ? "check.red" : checks.length > 0 ? "check.amber" : "check.ok")}
      </div>
      <ul className="findings">
        {checks.map((finding) => (
          <li key={`${finding.check} ${finding.question} ${finding.articleId} ${finding.word}`}>
            <Icon name={finding.level === "error" ? "x" : "alert"} />
            <span className={finding.level === "error" ? "bad-text" : undefined}>
              <FindingWords finding={finding} />
            </span>
            {finding.articleId !== undefined && (
              <Link to="/articles/$articleId" params={{ articleId: finding.articleId }} className="clip">
                {finding.otherQuestion}
              </Link>
            )}
          </li>
        ))}
      </ul>
      <p>
        {t("check.replay", {
          total: replay.total,
          changed: replay.changed.length,
          lost: replay.lost,
          gained: replay.gained,
        })}
      </p>
      <ReplayList changed={replay.changed} />
    </>
  );
}

function FindingWords({ finding }: { readonly finding: ArticleCheck["checks"][number] }) {
  const t = useT();
  const key = `check.${finding.check}`;
  if (!isWordKey(key)) return finding.detail;
  return t(key, {
    question: finding.question ?? "",
    other: finding.otherQuestion ?? "",
    word: finding.word ?? "",
    gap: (finding.gap ?? 0).toFixed(2),
  });
}

export function ReplayList({ changed }: { readonly changed: readonly Replayed[] }) {
  const t = useT();
  return (
    <ul className="findings">
      {changed.slice(0, 50).map((one) => (
        <li key={one.question}>
          <span className="grow">{one.question}</span>
          <Chip tone={one.to === null ? "red" : one.from === null ? "green" : "amber"}>
            {one.fromQuestion ?? t("check.nobody")} → {one.toQuestion ?? t("check.nobody")}
          </Chip>
        </li>
      ))}
    </ul>
  );
}
