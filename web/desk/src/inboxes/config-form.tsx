import { Form, type FormInstance, Input, InputNumber, Select, Switch } from "antd";
import { useT } from "../i18n/index.ts";
import { usePreferences } from "../preferences.ts";
import { type ConfigField, helpOf, labelOf, MASK } from "./schema.ts";

interface ConfigFormProps {
  readonly form: FormInstance;
  readonly fields: readonly ConfigField[];
  readonly initial: Readonly<Record<string, unknown>>;
  readonly onSubmit: () => void;
}

/** The form a channel's own schema asks for. */
export function ConfigForm({ form, fields, initial, onSubmit }: ConfigFormProps) {
  const t = useT();
  const { language } = usePreferences();
  return (
    <Form
      form={form}
      layout="vertical"
      requiredMark={(label, { required }) => (
        <>
          {label}
          {!required && <span className="muted">&nbsp;{t("common.optional")}</span>}
        </>
      )}
      initialValues={initial}
      onFinish={onSubmit}
      scrollToFirstError={{ focus: true }}
    >
      <Form.Item
        name="$name"
        label={t("inbox.name")}
        extra={t("inbox.nameHint")}
        rules={[{ required: true, message: t("common.required") }]}
      >
        <Input maxLength={100} autoComplete="off" />
      </Form.Item>
      {fields.length === 0 && <p className="muted">{t("inbox.noSettings")}</p>}
      {fields.map((field) => (
        <Field
          key={field.name}
          field={field}
          label={labelOf(field, language)}
          help={helpOf(field, language)}
          kept={initial[field.name] === MASK}
        />
      ))}
    </Form>
  );
}

interface FieldProps {
  readonly field: ConfigField;
  readonly label: string;
  readonly help: string | undefined;
  /** A secret is stored already. */
  readonly kept: boolean;
}

function Field({ field, label, help, kept }: FieldProps) {
  const t = useT();
  const { schema, kind } = field;
  const extra = [help, kept ? t("inbox.secretKept") : undefined].filter(Boolean).join(" · ") || undefined;
  return (
    <Form.Item
      name={field.name}
      label={label}
      extra={extra}
      valuePropName={kind === "boolean" ? "checked" : "value"}
      rules={useRules(field)}
    >
      {kind === "secret" ? (
        <Input.Password
          autoComplete="new-password"
          visibilityToggle={!kept}
          onFocus={(event) => event.target.value === MASK && event.target.select()}
        />
      ) : kind === "boolean" ? (
        <Switch aria-label={label} />
      ) : kind === "number" ? (
        <InputNumber style={{ width: "100%" }} min={schema.minimum} max={schema.maximum} />
      ) : kind === "choice" ? (
        <Select
          allowClear={!field.required}
          options={field.options.map((value) => ({ value, label: String(value) }))}
        />
      ) : kind === "list" ? (
        <Select
          mode="tags"
          open={false}
          suffixIcon={null}
          tokenSeparators={[",", " ", "\n"]}
          placeholder={t("inbox.addItem")}
        />
      ) : kind === "json" ? (
        <Input.TextArea rows={4} className="mono" />
      ) : kind === "color" ? (
        <ColorInput label={label} />
      ) : (
        <Input maxLength={schema.maxLength} autoComplete="off" />
      )}
    </Form.Item>
  );
}

function useRules({ schema, kind, required }: ConfigField) {
  const t = useT();
  return [
    { required: required && kind !== "boolean", message: t("common.required") },
    {
      validator: (_: unknown, value: unknown) => {
        const problem = typeof value === "string" && value !== "" && value !== MASK ? problemOf(value) : undefined;
        return problem === undefined ? Promise.resolve() : Promise.reject(new Error(problem));
      },
    },
  ];

  function problemOf(value: string): string | undefined {
    if (kind === "json") return isJson(value) ? undefined : t("inbox.badJson");
    if (kind === "color") return /^#[0-9a-f]{6}$/i.test(value) ? undefined : t("inbox.badColor");
    if (schema.minLength !== undefined && value.trim().length < schema.minLength)
      return t("inbox.tooShort", { n: schema.minLength });
    if (schema.format === "uri" && !URL.canParse(value.trim())) return t("inbox.badFormat");
    return undefined;
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** The browser's own picker beside the text, so that a house colour can also be pasted. */
function ColorInput(props: {
  readonly label: string;
  readonly id?: string;
  readonly value?: string;
  readonly onChange?: (value: string) => void;
}) {
  const value = props.value ?? "";
  return (
    <div className="row">
      <input
        type="color"
        className="color-input"
        aria-label={props.label}
        value={/^#[0-9a-f]{6}$/i.test(value) ? value : "#0d6b60"}
        onChange={(event) => props.onChange?.(event.target.value)}
      />
      <Input id={props.id} value={value} maxLength={7} onChange={(event) => props.onChange?.(event.target.value)} />
    </div>
  );
}
