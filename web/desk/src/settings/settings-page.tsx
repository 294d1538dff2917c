import { canSeeArticles, useMe } from "../app/me.ts";
import { codeWords, useT } from "../i18n/index.ts";
import { type Language, setPreference, type Theme, usePreferences } from "../preferences.ts";
import { useTitle } from "../ui/hooks.ts";
import { Page } from "../ui/page.tsx";
import { Chip } from "../ui/pieces.tsx";
import { ShopSettings } from "./shop-settings.tsx";
import "../ui/field.css";
import "./settings.css";

export function SettingsPage() {
  const t = useT();
  const me = useMe();
  const { theme, language, sendWith, shortcuts } = usePreferences();
  useTitle(t("settings.title"));
  return (
    <Page title={t("settings.title")} narrow>
      <section className="panel panel-pad">
        <h2>{t("settings.appearance")}</h2>
        <Choice<Language>
          name="language"
          title={t("settings.language")}
          value={language}
          options={[
            ["zh", "中文"],
            ["en", "English"],
          ]}
          onChange={(value) => setPreference("language", value)}
        />
        <Choice<Theme>
          name="theme"
          title={t("settings.theme")}
          value={theme}
          options={(["light", "dark", "system"] as const).map((key) => [key, t(`settings.theme.${key}`)])}
          onChange={(value) => setPreference("theme", value)}
        />
      </section>
      <section className="panel panel-pad">
        <h2>{t("settings.typing")}</h2>
        <Choice
          name="send"
          title={t("settings.sendWith")}
          value={sendWith}
          options={[
            ["enter", t("settings.sendWith.enter")],
            ["mod+enter", t("settings.sendWith.mod")],
          ]}
          onChange={(value) => setPreference("sendWith", value)}
        />
        <label className="row">
          <input
            type="checkbox"
            checked={shortcuts}
            onChange={(event) => setPreference("shortcuts", event.target.checked)}
          />
          {t("settings.shortcuts")}
        </label>
        <p className="hint">{t("settings.shortcutsHint")}</p>
      </section>
      {canSeeArticles(me.user.role) && <ShopSettings />}
      <section className="panel panel-pad">
        <h2>{t("settings.account")}</h2>
        <p>
          {me.user.name} · {me.user.email} · {t(`role.${me.user.role}`)}
        </p>
        <div className="row wrap">
          <span className="muted">{t("settings.groups")}</span>
          {me.groups.map((group) => (
            <Chip key={group}>{codeWords(t, "group", group)}</Chip>
          ))}
        </div>
      </section>
    </Page>
  );
}

interface ChoiceProps<K extends string> {
  readonly name: string;
  readonly title: string;
  readonly value: K;
  readonly options: readonly (readonly [K, string])[];
  readonly onChange: (value: K) => void;
}

function Choice<K extends string>({ name, title, value, options, onChange }: ChoiceProps<K>) {
  return (
    <fieldset className="choice">
      <legend>{title}</legend>
      {options.map(([key, words]) => (
        <label key={key}>
          <input type="radio" name={name} checked={key === value} onChange={() => onChange(key)} />
          {words}
        </label>
      ))}
    </fieldset>
  );
}
