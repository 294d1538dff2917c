import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { categoriesQuery } from "../api/queries.ts";
import type { Article, ArticleFields } from "../api/types.ts";
import { useCommands } from "../app/commands.ts";
import { canWriteArticles, useMayTell, useMe } from "../app/me.ts";
import { useT } from "../i18n/index.ts";
import { shopTimeZone } from "../time.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { useTitle } from "../ui/hooks.ts";
import { Icon } from "../ui/icon.tsx";
import { Menu } from "../ui/menu.tsx";
import { Page } from "../ui/page.tsx";
import { Chip } from "../ui/pieces.tsx";
import { AdvancedFields } from "./advanced-fields.tsx";
import { AnswerField } from "./answer-field.tsx";
import { AskReviewDialog } from "./ask-review-dialog.tsx";
import { ButtonsField, isUnfinished } from "./buttons-field.tsx";
import { CheckPanel } from "./check-panel.tsx";
import { ChipsField } from "./chips-field.tsx";
import { LOCALES, SKILLS, stateOf } from "./fields.ts";
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
import { fromZonedInput, toZonedInput } from "./zoned-time.ts";

interface EditorProps {
  readonly article: Article | undefined;
  readonly start: ArticleFields;
}

export function Editor({ article, start }: EditorProps) {
  const t = useT();
  const me = useMe();
  const editor = useEditor(article, start);
  const [open, setOpen] = useState<"versions" | "delete" | "publish" | "review">();
  const { fields, edit, dirty, save } = editor;
  const readOnly = !canWriteArticles(me.user.role);
  const mayTell = useMayTell();
  const told = article !== undefined && (article.publishedVersion != null || article.rollout !== undefined);
  const deepCategory = (fields.category ?? "").split("/").length > MOST_LEVELS;
  const badWindow =
    fields.validFrom !== undefined && fields.validUntil !== undefined && fields.validUntil <= fields.validFrom;
  const complete =
    fields.question.trim() !== "" &&
    (fields.answer.trim() !== "" || fields.skill !== undefined) &&
    ![fields, ...fields.answers].some(({ buttons }) => buttons?.some(isUnfinished)) &&
    !badWindow &&
    !deepCategory;
  const unpublished = article === undefined || dirty || stateOf(article) !== "published";
  /** Asked, and nothing new to ask about. */
  const isWaiting = article?.review !== undefined && !article.review.changed && !dirty;
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
              <Button
                disabled={!dirty || !complete}
                busy={save.isPending}
                onClick={() => save.mutate({ publish: false })}
              >
                {t("article.saveDraft")}
              </Button>
              {mayTell === false ? (
                <Button
                  look="primary"
                  icon="check"
                  disabled={!unpublished || !complete || isWaiting}
                  busy={editor.ask.isPending}
                  onClick={() => setOpen("review")}
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
                        run: () => setOpen("publish"),
                      },
                    ]),
                { key: "versions", label: t("article.versionsTitle"), icon: "history", run: () => setOpen("versions") },
                ...(readOnly || (told && !mayTell)
                  ? []
                  : [
                      {
                        key: "delete",
                        label: t("article.delete"),
                        icon: "trash" as const,
                        danger: true,
                        run: () => setOpen("delete"),
                      },
                    ]),
              ]}
            />
          )}
        </>
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

/** Levels of a category, as the server takes them. */
const MOST_LEVELS = 4;

function CategoryField(props: {
  readonly value: string;
  readonly deep: boolean;
  readonly onChange: (value: string) => void;
}) {
  const t = useT();
  const { data: known = [] } = useQuery(categoriesQuery);
  return (
    <label className="field">
      <span className="label">{t("articles.category")}</span>
      <input
        className="input"
        list="article-categories"
        maxLength={100}
        aria-invalid={props.deep || undefined}
        value={props.value}
        onChange={(event) => props.onChange(event.target.value)}
      />
      <datalist id="article-categories">
        {known.map(({ category }) => (
          <option key={category} value={category} />
        ))}
      </datalist>
      <span className={props.deep ? "hint bad-text" : "hint"}>
        {t(props.deep ? "article.categoryDeep" : "article.categoryHint")}
      </span>
    </label>
  );
}

function TextField(props: {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly required?: boolean;
}) {
  return (
    <label className="field">
      <span className="label">{props.label}</span>
      <input
        className="input"
        required={props.required}
        maxLength={500}
        value={props.value}
        onChange={(event) => props.onChange(event.target.value)}
      />
    </label>
  );
}

interface PickFieldProps {
  readonly label: string;
  readonly hint?: string;
  readonly value: string | undefined;
  readonly empty: string;
  readonly options: readonly string[];
  readonly onChange: (value: string | undefined) => void;
}

function PickField({ label, hint, value, empty, options, onChange }: PickFieldProps) {
  return (
    <label className="field">
      <span className="label">{label}</span>
      <select className="input" value={value ?? ""} onChange={(event) => onChange(event.target.value || undefined)}>
        <option value="">{empty}</option>
        {options.map((option) => (
          <option key={option} value={option}>
            {option}
          </option>
        ))}
      </select>
      {hint && <span className="hint">{hint}</span>}
    </label>
  );
}

interface ValidityProps {
  readonly fields: ArticleFields;
  readonly edit: (part: Partial<ArticleFields>) => void;
  readonly bad: boolean;
}

/** From and until are the shop's wall clock: a promotion ends at its midnight, not at the editor's. */
function Validity({ fields, edit, bad }: ValidityProps) {
  const t = useT();
  const zone = shopTimeZone();
  return (
    <div className="field">
      <div className="validity">
        {(["validFrom", "validUntil"] as const).map((name) => (
          <label key={name} className="field">
            <span className="label">{t(`article.${name}`)}</span>
            <input
              className="input"
              type="datetime-local"
              step={1}
              aria-invalid={bad || undefined}
              value={toZonedInput(fields[name], zone)}
              onChange={(event) => edit({ [name]: fromZonedInput(event.target.value, zone) })}
            />
          </label>
        ))}
      </div>
      <span className="hint">
        {bad ? (
          <span className="bad-text">{t("article.validityBad")}</span>
        ) : (
          zone && t("article.validityZone", { zone })
        )}
      </span>
    </div>
  );
}
