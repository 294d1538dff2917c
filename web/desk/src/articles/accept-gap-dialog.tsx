import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { post } from "../api/client.ts";
import { errorWords } from "../api/errors.ts";
import { queryClient } from "../api/query-client.ts";
import type { Gap, GapProof } from "../api/types.ts";
import { useMayTell } from "../app/me.ts";
import { t as say, useT } from "../i18n/index.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { toast } from "../ui/toast.tsx";
import { ArticlePick } from "./article-pick.tsx";
import { ReplayList } from "./check-panel.tsx";

interface AcceptGapDialogProps {
  readonly gap: Gap;
  readonly into: "article" | "new";
  readonly onClose: () => void;
}

export function settleGap(words: string): void {
  toast(words);
  void queryClient.invalidateQueries({ queryKey: ["gaps"] });
  void queryClient.invalidateQueries({ queryKey: ["articles"] });
}

/** A cluster becomes phrasings of an article or an article of its own; what that changes is shown before it is done. */
export function AcceptGapDialog({ gap, into, onClose }: AcceptGapDialogProps) {
  const t = useT();
  const mayTell = useMayTell();
  const [articleId, setArticleId] = useState("");
  const [question, setQuestion] = useState(gap.sample);
  const [answer, setAnswer] = useState("");
  const [questions, setQuestions] = useState<readonly string[]>(gap.questions);
  const ready = into === "article" ? articleId !== "" : question.trim() !== "" && answer.trim() !== "";
  const body = { questions, ...(into === "article" ? { articleId } : { article: { question, answer } }) };
  const prove = useMutation({ mutationFn: () => post<GapProof>(`/v1/knowledge/gaps/${gap.id}/proof`, body) });
  const accept = useMutation({
    mutationFn: () =>
      post(`/v1/knowledge/gaps/${gap.id}/accept`, { ...body, ...(mayTell === false && { publish: false }) }),
    onSuccess: () => {
      settleGap(say(mayTell === false ? "review.gapAsked" : "gaps.accepted"));
      onClose();
    },
  });
  const failure = prove.error ?? accept.error;
  return (
    <Dialog
      title={t(into === "article" ? "gaps.add" : "gaps.create")}
      wide
      onClose={onClose}
      onSubmit={() => accept.mutate()}
      submit={t(mayTell === false ? "review.acceptGap" : "gaps.accept")}
      busy={accept.isPending}
      ready={ready && mayTell !== undefined}
    >
      {into === "article" ? (
        <ArticlePick
          label={t("gaps.addTo")}
          start={gap.sample.slice(0, 4)}
          value={articleId}
          size={6}
          onChange={setArticleId}
        />
      ) : (
        <>
          <label className="field">
            <span className="label">{t("articles.question")}</span>
            <input
              className="input"
              maxLength={500}
              value={question}
              onChange={(event) => setQuestion(event.target.value)}
            />
          </label>
          <label className="field">
            <span className="label">{t("article.answer")}</span>
            <textarea
              className="input"
              rows={3}
              maxLength={20_000}
              value={answer}
              onChange={(event) => setAnswer(event.target.value)}
            />
          </label>
        </>
      )}
      <fieldset className="picks">
        <legend className="label">{t("gaps.pick")}</legend>
        {gap.questions.map((one) => (
          <label key={one} className="row">
            <input
              type="checkbox"
              checked={questions.includes(one)}
              onChange={(event) =>
                setQuestions(event.target.checked ? [...questions, one] : questions.filter((other) => other !== one))
              }
            />
            {one}
          </label>
        ))}
      </fieldset>
      <div className="row">
        <Button small icon="shield" disabled={!ready} busy={prove.isPending} onClick={() => prove.mutate()}>
          {t("gaps.prove")}
        </Button>
      </div>
      <div aria-live="polite" className="tryit-result">
        {failure && <div className="notice red">{errorWords(failure)}</div>}
        {prove.data && <Proof proof={prove.data} />}
      </div>
    </Dialog>
  );
}

function Proof({ proof }: { readonly proof: GapProof }) {
  const t = useT();
  const { total, before, after, questions } = proof.cluster;
  return (
    <>
      <div className={after > before ? "notice green" : "notice amber"}>
        {t("gaps.proofCluster", { total, before, after })}
      </div>
      <p className="muted">{t("gaps.proofWeek", { total: proof.lastWeek.total, after: proof.lastWeek.after })}</p>
      <ReplayList changed={questions} />
    </>
  );
}
