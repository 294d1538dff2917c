import { useMutation, useQuery } from "@tanstack/react-query";
import { type ClipboardEvent, useState } from "react";
import { ApiError, post, put } from "../api/client.ts";
import { errorWords } from "../api/errors.ts";
import { dictionaryQuery } from "../api/queries.ts";
import { queryClient } from "../api/query-client.ts";
import type { Dictionary, DictionaryCheck, DictionaryWords as Words } from "../api/types.ts";
import { useCommands } from "../app/commands.ts";
import { t as say, useT } from "../i18n/index.ts";
import { Button } from "../ui/button.tsx";
import { Icon } from "../ui/icon.tsx";
import { LeaveGuard } from "../ui/leave-guard.tsx";
import { Empty, Failure, Skeleton } from "../ui/pieces.tsx";
import { toast } from "../ui/toast.tsx";
import { useHistory } from "../ui/use-history.ts";
import { ReplayList } from "./check-panel.tsx";
import { ChipsField } from "./chips-field.tsx";
import { loneGroups, rebase, toGroup } from "./dictionary.ts";
import { sameValue } from "./fields.ts";

/** Groups on the page at once; a search finds the others. */
const SHOWN = 40;

/** What the shop's shoppers call things, beside the shipped retail words. */
interface PanelProps {
  readonly mayWrite: boolean;
  /** In sight: then its keys are the page's. */
  readonly shown: boolean;
}

export function DictionaryPanel({ mayWrite, shown }: PanelProps) {
  // Not fetched again behind the back of whoever is typing.
  const query = useQuery({ ...dictionaryQuery, staleTime: Number.POSITIVE_INFINITY, gcTime: 0 });
  if (query.isError) return <Failure error={query.error} onRetry={() => void query.refetch()} />;
  if (query.data === undefined) return <Skeleton lines={5} height={40} />;
  return <Form loaded={query.data} mayWrite={mayWrite} shown={shown} />;
}

const wordsOf = ({ synonyms, stopWords }: Words): Words => ({ synonyms, stopWords });

function Form({ loaded, mayWrite, shown }: PanelProps & { readonly loaded: Dictionary }) {
  const t = useT();
  const [base, setBase] = useState(loaded);
  const [words, setWords] = useState(wordsOf(loaded));
  const [search, setSearch] = useState("");
  const history = useHistory(setWords);
  const dirty = !sameValue(words, wordsOf(base));
  const lone = loneGroups(words);
  const edit = (next: Partial<Words>, whole = false) => {
    history.note(words, { whole });
    setWords({ ...words, ...next });
  };
  const save = useMutation({
    mutationFn: (sent: Words) =>
      put<Dictionary>("/v1/knowledge/synonyms", sent, { headers: { "if-match": `"${base.version}"` } }),
    onSuccess: (saved) => {
      setBase(saved);
      setWords(wordsOf(saved));
      history.forget();
      void queryClient.invalidateQueries({ queryKey: ["match"] });
      toast(say("dictionary.saved"));
    },
    onError: (error) => {
      const theirs = error instanceof ApiError && error.status === 412 ? currentOf(error) : undefined;
      if (theirs === undefined) return toast(errorWords(error), "bad");
      setWords(rebase(base, words, theirs));
      setBase(theirs);
      toast(say("dictionary.changed"), "bad");
    },
  });
  const submit = () => {
    if (dirty && lone.length === 0 && mayWrite && !save.isPending) save.mutate(words);
  };
  useCommands(
    shown
      ? [
          { id: "save", group: "general", title: "dictionary.save", keys: "Mod+KeyS", inFields: true, run: submit },
          { id: "undo-edit", group: "general", title: "article.undo", keys: "Mod+KeyZ", run: () => history.undo?.() },
        ]
      : [],
  );
  const q = search.trim().toLowerCase();
  const found = words.synonyms
    .map((group, place) => ({ group, place }))
    .filter(({ group }) => q === "" || group.some((word) => word.toLowerCase().includes(q)));
  return (
    <div className="dictionary">
      <LeaveGuard dirty={dirty} />
      <section className="panel panel-pad" aria-labelledby="dictionary-groups">
        <div className="row">
          <h2 id="dictionary-groups" className="grow">
            {t("dictionary.groups")} <span className="muted num">{words.synonyms.length}</span>
          </h2>
          {mayWrite && (
            <>
              <Button
                look="quiet"
                icon="undo"
                aria-label={t("article.undo")}
                disabled={history.undo === undefined}
                onClick={history.undo}
              />
              <Button
                look="primary"
                icon="check"
                disabled={!dirty || lone.length > 0}
                busy={save.isPending}
                onClick={submit}
              >
                {t("dictionary.save")}
              </Button>
            </>
          )}
        </div>
        <p className="hint">{t("dictionary.lead")}</p>
        {!mayWrite && (
          <p className="notice blue">
            <Icon name="lock" />
            {t("dictionary.readOnly")}
          </p>
        )}
        <Effect words={words} dirty={dirty && lone.length === 0} />
        {mayWrite && <NewGroup onAdd={(groups) => edit({ synonyms: [...groups, ...words.synonyms] }, true)} />}
        {lone.length > 0 && (
          <div className="notice amber" role="status">
            <Icon name="alert" />
            {t("dictionary.lone")}
          </div>
        )}
        {words.synonyms.length > 5 && (
          <input
            className="input"
            type="search"
            aria-label={t("dictionary.search")}
            placeholder={t("dictionary.search")}
            value={search}
            onChange={({ target }) => setSearch(target.value)}
          />
        )}
        {words.synonyms.length === 0 && (
          <Empty icon="book" title={t("dictionary.empty")} hint={t("dictionary.emptyHint")} />
        )}
        {words.synonyms.length > 0 && found.length === 0 && <p className="muted">{t("dictionary.none")}</p>}
        <ul className="dictionary-groups">
          {found.slice(0, SHOWN).map(({ group, place }) => (
            <li key={place}>
              <ChipsField
                label={t("dictionary.group", { n: place + 1 })}
                hidden
                add={t("dictionary.addWord")}
                value={group}
                disabled={!mayWrite}
                onChange={(next) => edit({ synonyms: words.synonyms.map((one, at) => (at === place ? next : one)) })}
              />
              {mayWrite && (
                <Button
                  look="quiet"
                  small
                  icon="trash"
                  aria-label={t("dictionary.removeGroup", { n: place + 1 })}
                  onClick={() => edit({ synonyms: words.synonyms.filter((_, at) => at !== place) }, true)}
                />
              )}
            </li>
          ))}
        </ul>
        {found.length > SHOWN && <p className="muted">{t("dictionary.more", { n: found.length - SHOWN })}</p>}
      </section>
      <section className="panel panel-pad" aria-labelledby="dictionary-stop">
        <h2 id="dictionary-stop">{t("dictionary.stop")}</h2>
        <ChipsField
          label={t("dictionary.stopWords")}
          add={t("dictionary.addWord")}
          hint={t("dictionary.stopHint")}
          value={words.stopWords}
          disabled={!mayWrite}
          onChange={(stopWords) => edit({ stopWords })}
        />
      </section>
    </div>
  );
}

/** Before it is saved: what the last week's shoppers would be told otherwise. */
function Effect({ words, dirty }: { readonly words: Words; readonly dirty: boolean }) {
  const t = useT();
  const check = useMutation({
    mutationFn: (sent: Words) => post<DictionaryCheck>("/v1/knowledge/synonyms/check", sent),
  });
  // What was found of other words says nothing of these.
  const found = dirty && check.variables === words ? check.data : undefined;
  if (!dirty) return null;
  return (
    <div className="tests-run">
      <Button small icon="shield" busy={check.isPending} onClick={() => check.mutate(words)}>
        {t("dictionary.check")}
      </Button>
      <div aria-live="polite" className="tryit-result">
        {check.isError && <div className="notice red">{errorWords(check.error)}</div>}
        {found && (
          <>
            <p>
              {t("check.replay", {
                total: found.replay.total,
                changed: found.replay.changed.length,
                lost: found.replay.lost,
                gained: found.replay.gained,
              })}
            </p>
            <ReplayList changed={found.replay.changed} />
            {found.tests.length > 0 && (
              <ul className="findings" aria-label={t("tryit.testsFailed")}>
                {found.tests.map(({ articleId, question, check: kind }) => (
                  <li key={`${articleId} ${kind} ${question}`}>
                    <Icon name="x" />
                    <span className="bad-text">{t(`tryit.${kind}`, { question })}</span>
                  </li>
                ))}
              </ul>
            )}
          </>
        )}
      </div>
    </div>
  );
}

/** One line is one group; a pasted list is many. */
function NewGroup({ onAdd }: { readonly onAdd: (groups: readonly (readonly string[])[]) => void }) {
  const t = useT();
  const [line, setLine] = useState("");
  const add = () => {
    const group = toGroup(line);
    if (group.length === 0) return;
    onAdd([group]);
    setLine("");
  };
  const onPaste = (event: ClipboardEvent) => {
    const lines = event.clipboardData.getData("text").split(/[\r\n]+/);
    const groups = lines.map(toGroup).filter((group) => group.length > 1);
    if (lines.length < 2 || groups.length === 0) return;
    event.preventDefault();
    onAdd(groups);
  };
  return (
    <form
      className="row"
      onSubmit={(event) => {
        event.preventDefault();
        add();
      }}
    >
      <input
        className="input grow"
        aria-label={t("dictionary.add")}
        placeholder={t("dictionary.example")}
        maxLength={2000}
        value={line}
        onChange={({ target }) => setLine(target.value)}
        onPaste={onPaste}
      />
      <Button type="submit" icon="plus" disabled={toGroup(line).length === 0}>
        {t("dictionary.add")}
      </Button>
    </form>
  );
}

function currentOf(error: ApiError): Dictionary | undefined {
  const { current } = error.problem;
  // The server's own answer of a 412.
  return typeof current === "object" && current !== null && "synonyms" in current ? (current as Dictionary) : undefined;
}
