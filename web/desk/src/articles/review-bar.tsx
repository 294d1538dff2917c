import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { del } from "../api/client.ts";
import { versionsQuery } from "../api/queries.ts";
import type { Article } from "../api/types.ts";
import { t as say, useT } from "../i18n/index.ts";
import { momentTime } from "../time.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Icon } from "../ui/icon.tsx";
import { Chip, Failure, Skeleton } from "../ui/pieces.tsx";
import { ReasonDialog } from "../ui/reason-dialog.tsx";
import { toast } from "../ui/toast.tsx";
import { FieldDiff } from "./field-value.tsx";
import { changedFields, EMPTY, FIELD_WORDS, fieldsOf } from "./fields.ts";

interface ReviewBarProps {
  readonly article: Article;
  /** Whoever looks at it and tells shoppers; absent: whoever waits. */
  readonly onPublish?: () => void;
  /** There are edits of one's own, which are saved first. */
  readonly dirty: boolean;
  readonly ready: boolean;
  readonly busy: boolean;
  readonly onSentBack: (article: Article) => void;
}

/** Who asks to have it looked at, and what there is to look at. */
export function ReviewBar({ article, onPublish, dirty, ready, busy, onSentBack }: ReviewBarProps) {
  const t = useT();
  const [open, setOpen] = useState<"diff" | "back">();
  const back = useMutation({
    mutationFn: (reason: string) =>
      del<Article>(
        `/v1/articles/${article.id}/review`,
        { reason },
        { headers: { "if-match": `"${article.version}"` } },
      ),
    onSuccess: (saved) => {
      onSentBack(saved);
      setOpen(undefined);
      toast(say("review.sentBack"));
    },
  });
  const { review } = article;
  if (review === undefined) return null;
  const words = { name: review.by.name, time: momentTime(review.at) };
  return (
    <section className="notice blue editor-notice review-bar" aria-label={t("review.bar")}>
      <Icon name="clock" />
      <div className="grow">
        <span>{t(onPublish ? "review.by" : "review.mine", words)}</span>{" "}
        {review.changed && (
          <Chip tone="amber" title={t("review.changedHint", { asked: review.version, now: article.version })}>
            {t("review.changed")}
          </Chip>
        )}
        {review.note && <blockquote>{review.note}</blockquote>}
        {review.changed && onPublish && (
          <p>{t("review.changedHint", { asked: review.version, now: article.version })}</p>
        )}
      </div>
      <Button small onClick={() => setOpen("diff")}>
        {t("review.look")}
      </Button>
      {onPublish && (
        <>
          <Button small onClick={() => setOpen("back")}>
            {t("review.sendBack")}
          </Button>
          <Button small look="primary" icon="check" disabled={!ready} busy={busy} onClick={onPublish}>
            {t(dirty ? "article.saveAndPublish" : "article.publish")}
          </Button>
        </>
      )}
      {open === "diff" && <DiffDialog article={article} onClose={() => setOpen(undefined)} />}
      {open === "back" && (
        <ReasonDialog
          title={t("review.sendBack")}
          label={t("review.reason")}
          submit={t("review.sendBack")}
          work={back}
          onClose={() => setOpen(undefined)}
        >
          {t("review.sendBackLead")}
        </ReasonDialog>
      )}
    </section>
  );
}

/** What was wrong with it when somebody looked. */
export function SentBackNotice({ article: { sentBack } }: { readonly article: Article }) {
  const t = useT();
  if (sentBack === undefined) return null;
  const { by, version, reason, at } = sentBack;
  return (
    <div className="notice amber editor-notice">
      <Icon name="undo" />
      <span className="grow">{t("review.wasSentBack", { name: by.name, n: version, reason })}</span>
      <span className="num">{momentTime(at)}</span>
    </div>
  );
}

/** The saved copy against what shoppers are told, field by field. */
function DiffDialog({ article, onClose }: { readonly article: Article; readonly onClose: () => void }) {
  const t = useT();
  const { publishedVersion } = article;
  const isNew = publishedVersion === undefined || publishedVersion === null;
  const query = useQuery({ ...versionsQuery(article.id), staleTime: 0, enabled: !isNew });
  const told = query.data?.find(({ version }) => version === publishedVersion)?.article;
  const before = isNew ? EMPTY : told && fieldsOf(told);
  const changed = before && changedFields(before, fieldsOf(article));
  return (
    <Dialog title={t(isNew ? "review.diffNew" : "review.diff")} wide onClose={onClose}>
      {query.isError && <Failure error={query.error} onRetry={() => void query.refetch()} />}
      {before === undefined && !query.isError && <Skeleton lines={4} />}
      {changed?.length === 0 && <p className="muted">{t("review.same")}</p>}
      {changed?.map((field) => (
        <section key={field} className="review-field">
          <h3>{t(FIELD_WORDS[field])}</h3>
          <FieldDiff field={field} before={before?.[field]} after={article[field]} />
        </section>
      ))}
    </Dialog>
  );
}
