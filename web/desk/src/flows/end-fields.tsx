import { useQuery } from "@tanstack/react-query";
import { articleQuery, shopQuery } from "../api/queries.ts";
import { ArticlePick } from "../articles/article-pick.tsx";
import { SKILLS } from "../articles/fields.ts";
import { codeWords, useT } from "../i18n/index.ts";
import { FaultsAt, Field } from "../ui/field.tsx";
import type { EndDraft } from "./flow-draft.ts";
import { TextPair } from "./text-pair.tsx";

interface EndFieldsProps {
  /** Its place in the flow: `finish`, `steps.0.next.1.finish`. */
  readonly at: string;
  readonly end: EndDraft;
  readonly onChange: (end: EndDraft) => void;
}

/** What happens at an end: which skill, article or group, and what is said. */
export function EndFields({ at, end, onChange }: EndFieldsProps) {
  const t = useT();
  const setValue = (value: string) => onChange({ ...end, value });
  const { kind, value } = end;
  return (
    <>
      {kind === "skill" && (
        <Options
          title={t("flow.endSkill")}
          at={`${at}.skill`}
          value={value}
          options={SKILLS.map((skill) => [skill, codeWords(t, "flow.skill", skill)])}
          onChange={setValue}
        />
      )}
      {kind === "handoff" && <Group at={`${at}.handoff.group`} value={value} onChange={setValue} />}
      {kind === "article" && <ArticleField at={`${at}.article`} value={value} onChange={setValue} />}
      {(kind === "message" || kind === "handoff") && (
        <TextPair
          zh={kind === "message" ? "flow.messageZh" : "flow.beforeZh"}
          en={kind === "message" ? "flow.messageEn" : "flow.beforeEn"}
          at={kind === "message" ? `${at}.message` : `${at}.handoff.text`}
          text={end.text}
          maxLength={2000}
          onChange={(text) => onChange({ ...end, text })}
        />
      )}
    </>
  );
}

interface OptionsProps {
  readonly title: string;
  readonly at: string;
  readonly value: string;
  readonly options: readonly (readonly [string, string])[];
  readonly onChange: (value: string) => void;
}

/** One of a list; what was chosen before and is on it no more stays to be seen. */
function Options({ title, at, value, options, onChange }: OptionsProps) {
  const t = useT();
  return (
    <Field title={title} at={[at]}>
      {(control) => (
        <select {...control} className="input" value={value} onChange={(event) => onChange(event.target.value)}>
          <option value="">{t("flow.choose")}</option>
          {options.map(([key, words]) => (
            <option key={key} value={key}>
              {words}
            </option>
          ))}
          {value !== "" && options.every(([key]) => key !== value) && <option value={value}>{value}</option>}
        </select>
      )}
    </Field>
  );
}

function Group(props: Pick<OptionsProps, "at" | "value" | "onChange">) {
  const t = useT();
  const { data } = useQuery(shopQuery);
  return (
    <Options
      {...props}
      title={t("flow.endGroup")}
      options={(data?.groups ?? []).map((group) => [group, codeWords(t, "group", group)])}
    />
  );
}

/** An article by the words of its question. */
function ArticleField({ at, value, onChange }: Pick<OptionsProps, "at" | "value" | "onChange">) {
  const t = useT();
  const { data: chosen } = useQuery({ ...articleQuery(value), enabled: value !== "", retry: false });
  return (
    <div className="field flow-wide">
      <span className="label">{t("flow.endArticle")}</span>
      {value !== "" && <p>{chosen?.id === value ? chosen.question : value}</p>}
      <ArticlePick label={t("flow.endArticle")} start="" value={value} size={4} onChange={onChange} />
      <FaultsAt at={[at]} />
    </div>
  );
}
