import { useMutation, useQuery } from "@tanstack/react-query";
import { post } from "../api/client.ts";
import { errorWords } from "../api/errors.ts";
import { figuresQuery } from "../api/queries.ts";
import type { Article, Figures } from "../api/types.ts";
import { t as say, useT } from "../i18n/index.ts";
import { fullTime } from "../time.ts";
import { Button } from "../ui/button.tsx";
import { toast } from "../ui/toast.tsx";

interface RolloutPanelProps {
  readonly article: Article;
  readonly readOnly: boolean;
  readonly onEnded: (article: Article) => void;
}

/** Both sides of a gradual publish next to each other, and its two ends. */
export function RolloutPanel({ article, readOnly, onEnded }: RolloutPanelProps) {
  const t = useT();
  const { data } = useQuery(figuresQuery(article.id));
  const end = useMutation({
    mutationFn: (outcome: "everyone" | "nobody") => post<Article>(`/v1/articles/${article.id}/rollout`, { outcome }),
    onSuccess: (saved) => {
      onEnded(saved);
      toast(say("rollout.ended"));
    },
    onError: (error) => toast(errorWords(error), "bad"),
  });
  const { rollout } = article;
  if (rollout === undefined) return null;
  const sides = data?.rollout;
  return (
    <section className="panel panel-pad checks" aria-label={t("rollout.title")}>
      <h2>{t("rollout.title")}</h2>
      <p>{t("rollout.state", { version: rollout.version, percent: rollout.percent, time: fullTime(rollout.from) })}</p>
      {sides && (
        <table className="plain-table">
          <tbody>
            <Side name={t("rollout.next", { n: sides.next.version })} figures={sides.next} />
            {sides.published && (
              <Side name={t("rollout.published", { n: sides.published.version })} figures={sides.published} />
            )}
          </tbody>
        </table>
      )}
      {!readOnly && (
        <div className="row">
          <Button small look="primary" busy={end.isPending} onClick={() => end.mutate("everyone")}>
            {t("rollout.everyone")}
          </Button>
          <Button small busy={end.isPending} onClick={() => end.mutate("nobody")}>
            {t("rollout.nobody")}
          </Button>
        </div>
      )}
    </section>
  );
}

function Side({ name, figures }: { readonly name: string; readonly figures: Figures }) {
  const t = useT();
  return (
    <tr>
      <th scope="row">{name}</th>
      <td className="num">{t("rollout.hits", { n: figures.hits })}</td>
      <td className="num">{t("gaps.transfer", { n: Math.round(figures.transferRate * 100) })}</td>
      <td className="num">
        👍 {figures.helpful} 👎 {figures.unhelpful}
      </td>
    </tr>
  );
}
