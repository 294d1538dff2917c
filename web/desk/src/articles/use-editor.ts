import { useMutation } from "@tanstack/react-query";
import { useBlocker, useNavigate } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { ApiError, del, patch, post } from "../api/client.ts";
import { errorWords, isCode } from "../api/errors.ts";
import { articleQuery } from "../api/queries.ts";
import { queryClient } from "../api/query-client.ts";
import type { Article, ArticleFields } from "../api/types.ts";
import { t } from "../i18n/index.ts";
import { toast } from "../ui/toast.tsx";
import { useHistory } from "../ui/use-history.ts";
import { changedFields, changesOf, fieldsOf } from "./fields.ts";
import { readLocalCopy, writeLocalCopy } from "./local-copy.ts";

/** Not at once, or not to everyone. */
export interface PublishPlan {
  readonly at?: string;
  readonly percent?: number;
  /** Why shoppers are told in spite of what the checks noticed. */
  readonly reason?: string;
}

/** A publish that waits for a reason. */
export interface Unreasoned {
  readonly warnings: readonly string[];
  readonly plan: PublishPlan | undefined;
}

export interface Conflict {
  readonly base: ArticleFields;
  readonly theirs: Article;
  readonly publish: boolean;
}

const answerOf = (body: Article | { readonly article: Article }): Article => ("article" in body ? body.article : body);

/** One article being edited: what it was, what it is becoming, and every way back. */
export function useEditor(article: Article | undefined, start: ArticleFields) {
  const navigate = useNavigate();
  const id = article?.id ?? "new";
  const kept = useState(() => readLocalCopy(id))[0];
  const [base, setBase] = useState({
    version: kept?.baseVersion ?? article?.version ?? 0,
    fields: kept?.base ?? fieldsOf(article ?? { ...start, question: "" }),
  });
  const [fields, setFields] = useState(kept?.fields ?? fieldsOf(start));
  const [restored, setRestored] = useState(kept !== undefined);
  const [conflict, setConflict] = useState<Conflict>();
  /** How often a publish was refused by its checks. */
  const [refused, setRefused] = useState(0);
  const [unreasoned, setUnreasoned] = useState<Unreasoned>();
  /** A new one that was saved and could not be published: trying again is no second one. */
  const made = useRef<Article>(undefined);
  const history = useHistory(setFields);
  const changed = changedFields(base.fields, fields);
  const dirty = changed.length > 0;

  // Someone saved while nothing was edited here: simply show theirs.
  useEffect(() => {
    if (article === undefined || dirty || article.version <= base.version) return;
    setBase({ version: article.version, fields: fieldsOf(article) });
    setFields(fieldsOf(article));
  }, [article, dirty, base.version]);

  useEffect(() => {
    const timer = setTimeout(
      () => writeLocalCopy(id, dirty ? { baseVersion: base.version, base: base.fields, fields } : undefined),
      400,
    );
    return () => clearTimeout(timer);
  }, [id, dirty, base, fields]);
  useEffect(() => {
    if (!dirty) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener("beforeunload", warn);
    return () => removeEventListener("beforeunload", warn);
  }, [dirty]);
  const blocker = useBlocker({ shouldBlockFn: () => dirty, enableBeforeUnload: false, withResolver: true });

  const settle = (saved: Article) => {
    queryClient.setQueryData(articleQuery(saved.id).queryKey, saved);
    void queryClient.invalidateQueries({ queryKey: ["articles"] });
    void queryClient.invalidateQueries({ queryKey: ["versions", saved.id] });
    void queryClient.invalidateQueries({ queryKey: ["match"] });
    void queryClient.invalidateQueries({ queryKey: ["figures", saved.id] });
    setBase({ version: saved.version, fields: fieldsOf(saved) });
    setFields(fieldsOf(saved));
    setRestored(false);
    setConflict(undefined);
    setUnreasoned(undefined);
    history.forget();
    writeLocalCopy(id, undefined);
  };
  const keep = async (from: typeof base, to: ArticleFields, of = article ?? made.current) => {
    const saved = await store(of, from, to);
    made.current = saved;
    settle(saved);
    return saved;
  };
  const openSaved = (saved: Article) => {
    if (article === undefined)
      setTimeout(
        () =>
          void navigate({
            to: "/articles/$articleId",
            params: { articleId: saved.id },
            replace: true,
            ignoreBlocker: true,
          }),
      );
  };
  const ask = useMutation({
    mutationFn: async (note: string) => {
      const saved = await keep(base, fields);
      const asked = await post<Article>(`/v1/articles/${saved.id}/review`, note === "" ? {} : { note }, seen(saved));
      settle(asked);
      return asked;
    },
    onSuccess: (asked) => {
      toast(t("review.asked"));
      openSaved(asked);
    },
    onError: (error) => {
      const theirs = error instanceof ApiError && error.status === 412 ? currentArticle(error) : undefined;
      if (theirs && dirty) setConflict({ base: base.fields, theirs, publish: false });
      else if (theirs) {
        settle(theirs);
        toast(t("review.newer"), "bad");
      } else toast(errorWords(error), "bad");
    },
  });
  const save = useMutation({
    mutationFn: async ({
      publish,
      plan,
      from = base,
      to = fields,
      of,
    }: {
      readonly publish: boolean;
      readonly plan?: PublishPlan;
      readonly from?: typeof base;
      readonly to?: ArticleFields;
      /** What stands there now, where that is not what was opened. */
      readonly of?: Article;
    }) => {
      let saved = await keep(from, to, of);
      if (publish) {
        saved = answerOf(await post<Article>(`/v1/articles/${saved.id}/publish`, plan ?? {}, seen(saved)));
        settle(saved);
      }
      return saved;
    },
    onSuccess: (saved, { publish, plan }) => {
      toast(t(plan ? "article.scheduled" : publish ? "article.published" : "article.saved"));
      openSaved(saved);
    },
    onError: (error, { publish, plan }) => {
      const theirs = error instanceof ApiError && error.status === 412 ? currentArticle(error) : undefined;
      if (theirs && !dirty) {
        settle(theirs);
        toast(t("review.newer"), "bad");
      } else if (isCode(error, "knowledge.check_failed")) {
        setRefused((count) => count + 1);
        toast(errorWords(error), "bad");
      } else if (isCode(error, "knowledge.reason_required"))
        setUnreasoned({ warnings: error.problem.errors?.map(({ message }) => message) ?? [], plan });
      else if (theirs) setConflict({ base: base.fields, theirs, publish });
      else toast(errorWords(error), "bad");
    },
  });
  const remove = useMutation({
    mutationFn: () => del(`/v1/articles/${id}`),
    onSuccess: () => {
      writeLocalCopy(id, undefined);
      void queryClient.invalidateQueries({ queryKey: ["articles"] });
      toast(t("article.deleted"));
      void navigate({ to: "/articles", ignoreBlocker: true });
    },
    onError: (error) => toast(errorWords(error), "bad"),
  });

  return {
    base,
    fields,
    dirty,
    changed,
    restored: restored && dirty,
    conflict,
    refused,
    blocker,
    save,
    ask,
    remove,
    unreasoned,
    closeReason: () => setUnreasoned(undefined),
    undo: history.undo,
    edit: (part: Partial<ArticleFields>) => {
      history.note(fields);
      setFields((old) => fieldsOf({ ...old, ...part }));
    },
    discard() {
      const now = article === undefined ? base : { version: article.version, fields: fieldsOf(article) };
      setBase(now);
      setFields(now.fields);
      setRestored(false);
      writeLocalCopy(id, undefined);
    },
    closeConflict: () => setConflict(undefined),
    settle,
    saveMerge(merged: ArticleFields) {
      if (conflict === undefined) return;
      const from = { version: conflict.theirs.version, fields: fieldsOf(conflict.theirs) };
      save.mutate({ publish: conflict.publish, from, to: merged, of: conflict.theirs });
    },
  };
}

/** The version the person looks at is what is meant. */
const seen = ({ version }: Article) => ({ headers: { "if-match": `"${version}"` } });

async function store(
  article: Article | undefined,
  from: { readonly version: number; readonly fields: ArticleFields },
  to: ArticleFields,
): Promise<Article> {
  if (article === undefined) return answerOf(await post<Article>("/v1/articles", to));
  const changes = changesOf(from.fields, to);
  if (Object.keys(changes).length === 0) return article;
  return answerOf(
    await patch<Article>(`/v1/articles/${article.id}`, changes, { headers: { "if-match": `"${from.version}"` } }),
  );
}

function currentArticle(error: ApiError): Article | undefined {
  const { current } = error.problem;
  // The contract: a 412 carries the article as it stands.
  return typeof current === "object" && current !== null && "version" in current ? (current as Article) : undefined;
}
