import type { ScriptConfig } from "./script.ts";
import type { Store } from "./store.ts";
import { toLocale } from "./strings/index.ts";

/** Speaks the page's language and wears its light or dark, also when those change without a reload. */
export function followPage(store: Store, config: ScriptConfig): void {
  const html = document.documentElement;
  const prefersDark = matchMedia("(prefers-color-scheme: dark)");

  function look(): void {
    const theme = config.theme ?? html.dataset.theme;
    const dark = theme === "dark" || (theme !== "light" && prefersDark.matches);
    const now = store.get();
    const wishes = [config.locale, html.lang, ...navigator.languages, now.settings.locale];
    const locale = wishes.map(toLocale).find((known) => known !== undefined) ?? "en";
    if (now.dark !== dark || now.locale !== locale) store.set({ dark, locale });
  }

  look();
  store.subscribe(look);
  prefersDark.addEventListener("change", look);
  new MutationObserver(look).observe(html, { attributeFilter: ["lang", "data-theme"] });
}
