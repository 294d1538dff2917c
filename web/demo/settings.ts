import type { Language } from "./catalogue.ts";

export interface Settings {
  readonly language: Language;
  readonly theme: "light" | "dark";
  readonly member: string | undefined;
}

const key = "xiaoer-demo";

export function loadSettings(): Settings {
  const byBrowser: Settings = {
    language: navigator.language.startsWith("zh") ? "zh" : "en",
    theme: matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light",
    member: undefined,
  };
  try {
    return { ...byBrowser, ...(JSON.parse(localStorage.getItem(key) ?? "{}") as Partial<Settings>) };
  } catch {
    // No storage in this window: the browser's own wishes will do.
    return byBrowser;
  }
}

export function saveSettings(settings: Settings): void {
  try {
    localStorage.setItem(key, JSON.stringify(settings));
  } catch {
    // As above.
  }
}
