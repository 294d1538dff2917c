import { toTheme } from "./color.ts";
import { phone } from "./screen.ts";
import type { Store } from "./store.ts";
import css from "./widget.css?inline";

/** The widget's own corner of the page: a shadow root with constructed stylesheets, which no content policy forbids. */
export function createRoot(store: Store): HTMLElement {
  const host = document.createElement("xiaoer-widget");
  const shadow = host.attachShadow({ mode: "open" });
  const fixed = new CSSStyleSheet();
  fixed.replaceSync(css);
  const themed = new CSSStyleSheet();
  const measured = new CSSStyleSheet();
  shadow.adoptedStyleSheets = [fixed, themed, measured];
  const container = document.createElement("div");
  shadow.append(container);
  document.body.append(host);
  paint(themed, store);
  fitPhone(measured, store);
  return container;
}

function paint(sheet: CSSStyleSheet, store: Store): void {
  let painted: string | undefined;
  function update(): void {
    const { color, settings } = store.get();
    const wanted = color ?? settings.color ?? "";
    if (wanted === painted) return;
    painted = wanted;
    const theme = toTheme(wanted);
    sheet.replaceSync(`.widget {
      --accent: ${theme.accent}; --on-accent: ${theme.onAccent};
      --ink-light: ${theme.inkLight}; --ink-dark: ${theme.inkDark};
    }`);
  }
  update();
  store.subscribe(update);
}

/** On a phone the panel is what the keyboard leaves of the screen, and the page behind it rests. */
function fitPhone(sheet: CSSStyleSheet, store: Store): void {
  const still = new CSSStyleSheet();
  still.replaceSync("html { overflow: hidden !important; }");
  let resting: readonly HTMLElement[] | undefined;

  function update(): void {
    const isFull = store.get().open && phone.matches;
    const view = window.visualViewport;
    if (isFull && view !== null)
      sheet.replaceSync(`.widget { --view-height: ${view.height}px; --view-top: ${view.offsetTop}px; }`);
    if (isFull === (resting !== undefined)) return;
    for (const element of resting ?? []) element.inert = false;
    const others = document.adoptedStyleSheets.filter((other) => other !== still);
    document.adoptedStyleSheets = isFull ? [...others, still] : others;
    resting = isFull ? pageBehind() : undefined;
    for (const element of resting ?? []) element.inert = true;
  }

  store.subscribe(update);
  phone.addEventListener("change", update);
  window.visualViewport?.addEventListener("resize", update);
  window.visualViewport?.addEventListener("scroll", update);
}

/** What the page itself has not put to rest. */
function pageBehind(): readonly HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>("body > :not(xiaoer-widget, [inert])")];
}
