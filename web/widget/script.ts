/** What the shop's page says in the script tag. */
export interface ScriptConfig {
  readonly origin: string;
  readonly inboxId: string;
  readonly color: string | undefined;
  readonly locale: string | undefined;
  readonly position: "left" | "right" | undefined;
  readonly theme: string | undefined;
  readonly identityToken: string | undefined;
}

// Only set while the script itself runs, so it is read at once.
const current = document.currentScript;

export function readScript(): ScriptConfig | undefined {
  const tag =
    current instanceof HTMLScriptElement ? current : document.querySelector<HTMLScriptElement>("script[data-inbox]");
  const { inbox, color, locale, position, theme, identityToken } = tag?.dataset ?? {};
  if (tag == null || inbox === undefined || inbox === "") return undefined;
  return {
    origin: new URL(tag.src, document.baseURI).origin,
    inboxId: inbox,
    color,
    locale,
    position: position === "left" || position === "right" ? position : undefined,
    theme,
    identityToken,
  };
}
