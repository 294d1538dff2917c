import type { Article } from "../api/types.ts";
import { useT } from "../i18n/index.ts";
import { Button } from "../ui/button.tsx";
import { Menu } from "../ui/menu.tsx";
import { stateOf } from "./fields.ts";
import type { useEditor } from "./use-editor.ts";

export type EditorDialog = "versions" | "delete" | "publish" | "review";

interface EditorActionsProps {
  readonly article: Article | undefined;
  readonly editor: ReturnType<typeof useEditor>;
  readonly readOnly: boolean;
  /** Nothing is missing that a save needs. */
  readonly complete: boolean;
  /** Undefined: not known yet. */
  readonly mayTell: boolean | undefined;
  readonly onOpen: (dialog: EditorDialog) => void;
}

/** Save, publish or ask for a review, and what is needed less often behind the dots. */
export function EditorActions({ article, editor, readOnly, complete, mayTell, onOpen }: EditorActionsProps) {
  const t = useT();
  const { dirty, save } = editor;
  const told = article !== undefined && (article.publishedVersion != null || article.rollout !== undefined);
  const unpublished = article === undefined || dirty || stateOf(article) !== "published";
  /** Asked, and nothing new to ask about. */
  const isWaiting = article?.review !== undefined && !article.review.changed && !dirty;
  return (
    <>
      {!readOnly && (
        <>
          <Button
            look="quiet"
            icon="undo"
            aria-label={t("article.undo")}
            disabled={editor.undo === undefined}
            onClick={editor.undo}
          />
          <Button disabled={!dirty || !complete} busy={save.isPending} onClick={() => save.mutate({ publish: false })}>
            {t("article.saveDraft")}
          </Button>
          {mayTell === false ? (
            <Button
              look="primary"
              icon="check"
              disabled={!unpublished || !complete || isWaiting}
              busy={editor.ask.isPending}
              onClick={() => onOpen("review")}
            >
              {t(article?.review ? "review.askAgain" : "review.ask")}
            </Button>
          ) : (
            <Button
              look="primary"
              icon="check"
              disabled={!unpublished || !complete || mayTell === undefined}
              busy={save.isPending}
              onClick={() => save.mutate({ publish: true })}
            >
              {t(dirty || article === undefined ? "article.saveAndPublish" : "article.publish")}
            </Button>
          )}
        </>
      )}
      {article && (
        <Menu
          label={t("common.more")}
          items={[
            ...(readOnly || !unpublished || !complete || !mayTell
              ? []
              : [
                  {
                    key: "publish",
                    label: t("article.publishLater"),
                    icon: "clock" as const,
                    run: () => onOpen("publish"),
                  },
                ]),
            { key: "versions", label: t("article.versionsTitle"), icon: "history", run: () => onOpen("versions") },
            ...(readOnly || (told && !mayTell)
              ? []
              : [
                  {
                    key: "delete",
                    label: t("article.delete"),
                    icon: "trash" as const,
                    danger: true,
                    run: () => onOpen("delete"),
                  },
                ]),
          ]}
        />
      )}
    </>
  );
}
