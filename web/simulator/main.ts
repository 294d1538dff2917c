import type { PlayedEvent, SimulatedChannel, SimulatedPhone } from "../../src/http/simulator-contract.ts";
import { ApiError, advance, failNext, play, readPhone, readState } from "./api.ts";
import { byId, element } from "./dom.ts";
import { createInspector } from "./inspector.ts";
import { createPhone, type Phone } from "./phone.ts";
import { loadSettings, type Settings, saveSettings } from "./settings.ts";
import { type Words, words } from "./words.ts";

const POLL_MS = 700;

interface Place {
  readonly phone: Phone;
  person: number;
  last: SimulatedPhone | undefined;
}

let settings = loadSettings();
let channels: readonly SimulatedChannel[] = [];
let inspected: string | undefined;
let clock = { now: 0, movedMs: 0, readAt: 0 };
const places = new Map<string, Place>();
const inspector = createInspector(byId("trace", HTMLOListElement));
const t = () => words[settings.language];

function change(patch: Partial<Settings>): void {
  settings = { ...settings, ...patch };
  saveSettings(settings);
  draw();
}

function draw(): void {
  document.documentElement.lang = settings.language === "zh" ? "zh-CN" : "en";
  document.documentElement.dataset.theme = settings.theme;
  document.title = `${t().title} · 小二 Xiaoer`;
  for (const spot of document.querySelectorAll<HTMLElement>("[data-text]"))
    spot.textContent = wordOf(spot.dataset.text);
  for (const spot of document.querySelectorAll<HTMLElement>("[data-label]"))
    spot.ariaLabel = wordOf(spot.dataset.label);
  for (const spot of document.querySelectorAll<HTMLInputElement>("[data-placeholder]"))
    spot.placeholder = wordOf(spot.dataset.placeholder);
  const language = byId("language", HTMLButtonElement);
  language.textContent = settings.language === "zh" ? "EN" : "中";
  language.lang = settings.language === "zh" ? "en" : "zh-CN";
  language.ariaLabel = t().language;
  byId("theme", HTMLButtonElement).ariaLabel = settings.theme === "light" ? t().dark : t().light;
  drawChannels();
  drawPhones();
  drawClock();
}

function wordOf(key: string | undefined): string {
  const found = t()[key as keyof Words];
  return typeof found === "string" ? found : "";
}

function drawChannels(): void {
  byId("channels", HTMLFieldSetElement).replaceChildren(
    ...channels.map(({ channel, title }) => {
      const isShown = settings.shown.includes(channel);
      const toggle = () =>
        change({ shown: isShown ? settings.shown.filter((one) => one !== channel) : [...settings.shown, channel] });
      const attributes = {
        type: "button",
        class: "chip",
        "aria-pressed": String(isShown),
        onclick: toggle,
        "data-chip": channel,
      };
      return element("button", attributes, title[settings.language]);
    }),
  );
}

/** Phones are made anew in the page's language; what they show is asked for again. */
function drawPhones(): void {
  const before = new Map(places);
  places.clear();
  const shown = channels.filter(({ channel }) => settings.shown.includes(channel));
  for (const channel of shown) {
    const { person = 0, last } = before.get(channel.channel) ?? {};
    const place: Place = { phone: makePhone(channel), person, last };
    places.set(channel.channel, place);
    place.phone.show(last ?? { channel: channel.channel, person, bubbles: [], trace: [] });
  }
  byId("phones", HTMLDivElement).replaceChildren(...[...places.values()].map(({ phone }) => phone.root));
  inspect(inspected !== undefined && places.has(inspected) ? inspected : shown[0]?.channel);
}

function makePhone(channel: SimulatedChannel): Phone {
  const name = channel.channel;
  return createPhone(channel, {
    t: t(),
    language: settings.language,
    actions: {
      play(event) {
        inspect(name);
        void act(name, event);
      },
      fail: (failure) =>
        void guarded(async () => {
          await failNext(name, failure);
          notice(`${channel.title[settings.language]} · ${t().willFail}${t().failures[failure] ?? failure}`);
        }),
      switchPerson() {
        const place = places.get(name);
        if (place === undefined) return;
        place.person = 1 - place.person;
        void refresh(name);
      },
      inspect: () => inspect(name),
    },
  });
}

function inspect(channel: string | undefined): void {
  inspected = channel;
  for (const [name, { phone }] of places) phone.setInspected(name === channel);
  const title = channels.find((one) => one.channel === channel)?.title[settings.language] ?? "";
  byId("inspected", HTMLHeadingElement).textContent = title === "" ? t().inspect : `${t().inspect} · ${title}`;
  inspector.show(places.get(channel ?? "")?.last?.trace ?? [], t());
}

async function act(channel: string, event: PlayedEvent): Promise<void> {
  const person = places.get(channel)?.person ?? 0;
  await guarded(async () => show(channel, await play(channel, person, event)));
}

function show(channel: string, phone: SimulatedPhone): void {
  const place = places.get(channel);
  if (place === undefined || place.person !== phone.person) return;
  place.last = phone;
  place.phone.show(phone);
  if (inspected === channel) inspector.show(phone.trace, t());
}

async function refresh(channel: string): Promise<void> {
  const place = places.get(channel);
  if (place !== undefined) show(channel, await readPhone(channel, place.person));
}

/** Says what went wrong where everybody can read it. */
async function guarded(work: () => Promise<unknown>): Promise<void> {
  try {
    notice("");
    await work();
  } catch (error) {
    notice(error instanceof ApiError ? error.message : t().lost);
  }
}

function notice(text: string): void {
  byId("notice", HTMLParagraphElement).textContent = text;
}

function drawClock(): void {
  const now = new Date(clock.now + (performance.now() - clock.readAt));
  const locale = settings.language === "zh" ? "zh-CN" : "en-GB";
  const text = now.toLocaleString(locale, { month: "short", day: "numeric", hour: "2-digit", minute: "2-digit" });
  byId("now", HTMLTimeElement).textContent = clock.movedMs === 0 ? text : `${text} (${t().moved})`;
}

async function readClock(state: ReturnType<typeof readState>): Promise<void> {
  const { now, movedMs, channels: known } = await state;
  clock = { now, movedMs, readAt: performance.now() };
  channels = known;
}

async function poll(): Promise<void> {
  if (document.visibilityState === "visible") {
    try {
      await Promise.all([...places.keys()].map(refresh));
      drawClock();
    } catch {
      notice(t().lost);
    }
  }
  setTimeout(poll, POLL_MS);
}

byId("language", HTMLButtonElement).addEventListener("click", () =>
  change({ language: settings.language === "zh" ? "en" : "zh" }),
);
byId("theme", HTMLButtonElement).addEventListener("click", () =>
  change({ theme: settings.theme === "light" ? "dark" : "light" }),
);
byId("everywhere", HTMLFormElement).addEventListener("submit", (event) => {
  event.preventDefault();
  const field = byId("everywhere", HTMLFormElement).elements.namedItem("text");
  if (!(field instanceof HTMLInputElement) || field.value.trim() === "") return;
  for (const channel of places.keys()) void act(channel, { type: "text", text: field.value });
  field.value = "";
});
for (const button of document.querySelectorAll<HTMLButtonElement>("[data-advance]"))
  button.addEventListener("click", () =>
    guarded(async () => {
      await readClock(advance(Number(button.dataset.advance)));
      drawClock();
    }),
  );

draw();
await guarded(() => readClock(readState()));
draw();
void poll();
