import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { ApiError, post } from "../api/client.ts";
import { errorWords } from "../api/errors.ts";
import type { Fact, FactValue, FlowJson, FlowTried, ToneProfile } from "../api/flow-types.ts";
import { useT } from "../i18n/index.ts";
import { usePreferences } from "../preferences.ts";
import { Button } from "../ui/button.tsx";
import { useSettled } from "../ui/hooks.ts";
import { Icon } from "../ui/icon.tsx";
import { type FlowBody, toEnd } from "./flow-draft.ts";
import { useStepNames } from "./step-names.ts";
import { ToneSelect } from "./tone-select.tsx";
import { FactFields, factsAsked } from "./try-facts.tsx";
import type { Refusal } from "./use-flow-form.ts";

interface Given {
  readonly text: string;
  readonly value?: string;
}

interface FlowTryProps {
  readonly flow: FlowJson;
  readonly body: FlowBody;
  /** Something is wrong that the form says already. */
  readonly stopped: boolean;
  /** The step asked now. */
  readonly onStep: (id: string | undefined) => void;
  readonly onRefused: (refusal: Refusal | undefined) => void;
}

/** The flow as it stands in the form, asked by the server as it would ask a shopper; nothing is kept. */
export function FlowTry({ flow, body, stopped, onStep, onRefused }: FlowTryProps) {
  const t = useT();
  const { language } = usePreferences();
  const { endOf } = useStepNames([]);
  const [answers, setAnswers] = useState<readonly Given[]>([]);
  const [text, setText] = useState("");
  const [tone, setTone] = useState<ToneProfile | "">("");
  const [facts, setFacts] = useState<Readonly<Partial<Record<Fact, FactValue>>>>({});
  const tried = useSettled(body, 300);
  const query = useQuery({
    queryKey: ["flow-try", flow.id, tried, answers, tone, facts, language],
    // Not what was there a moment ago, which may have been wrong.
    enabled: !stopped && tried === body,
    placeholderData: keepPreviousData,
    retry: false,
    queryFn: ({ signal }) =>
      post<FlowTried>(
        `/v1/flows/${flow.id}/try`,
        {
          answers,
          flow: { id: flow.id, ...tried },
          locale: language === "zh" ? "zh-CN" : "en",
          facts,
          ...(tone !== "" && { tone }),
        },
        { signal },
      ),
  });
  const { data, error } = query;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the body refused is that of the error
  useEffect(() => {
    const issues = error instanceof ApiError ? (error.problem.errors ?? []) : [];
    const ofFlow = issues.filter(({ path }) => path.startsWith("flow."));
    const inForm = ofFlow.map(({ path, message }) => ({ path: path.slice("flow.".length), message }));
    onRefused(inForm.length === 0 ? undefined : { body: tried, issues: inForm });
  }, [error]);
  const step = data?.step ?? undefined;
  // biome-ignore lint/correctness/useExhaustiveDependencies: told once for each step
  useEffect(() => onStep(step), [step]);
  const give = (given: Given) => {
    setAnswers([...answers, given]);
    setText("");
  };
  const end = data?.end ?? undefined;
  const asked = factsAsked(body);
  return (
    <section className="panel panel-pad" aria-labelledby="flow-try">
      <div className="row flow-try-head">
        <h2 id="flow-try" className="grow">
          {t("flow.try")}
        </h2>
        <ToneSelect value={tone} onChange={setTone} />
        <Button small look="quiet" icon="refresh" onClick={() => setAnswers([])}>
          {t("flow.tryAgain")}
        </Button>
      </div>
      {asked.length > 0 && <FactFields asked={asked} facts={facts} onChange={setFacts} />}
      {(stopped || query.isError) && (
        <div className="notice amber" role="status">
          <Icon name="alert" />
          {stopped ? t("flow.tryStopped") : errorWords(error)}
        </div>
      )}
      <ol className={stopped || query.isError ? "flow-chat old" : "flow-chat"} aria-live="polite">
        {data?.turns.map((turn, place) => {
          const key = place;
          return (
            <li key={key}>
              {turn.answer !== undefined && <p className="flow-said me">{turn.answer || "…"}</p>}
              {turn.say.map((said, at) => {
                const key = at;
                return (
                  <div key={key} className="flow-said">
                    <p>{said.text}</p>
                    {said.choices !== undefined && (
                      <div className="chips">
                        {said.choices.map((choice) => (
                          <Button
                            key={choice.value}
                            small
                            disabled={place !== data.turns.length - 1 || end !== undefined}
                            onClick={() => give({ text: choice.label, value: choice.value })}
                          >
                            {choice.label}
                          </Button>
                        ))}
                      </div>
                    )}
                  </div>
                );
              })}
            </li>
          );
        })}
        {end !== undefined && (
          <li className="muted">
            {t(`flow.end.${end.kind ?? "finish"}`)}
            {end.finish !== null && `${t("flow.colon")}${endOf(toEnd(end.finish))}`}
          </li>
        )}
      </ol>
      <form
        className="row"
        onSubmit={(event) => {
          event.preventDefault();
          if (text.trim() !== "") give({ text });
        }}
      >
        <input
          className="input grow"
          aria-label={t("flow.tryAnswer")}
          placeholder={t("flow.tryAnswer")}
          maxLength={500}
          disabled={end !== undefined}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <Button type="submit" disabled={end !== undefined || text.trim() === ""}>
          {t("flow.trySend")}
        </Button>
      </form>
    </section>
  );
}
