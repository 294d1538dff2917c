import { createSavedStore, useStore } from "./store.ts";

export type Theme = "light" | "dark" | "system";
export type Language = "zh" | "en";

interface Preferences {
  readonly theme: Theme;
  readonly language: Language;
  /** Single-key shortcuts; Ctrl/⌘ K and Alt+1..3 always work. */
  readonly shortcuts: boolean;
  /** How a reply is sent: Enter, or Ctrl/⌘+Enter. */
  readonly sendWith: "enter" | "mod+enter";
}

export const preferences = createSavedStore<Preferences>("xiaoer.preferences", {
  theme: "system",
  language: navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en",
  shortcuts: true,
  sendWith: "enter",
});

const darkMedia = matchMedia("(prefers-color-scheme: dark)");

export function resolvedTheme(theme: Theme): "light" | "dark" {
  if (theme !== "system") return theme;
  return darkMedia.matches ? "dark" : "light";
}

function apply(): void {
  const { theme, language } = preferences.get();
  document.documentElement.dataset.theme = resolvedTheme(theme);
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
}

/** Puts theme and language on the page and keeps them there. */
export function followPreferences(): void {
  apply();
  preferences.subscribe(apply);
  darkMedia.addEventListener("change", () => {
    apply();
    preferences.set((current) => ({ ...current }));
  });
}

export function usePreferences(): Preferences {
  return useStore(preferences);
}

export function setPreference<K extends keyof Preferences>(key: K, value: Preferences[K]): void {
  preferences.set((current) => ({ ...current, [key]: value }));
}
