import { useQuery } from "@tanstack/react-query";
import { useParams, useSearch } from "@tanstack/react-router";
import { articleQuery } from "../api/queries.ts";
import { PageSkeleton } from "../app/shell.tsx";
import { Failure } from "../ui/pieces.tsx";
import { Editor } from "./editor.tsx";
import { EMPTY } from "./fields.ts";
import "./articles.css";

export function ArticlePage() {
  const { articleId } = useParams({ from: "/shell/articles/$articleId" });
  const { question } = useSearch({ from: "/shell/articles/$articleId" });
  const isNew = articleId === "new";
  const query = useQuery({ ...articleQuery(articleId), enabled: !isNew });
  if (isNew)
    return <Editor key={`new ${question ?? ""}`} article={undefined} start={{ ...EMPTY, question: question ?? "" }} />;
  if (query.data) return <Editor key={articleId} article={query.data} start={query.data} />;
  if (query.isError) return <Failure fill error={query.error} onRetry={() => void query.refetch()} />;
  return <PageSkeleton />;
}
