import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useRef } from "react";
import type { ShopSettingsJson } from "../api/flow-types.ts";
import { shopQuery } from "../api/queries.ts";
import { useCommands } from "../app/commands.ts";
import { canManage, useMe } from "../app/me.ts";
import { codeWords, useT, type WordKey } from "../i18n/index.ts";
import { Button } from "../ui/button.tsx";
import { Faults, focusFirstFault } from "../ui/field.tsx";
import { Icon } from "../ui/icon.tsx";
import { LeaveGuard } from "../ui/leave-guard.tsx";
import { Failure, Skeleton } from "../ui/pieces.tsx";
import { CalendarFields } from "./calendar-fields.tsx";
import { GeneralSection } from "./general-section.tsx";
import { HandoffSection } from "./handoff-section.tsx";
import { KnowledgeSection } from "./knowledge-section.tsx";
import type { SectionProps } from "./shop-draft.ts";
import { ToneSection } from "./tone-section.tsx";
import { useShopForm } from "./use-shop-form.ts";

/** What the shop decides for itself; who may not change it sees it. */
export function ShopSettings() {
  const t = useT();
  // As it is now, and not fetched again behind the back of whoever is typing.
  const query = useQuery({ ...shopQuery, staleTime: Number.POSITIVE_INFINITY, refetchOnMount: "always" });
  if (query.data !== undefined && query.isFetchedAfterMount && !query.isError) return <Form loaded={query.data} />;
  return (
    <section className="panel panel-pad" aria-label={t("shop.title")}>
      {query.isError ? <Failure error={query.error} onRetry={() => void query.refetch()} /> : <Skeleton lines={6} />}
    </section>
  );
}

const SECTIONS = [
  { id: "general", title: "shop.section.general", fields: GeneralSection },
  { id: "tone", title: "shop.section.tone", fields: ToneSection },
  { id: "handoff", title: "shop.section.handoff", fields: HandoffSection },
  { id: "knowledge", title: "shop.section.knowledge", fields: KnowledgeSection },
  { id: "calendar", title: "shop.section.calendar", fields: CalendarSection },
] as const satisfies readonly { id: string; title: WordKey; fields: (props: SectionProps) => ReactNode }[];

function Form({ loaded }: { readonly loaded: ShopSettingsJson }) {
  const t = useT();
  const locked = !canManage(useMe().user.role);
  const form = useShopForm(loaded);
  const element = useRef<HTMLFormElement>(null);
  const dirty = form.changed.length > 0;
  const save = () => {
    if (!form.save()) focusFirstFault(element.current);
  };
  useCommands([
    !locked && {
      id: "save-settings",
      group: "general",
      title: "shop.save",
      keys: "Mod+KeyS",
      inFields: true,
      run: save,
    },
  ]);
  return (
    <Faults value={form.faults}>
      <form
        ref={element}
        className="shop-form"
        aria-label={t("shop.title")}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        {locked && (
          <p className="notice blue">
            <Icon name="lock" />
            {t("shop.readOnly")}
          </p>
        )}
        <Contents />
        {SECTIONS.map(({ id, title, fields: Fields }) => (
          <section key={id} className="panel panel-pad" aria-labelledby={`shop-${id}`}>
            <h2 id={`shop-${id}`} tabIndex={-1}>
              {t(title)}
            </h2>
            <fieldset className="shop-fields" disabled={locked}>
              <legend className="sr">{t(title)}</legend>
              <Fields draft={form.draft} set={form.set} />
            </fieldset>
          </section>
        ))}
        {!locked && (
          <SaveBar
            changed={form.changed}
            both={form.both}
            failure={form.failure}
            saving={form.saving}
            onDiscard={form.discard}
          />
        )}
      </form>
      <LeaveGuard dirty={dirty && !locked} />
    </Faults>
  );
}

function CalendarSection({ draft, set }: SectionProps) {
  return (
    <CalendarFields
      calendar={draft.calendar}
      timeZone={draft.timeZone}
      onChange={(calendar) => set("calendar", calendar)}
    />
  );
}

/** The sections are long: straight to one of them. */
function Contents() {
  const t = useT();
  return (
    <nav className="shop-contents" aria-label={t("shop.contents")}>
      {SECTIONS.map(({ id, title }) => (
        <Button
          key={id}
          small
          look="quiet"
          onClick={() => {
            const heading = document.getElementById(`shop-${id}`);
            heading?.scrollIntoView({ block: "start" });
            heading?.focus({ preventScroll: true });
          }}
        >
          {t(title)}
        </Button>
      ))}
    </nav>
  );
}

interface SaveBarProps {
  readonly changed: readonly string[];
  readonly both: readonly string[] | undefined;
  readonly failure: string | undefined;
  readonly saving: boolean;
  readonly onDiscard: () => void;
}

function SaveBar({ changed, both, failure, saving, onDiscard }: SaveBarProps) {
  const t = useT();
  const names = (keys: readonly string[]) => keys.map((key) => codeWords(t, "shop.part", key)).join(t("form.and"));
  const dirty = changed.length > 0;
  return (
    <div className="save-bar">
      {failure !== undefined && (
        <div className="notice red save-words" role="alert">
          <Icon name="alert" />
          {failure}
        </div>
      )}
      {both !== undefined && (
        <div className="notice amber save-words" role="alert">
          <Icon name="alert" />
          {both.length === 0 ? t("shop.merged") : t("shop.mergedBoth", { names: names(both) })}
        </div>
      )}
      <p className="grow muted" aria-live="polite">
        {dirty ? t("shop.unsaved", { names: names(changed) }) : t("shop.allSaved")}
      </p>
      <Button disabled={!dirty || saving} onClick={onDiscard}>
        {t("form.discard")}
      </Button>
      <Button type="submit" look="primary" busy={saving} disabled={!dirty}>
        {t("shop.save")}
      </Button>
    </div>
  );
}
