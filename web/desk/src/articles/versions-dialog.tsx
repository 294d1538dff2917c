import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { post } from "../api/client.ts";
import { errorWords } from "../api/errors.ts";
import { versionsQuery } from "../api/queries.ts";
import type { Article, ArticleVersion } from "../api/types.ts";
import { t as say, useT } from "../i18n/index.ts";
import { momentTime } from "../time.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Chip, Failure, Skeleton } from "../ui/pieces.tsx";
import { toast } from "../ui/toast.tsx";
import { FieldDiff } from "./field-value.tsx";
import { changedFields, FIELD_WORDS, fieldsOf } from "./fields.ts";

interface VersionsProps {
  readonly article: Article;
  readonly readOnly: boolean;
  readonly onClose: () => void;
  readonly onRolledBack: (article: Article) => void;
}

export function VersionsDialog({ article, readOnly, onClose, onRolledBack }: VersionsProps) {
  const t = useT();
  const query = useQuery({ ...versionsQuery(article.id), staleTime: 0 });
  const [picked, setPicked] = useState<number>();
  const list = query.data ?? [];
  const version = list.find((item) => item.version === picked) ?? list[0];
  const rollback = useMutation({
    mutationFn: (number: number) =>
      post<Article | { article: Article }>(`/v1/articles/${article.id}/rollback`, { version: number }),
    onSuccess: (answer, number) => {
      onRolledBack("article" in answer ? answer.article : answer);
      toast(say("article.rolledBack", { n: number }));
      onClose();
    },
    onError: (error) => toast(errorWords(error), "bad"),
  });
  return (
    <Dialog title={t("article.versionsTitle")} wide onClose={onClose}>
      {query.isPending && <Skeleton lines={4} />}
      {query.isError && <Failure error={query.error} onRetry={() => void query.refetch()} />}
      {version && (
        <div className="versions">
          <ul className="scroll">
            {list.map((item) => (
              <li key={item.version}>
                <button type="button" aria-pressed={item === version} onClick={() => setPicked(item.version)}>
                  <span className="row">
                    <strong className="num">v{item.version}</strong>
                    {item.version === article.publishedVersion && <Chip tone="green">{t("article.live")}</Chip>}
                    {item.version === article.version && <Chip tone="line">{t("article.current")}</Chip>}
                  </span>
                  <span className="muted num">{[nameOf(item), momentTime(item.at)].filter(Boolean).join(" · ")}</span>
                </button>
              </li>
            ))}
          </ul>
          <Difference article={article} version={version}>
            {!readOnly && version.version !== article.publishedVersion && (
              <Button icon="undo" busy={rollback.isPending} onClick={() => rollback.mutate(version.version)}>
                {t("article.rollback")}
              </Button>
            )}
          </Difference>
        </div>
      )}
    </Dialog>
  );
}

const nameOf = (version: ArticleVersion) => (typeof version.by === "string" ? version.by : version.by?.name);

function Difference({
  article,
  version,
  children,
}: {
  readonly article: Article;
  readonly version: ArticleVersion;
  readonly children: React.ReactNode;
}) {
  const t = useT();
  const fields = fieldsOf(version.article);
  const changed = changedFields(fields, fieldsOf(article));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it.
    <section className="version-diff scroll" tabIndex={0} aria-label={t("article.diffWith")}>
      <div className="row">
        <h3 className="grow">{t("article.diffWith")}</h3>
        {children}
      </div>
      {version.reason && <div className="notice amber">{t("article.versionReason", { reason: version.reason })}</div>}
      {version.warnings && (
        <ul className="findings">
          {version.warnings.map((warning) => (
            <li key={warning}>{warning}</li>
          ))}
        </ul>
      )}
      {changed.length === 0 && <p className="muted">{t("article.same")}</p>}
      {changed.map((field) => (
        <section key={field}>
          <h4>{t(FIELD_WORDS[field])}</h4>
          <FieldDiff field={field} before={fields[field]} after={article[field]} />
        </section>
      ))}
    </section>
  );
}
