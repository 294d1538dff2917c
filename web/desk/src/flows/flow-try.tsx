import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { post } from "../api/client.ts";
import { errorWords } from "../api/errors.ts";
import type { FlowJson, FlowTried, ToneProfile } from "../api/flow-types.ts";
import { useT } from "../i18n/index.ts";
import { usePreferences } from "../preferences.ts";
import { Button } from "../ui/button.tsx";
import { useSettled } from "../ui/hooks.ts";
import { Icon } from "../ui/icon.tsx";
import { ToneSelect } from "./tone-select.tsx";

interface Given {
  readonly text: string;
  readonly value?: string;
}

/** The flow as it stands in the form, asked by the server as it would ask a shopper; nothing is kept. */
export function FlowTry({ flow, body }: { readonly flow: FlowJson; readonly body: object | undefined }) {
  const t = useT();
  const { language } = usePreferences();
  const [answers, setAnswers] = useState<readonly Given[]>([]);
  const [text, setText] = useState("");
  const [tone, setTone] = useState<ToneProfile | "">("");
  const tried = useSettled(body, 300);
  const query = useQuery({
    queryKey: ["flow-try", flow.id, tried, answers, tone, language],
    enabled: tried !== undefined,
    placeholderData: keepPreviousData,
    retry: false,
    queryFn: ({ signal }) =>
      post<FlowTried>(
        `/v1/flows/${flow.id}/try`,
        {
          answers,
          flow: { id: flow.id, ...tried },
          locale: language === "zh" ? "zh-CN" : "en",
          ...(tone !== "" && { tone }),
        },
        { signal },
      ),
  });
  const give = (given: Given) => {
    setAnswers([...answers, given]);
    setText("");
  };
  const data = query.data;
  const end = data?.end ?? undefined;
  return (
    <section className="panel panel-pad" aria-labelledby="flow-try">
      <div className="row">
        <h2 id="flow-try" className="grow">
          {t("flow.try")}
        </h2>
        <ToneSelect value={tone} onChange={setTone} />
        <Button small look="quiet" icon="refresh" onClick={() => setAnswers([])}>
          {t("flow.tryAgain")}
        </Button>
      </div>
      {query.isError ? (
        <div className="notice amber" role="alert">
          <Icon name="alert" />
          {errorWords(query.error)}
        </div>
      ) : (
        <ol className="flow-chat" aria-live="polite">
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
          {end !== undefined && <li className="muted">{t(`flow.end.${end.kind ?? "finish"}`)}</li>}
        </ol>
      )}
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
