/** One phone: the channel's look, what its owner wrote and reads, and what can be done there. */
import type {
  Bubble,
  PlayedEvent,
  SimulatedChannel,
  SimulatedFailure,
  SimulatedPhone,
} from "../../src/http/simulator-contract.ts";
import { element } from "./dom.ts";
import type { Language } from "./settings.ts";
import type { Words } from "./words.ts";

export interface PhoneActions {
  play(event: PlayedEvent): void;
  fail(failure: SimulatedFailure): void;
  switchPerson(): void;
  inspect(): void;
}

export interface Phone {
  readonly root: HTMLElement;
  show(phone: SimulatedPhone): void;
  setInspected(isInspected: boolean): void;
  focus(): void;
}

/** What stands on buttons of its own. */
const ELSEWHERE = new Set(["text", "tap"]);

export function createPhone(
  { channel, title, plays, failures }: SimulatedChannel,
  { t, language, actions }: { readonly t: Words; readonly language: Language; readonly actions: PhoneActions },
): Phone {
  const name = title[language];
  const log = element("div", { class: "log", role: "log", tabindex: "0", "aria-label": name });
  const field = element("input", {
    class: "say",
    "aria-label": `${t.write} · ${name}`,
    autocomplete: "off",
    maxlength: "4000",
  });
  const person = element("button", { type: "button", class: "person", onclick: () => actions.switchPerson() });
  const inspect = element(
    "button",
    { type: "button", class: "chip", "aria-pressed": "false", onclick: () => actions.inspect() },
    t.inspect,
  );
  const shown = new Map<string, { readonly as: string; readonly node: HTMLElement }>();

  const send = (event: Event) => {
    event.preventDefault();
    if (field.value.trim() === "") return;
    actions.play({ type: "text", text: field.value });
    field.value = "";
  };
  const others = plays.filter((type) => !ELSEWHERE.has(type));
  const more = menu(
    `${t.more} · ${name}`,
    t.do,
    others.map((type) => [type, t.play[type] ?? type] as const),
    (type) => {
      actions.play(type === "edit" ? { type, text: field.value || "…" } : { type });
      if (type === "edit") field.value = "";
    },
  );
  const failure = menu(
    `${t.failure} · ${name}`,
    t.noFailure,
    failures.map((one) => [one, t.failures[one] ?? one] as const),
    (chosen) => {
      const known = failures.find((one) => one === chosen);
      if (known !== undefined) actions.fail(known);
    },
  );
  const root = element(
    "section",
    { class: "phone", "data-channel": channel, "aria-label": name },
    element(
      "div",
      { class: "frame" },
      element(
        "header",
        { class: "bar" },
        element("b", { class: "face", "aria-hidden": "true" }, "小"),
        element("h2", {}, t.shop),
        person,
      ),
      log,
      element(
        "form",
        { class: "composer", onsubmit: send },
        field,
        element("button", { type: "submit", class: "send", "aria-label": `${t.send} · ${name}` }, "↑"),
      ),
    ),
    element(
      "div",
      { class: "under" },
      element("span", { class: "name" }, name),
      inspect,
      ...(others.length > 0 ? [more] : []),
      failure,
    ),
  );

  function draw(bubble: Bubble, isNewest: boolean): HTMLElement {
    const as = JSON.stringify([bubble, isNewest]);
    const before = shown.get(bubble.id);
    if (before?.as === as) return before.node;
    const node = bubbleOf(bubble, { t, isNewest, tap: (label) => actions.play({ type: "tap", label }) });
    shown.set(bubble.id, { as, node });
    return node;
  }

  return {
    root,
    focus: () => field.focus(),
    setInspected: (isInspected) => inspect.setAttribute("aria-pressed", String(isInspected)),
    show(phone) {
      const label = `${t.shopper} ${phone.person === 0 ? "A" : "B"}`;
      person.textContent = label;
      person.ariaLabel = `${label}: ${t.person}`;
      const lastShop = phone.bubbles.findLastIndex(({ from }) => from === "shop");
      const nodes = phone.bubbles.map((bubble, index) => draw(bubble, index === lastShop));
      const isSame =
        nodes.length === log.childElementCount && nodes.every((node, index) => log.children[index] === node);
      if (isSame) return;
      log.replaceChildren(...nodes);
      log.scrollTop = log.scrollHeight;
    },
  };
}

function bubbleOf(
  { from, text, buttons, kind, status, pictures = [] }: Bubble,
  { t, isNewest, tap }: { readonly t: Words; readonly isNewest: boolean; readonly tap: (label: string) => void },
): HTMLElement {
  const words =
    kind === undefined || kind === "text" || kind === "tap"
      ? text
      : [t.play[kind] ?? kind, text].filter(Boolean).join(" · ");
  const isRefused = status !== undefined && status >= 400;
  return element(
    "div",
    { class: `line ${from}${isNewest ? " newest" : ""}` },
    element(
      "div",
      { class: kind === undefined || kind === "text" || kind === "tap" ? "bubble" : "bubble act" },
      ...pictures.map((src) => element("img", { src, alt: "", loading: "lazy" })),
      ...(words === "" ? [] : [element("p", {}, words)]),
      ...(isRefused ? [element("small", { class: "failed" }, `${status} ${t.refused}`)] : []),
    ),
    ...(buttons.length === 0
      ? []
      : [
          element(
            "div",
            { class: "buttons" },
            ...buttons.map((label) =>
              element("button", { type: "button", class: "tap", onclick: () => tap(label) }, label),
            ),
          ),
        ]),
  );
}

/** A select that does something and goes back to its first line. */
function menu(
  label: string,
  first: string,
  items: readonly (readonly [value: string, label: string])[],
  choose: (value: string) => void,
): HTMLSelectElement {
  const select = element(
    "select",
    {
      class: "chip",
      "aria-label": label,
      onchange: () => {
        const { value } = select;
        select.value = "";
        if (value !== "") choose(value);
      },
    },
    element("option", { value: "" }, first),
    ...items.map(([value, words]) => element("option", { value }, words)),
  );
  return select;
}
