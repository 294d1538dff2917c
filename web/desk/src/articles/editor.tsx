import { useState } from "react";
import type { Article, ArticleFields } from "../api/types.ts";
import { useCommands } from "../app/commands.ts";
import { canWriteArticles, useMayTell, useMe } from "../app/me.ts";
import { useT } from "../i18n/index.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { useTitle } from "../ui/hooks.ts";
import { Icon } from "../ui/icon.tsx";
import { Page } from "../ui/page.tsx";
import { Chip } from "../ui/pieces.tsx";
import { AdvancedFields } from "./advanced-fields.tsx";
import { AnswerField } from "./answer-field.tsx";
import { AskReviewDialog } from "./ask-review-dialog.tsx";
import { ButtonsField, isUnfinished } from "./buttons-field.tsx";
import { CheckPanel } from "./check-panel.tsx";
import { ChipsField } from "./chips-field.tsx";
import { EditorActions, type EditorDialog } from "./editor-actions.tsx";
import { CategoryField, MOST_LEVELS, PickField, TextField, Validity } from "./editor-fields.tsx";
import { LOCALES, SKILLS } from "./fields.ts";
import { MergeDialog } from "./merge-dialog.tsx";
import { NextStepFields } from "./next-step-fields.tsx";
import { PictureField } from "./picture-field.tsx";
import { PublishDialog } from "./publish-dialog.tsx";
import { ReasonDialog } from "./reason-dialog.tsx";
import { ReviewBar, SentBackNotice } from "./review-bar.tsx";
import { RolloutPanel } from "./rollout-panel.tsx";
import { StateChip } from "./state-chip.tsx";
import { TryIt } from "./try-it.tsx";
import { useEditor } from "./use-editor.ts";
import { VariantsField } from "./variants-field.tsx";
import { VersionsDialog } from "./versions-dialog.tsx";

interface EditorProps {
  readonly article: Article | undefined;
  readonly start: ArticleFields;
}

export function Editor({ article, start }: EditorProps) {
  const t = useT();
  const me = useMe();
  const editor = useEditor(article, start);
  const [open, setOpen] = useState<EditorDialog>();
  const { fields, edit, dirty, save } = editor;
  const readOnly = !canWriteArticles(me.user.role);
  const mayTell = useMayTell();
  const deepCategory = (fields.category ?? "").split("/").length > MOST_LEVELS;
  const badWindow =
    fields.validFrom !== undefined && fields.validUntil !== undefined && fields.validUntil <= fields.validFrom;
  const complete =
    fields.question.trim() !== "" &&
    (fields.answer.trim() !== "" || fields.skill !== undefined) &&
    ![fields, ...fields.answers].some(({ buttons }) => buttons?.some(isUnfinished)) &&
    !badWindow &&
    !deepCategory;
  useTitle(article?.question ?? t("article.titleNew"));
  useCommands([
    {
      id: "save",
      group: "general",
      title: "article.saveDraft",
      keys: "Mod+KeyS",
      inFields: true,
      run: () => dirty && complete && !readOnly && save.mutate({ publish: false }),
    },
    // In a field the browser's own undo is what is meant.
    { id: "undo-edit", group: "general", title: "article.undo", keys: "Mod+KeyZ", run: () => editor.undo?.() },
  ]);
  return (
    <Page
      title={
        <>
          <span className="clip">{article?.question ?? t("article.titleNew")}</span>
          {article && <StateChip article={article} />}
          {article && <span className="muted num office-version">v{article.version}</span>}
          {dirty && (
            <Chip tone="amber" title={t("article.keptHere")}>
              {t("article.unsaved")}
            </Chip>
          )}
        </>
      }
      actions={
        <EditorActions
          article={article}
          editor={editor}
          readOnly={readOnly}
          complete={complete}
          mayTell={mayTell}
          onOpen={setOpen}
        />
      }
    >
      {readOnly && <Notice words={t("article.readOnly")} />}
      {article && !readOnly && (
        <ReviewBar
          article={article}
          dirty={dirty}
          ready={complete}
          busy={save.isPending}
          onSentBack={editor.settle}
          {...(mayTell && { onPublish: () => save.mutate({ publish: true }) })}
        />
      )}
      {article && !readOnly && <SentBackNotice article={article} />}
      {editor.restored && (
        <div className="notice blue editor-notice">
          <Icon name="history" />
          <span className="grow">{t("article.restored")}</span>
          <Button small onClick={editor.discard}>
            {t("article.discard")}
          </Button>
        </div>
      )}
      <div className="editor">
        <fieldset className="panel panel-pad" disabled={readOnly}>
          <h2>{t("article.matching")}</h2>
          <TextField
            label={t("articles.question")}
            value={fields.question}
            onChange={(question) => edit({ question })}
            required
          />
          <ChipsField
            label={t("article.phrasings")}
            add={t("article.addPhrasing")}
            hint={t("article.phrasingsHint")}
            value={fields.phrasings}
            disabled={readOnly}
            onChange={(phrasings) => edit({ phrasings })}
          />
          <ChipsField
            label={t("article.keywords")}
            add={t("article.addKeyword")}
            value={fields.keywords}
            disabled={readOnly}
            onChange={(keywords) => edit({ keywords })}
          />
          <div className="field-pair">
            <CategoryField
              value={fields.category ?? ""}
              deep={deepCategory}
              onChange={(category) => edit({ category: category || undefined })}
            />
            <PickField
              label={t("articles.locale")}
              value={fields.locale}
              empty={t("article.anyLocale")}
              options={LOCALES}
              onChange={(locale) => edit({ locale })}
            />
          </div>
          <Validity fields={fields} edit={edit} bad={badWindow} />
          <AdvancedFields fields={fields} disabled={readOnly} edit={edit} />
        </fieldset>
        <fieldset className="panel panel-pad" disabled={readOnly}>
          <h2>{t("article.answering")}</h2>
          <AnswerField
            label={t("article.answer")}
            hint={t("article.answerHint")}
            rows={7}
            value={fields.answer}
            disabled={readOnly}
            onChange={(answer) => edit({ answer })}
          />
          <PictureField value={fields.image} disabled={readOnly} onChange={(image) => edit({ image })} />
          <ButtonsField
            value={fields.buttons ?? []}
            disabled={readOnly}
            onChange={(buttons) => edit({ buttons: buttons.length === 0 ? undefined : buttons })}
          />
          <VariantsField
            fields={fields}
            article={article}
            disabled={readOnly}
            onChange={(answers) => edit({ answers })}
          />
          {/\{[{%]/.test([fields.answer, ...fields.answers.map(({ text }) => text)].join(" ")) && (
            <label className="field">
              <span className="label">{t("article.fallback")}</span>
              <textarea
                className="input"
                rows={2}
                maxLength={2000}
                value={fields.fallback ?? ""}
                onChange={(event) => edit({ fallback: event.target.value || undefined })}
              />
              <span className="hint">{t("article.fallbackHint")}</span>
            </label>
          )}
          <PickField
            label={t("article.skill")}
            hint={t("article.skillHint")}
            value={fields.skill}
            empty={t("article.noSkill")}
            options={
              fields.skill && !SKILLS.some((skill) => skill === fields.skill) ? [...SKILLS, fields.skill] : SKILLS
            }
            onChange={(skill) => edit({ skill })}
          />
          <NextStepFields fields={fields} edit={edit} />
        </fieldset>
        <div className="editor-side">
          <TryIt article={article} fields={fields} />
          {article?.rollout && <RolloutPanel article={article} readOnly={!mayTell} onEnded={editor.settle} />}
          {article && <CheckPanel article={article} fields={fields} refused={editor.refused} />}
        </div>
      </div>
      {editor.conflict && (
        <MergeDialog
          conflict={editor.conflict}
          mine={fields}
          busy={save.isPending}
          onClose={editor.closeConflict}
          onSave={editor.saveMerge}
        />
      )}
      {open === "review" && (
        <AskReviewDialog
          busy={editor.ask.isPending}
          onClose={() => setOpen(undefined)}
          onAsk={(note) => editor.ask.mutate(note, { onSettled: () => setOpen(undefined) })}
        />
      )}
      {open === "publish" && article && (
        <PublishDialog
          busy={save.isPending}
          onClose={() => setOpen(undefined)}
          onPublish={(plan) => save.mutate({ publish: true, plan }, { onSuccess: () => setOpen(undefined) })}
        />
      )}
      {editor.unreasoned && (
        <ReasonDialog
          warnings={editor.unreasoned.warnings}
          busy={save.isPending}
          onClose={editor.closeReason}
          onPublish={(reason) =>
            save.mutate(
              { publish: true, plan: { ...editor.unreasoned?.plan, reason } },
              { onSuccess: () => setOpen(undefined) },
            )
          }
        />
      )}
      {open === "versions" && article && (
        <VersionsDialog
          article={article}
          readOnly={!mayTell}
          onClose={() => setOpen(undefined)}
          onRolledBack={editor.settle}
        />
      )}
      {open === "delete" && article && (
        <Dialog
          title={t("article.delete")}
          onClose={() => setOpen(undefined)}
          onSubmit={() => editor.remove.mutate()}
          submit={t("common.delete")}
          busy={editor.remove.isPending}
        >
          <p>{t("article.deleteConfirm", { question: article.question })}</p>
        </Dialog>
      )}
      {editor.blocker.status === "blocked" && (
        <Dialog
          title={t("article.unsaved")}
          onClose={editor.blocker.reset}
          onSubmit={editor.blocker.proceed}
          submit={t("common.confirm")}
        >
          <p>{t("article.leave")}</p>
        </Dialog>
      )}
    </Page>
  );
}

function Notice({ words }: { readonly words: string }) {
  return (
    <div className="notice editor-notice">
      <Icon name="lock" />
      {words}
    </div>
  );
}
