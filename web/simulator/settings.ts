export type Language = "zh" | "en";

export interface Settings {
  readonly language: Language;
  readonly theme: "light" | "dark";
  /** Channels whose phones stand on the page. */
  readonly shown: readonly string[];
}

const key = "xiaoer-simulator";

export function loadSettings(): Settings {
  const byBrowser: Settings = {
    language: navigator.language.startsWith("zh") ? "zh" : "en",
    theme: matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light",
    shown: ["telegram", "wechat-miniprogram", "line", "whatsapp"],
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
