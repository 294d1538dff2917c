import { useNavigate, useSearch } from "@tanstack/react-router";
import { type SubmitEvent, useState } from "react";
import { ApiError, post } from "../api/client.ts";
import { errorWords } from "../api/errors.ts";
import { meQuery } from "../api/queries.ts";
import { queryClient } from "../api/query-client.ts";
import { Seal } from "../app/rail.tsx";
import { useT } from "../i18n/index.ts";
import { setPreference, usePreferences } from "../preferences.ts";
import { Button } from "../ui/button.tsx";
import { useTitle } from "../ui/hooks.ts";
import { Icon } from "../ui/icon.tsx";
import "./login.css";

export function LoginPage() {
  const t = useT();
  const { language } = usePreferences();
  useTitle(t("login.submit"));
  return (
    <main className="login">
      <div className="login-card">
        <header>
          <Seal />
          <div>
            <strong>{t("app.name")}</strong>
            <span>{t("app.tagline")}</span>
          </div>
          <Button
            look="quiet"
            small
            icon="globe"
            onClick={() => setPreference("language", language === "zh" ? "en" : "zh")}
          >
            {language === "zh" ? "English" : "中文"}
          </Button>
        </header>
        <LoginForm />
      </div>
    </main>
  );
}

function LoginForm() {
  const t = useT();
  const navigate = useNavigate();
  const { next } = useSearch({ from: "/login" });
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [shown, setShown] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();

  const submit = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    try {
      await post("/v1/auth/login", { email: email.trim(), password });
      queryClient.removeQueries({ queryKey: meQuery.queryKey });
      await navigate({ to: next ?? "/", replace: true });
    } catch (cause) {
      setError(cause);
      setBusy(false);
    }
  };

  return (
    <form onSubmit={(event) => void submit(event)}>
      <h1>{t("login.title")}</h1>
      <div className="field">
        <label htmlFor="email">{t("login.email")}</label>
        <input
          id="email"
          className="input"
          type="email"
          autoComplete="username"
          required
          value={email}
          onChange={(event) => setEmail(event.target.value)}
        />
      </div>
      <div className="field">
        <label htmlFor="password">{t("login.password")}</label>
        <div className="login-password">
          <input
            id="password"
            className="input"
            type={shown ? "text" : "password"}
            autoComplete="current-password"
            required
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
          <Button
            look="quiet"
            small
            icon="eye"
            aria-label={t(shown ? "login.hide" : "login.show")}
            aria-pressed={shown}
            onClick={() => setShown(!shown)}
          />
        </div>
      </div>
      {error !== undefined && (
        <div className="notice red" role="alert">
          <Icon name="alert" />
          {loginWords(error, t)}
        </div>
      )}
      <Button type="submit" look="primary" busy={busy}>
        {busy ? t("login.busy") : t("login.submit")}
      </Button>
      <p className="hint">{t("login.demo")}</p>
    </form>
  );
}

function loginWords(error: unknown, t: ReturnType<typeof useT>): string {
  if (error instanceof ApiError && (error.status === 401 || error.status === 422)) return t("login.wrong");
  if (error instanceof ApiError && error.status === 429)
    return t("login.throttled", { minutes: Math.ceil((error.retryAfter ?? 900) / 60) });
  return errorWords(error);
}
