/** The shop's settings as the form holds them: lists as lines, numbers as typed. */
import type { ShopSettingsJson } from "../api/flow-types.ts";
import type { WordKey } from "../i18n/index.ts";

const NUMBERS = {
  missesToHandoff: { min: 1, max: 10, whole: true },
  promiseMinutes: { min: 1, max: 10_000, whole: true },
  handleMinutes: { min: 0.1, max: 240, whole: false },
  idleHours: { min: 1, max: 720, whole: false },
} as const;
export type NumberName = keyof typeof NUMBERS;
export const rangeOf = (name: NumberName) => NUMBERS[name];

type Typed = NumberName | "thresholds" | "groups" | "bannedWords";

export interface ShopDraft extends Omit<ShopSettingsJson, "id" | "version" | Typed>, Record<NumberName, string> {
  readonly answerFrom: string;
  readonly suggestFrom: string;
  readonly groups: string;
  readonly bannedWords: string;
}

export type SetShop = <K extends keyof ShopDraft>(key: K, value: ShopDraft[K]) => void;
export interface SectionProps {
  readonly draft: ShopDraft;
  readonly set: SetShop;
}

export function toDraft(shop: ShopSettingsJson): ShopDraft {
  const { id: _id, version: _version, thresholds, groups, bannedWords, ...rest } = shop;
  return {
    ...rest,
    // A server of the version before does not know it.
    calendar: shop.calendar ?? null,
    locales: shop.locales ?? [],
    answerFrom: thresholds === null ? "" : String(thresholds.answer),
    suggestFrom: thresholds === null ? "" : String(thresholds.suggest),
    groups: groups.join("\n"),
    bannedWords: (bannedWords ?? []).join("\n"),
    missesToHandoff: String(shop.missesToHandoff),
    promiseMinutes: String(shop.promiseMinutes),
    handleMinutes: String(shop.handleMinutes),
    idleHours: String(shop.idleHours),
  };
}

/** One a line, each once. */
export function linesOf(text: string): readonly string[] {
  const lines = text.split(/[\r\n]+/).map((line) => line.trim());
  return [...new Set(lines.filter((line) => line !== ""))];
}

export function toBody(draft: ShopDraft): Readonly<Record<string, unknown>> {
  const { answerFrom, suggestFrom, ...rest } = draft;
  const none = answerFrom.trim() === "" && suggestFrom.trim() === "";
  return {
    ...rest,
    name: draft.name.trim(),
    timeZone: draft.timeZone.trim(),
    thresholds: none ? null : { answer: Number(answerFrom), suggest: Number(suggestFrom) },
    groups: linesOf(draft.groups),
    bannedWords: linesOf(draft.bannedWords),
    missesToHandoff: Number(draft.missesToHandoff),
    promiseMinutes: Number(draft.promiseMinutes),
    handleMinutes: Number(draft.handleMinutes),
    idleHours: Number(draft.idleHours),
  };
}

/** The settings that are not as they were. */
export function changedKeys(before: ShopDraft, now: ShopDraft): readonly string[] {
  const [old, body] = [toBody(before), toBody(now)];
  return Object.keys(body).filter((key) => JSON.stringify(old[key]) !== JSON.stringify(body[key]));
}

/** The fields a setting is typed into, where they are not its own. */
const TYPED_IN: Readonly<Record<string, readonly (keyof ShopDraft)[]>> = {
  thresholds: ["answerFrom", "suggestFrom"],
};

/** Our edits laid over what somebody else saved meanwhile, and what both changed. */
export function rebase(before: ShopDraft, mine: ShopDraft, theirs: ShopDraft) {
  const edited = changedKeys(before, mine);
  const saved = changedKeys(before, theirs);
  const keys = edited.flatMap((key) => TYPED_IN[key] ?? [key as keyof ShopDraft]);
  const draft: ShopDraft = { ...theirs, ...Object.fromEntries(keys.map((key) => [key, mine[key]])) };
  const differ = changedKeys(theirs, draft);
  return { draft, both: edited.filter((key) => saved.includes(key) && differ.includes(key)) };
}

export interface ShopFault {
  readonly path: string;
  readonly key: WordKey;
  readonly params?: Readonly<Record<string, string | number>>;
  readonly mild?: boolean;
}

export function faultsOf(draft: ShopDraft): readonly ShopFault[] {
  const faults: ShopFault[] = [];
  const add = (path: string, key: WordKey, params?: ShopFault["params"]) =>
    faults.push({ path, key, ...(params && { params }) });
  if (draft.name.trim() === "") add("name", "form.empty");
  if (!isTimeZone(draft.timeZone.trim())) add("timeZone", "shop.fault.timeZone");
  for (const [name, { min, max, whole }] of Object.entries(NUMBERS)) {
    const typed = draft[name as NumberName];
    const number = Number(typed);
    const fits = typed.trim() !== "" && number >= min && number <= max && (!whole || Number.isInteger(number));
    if (!fits) add(name, whole ? "form.wholeNumber" : "form.number", { min, max });
  }
  faults.push(...scoreFaults(draft));
  const groups = linesOf(draft.groups);
  if (groups.length === 0) add("groups", "shop.fault.noGroup");
  if (groups.length > 50) add("groups", "form.tooMany", { max: 50 });
  for (const group of groups.filter(({ length }) => length > 50))
    add("groups", "form.tooLong", { text: short(group), max: 50 });
  const banned = linesOf(draft.bannedWords);
  if (banned.length > 1000) add("bannedWords", "form.tooMany", { max: 1000 });
  for (const word of banned.filter(({ length }) => length > 100).slice(0, 3))
    add("bannedWords", "form.tooLong", { text: short(word), max: 100 });
  faults.push(...calendarFaults(draft));
  return faults;
}

const short = (text: string) => (text.length > 12 ? `${text.slice(0, 12)}…` : text);

function scoreFaults({ answerFrom, suggestFrom }: ShopDraft): readonly ShopFault[] {
  const typed = { answer: answerFrom.trim(), suggest: suggestFrom.trim() };
  if (typed.answer === "" && typed.suggest === "") return [];
  const faults = (["answer", "suggest"] as const).flatMap((name): readonly ShopFault[] => {
    const path = `thresholds.${name}`;
    if (typed[name] === "") return [{ path, key: "shop.fault.bothScores" }];
    const score = Number(typed[name]);
    return score >= 0 && score <= 1 ? [] : [{ path, key: "form.number", params: { min: 0, max: 1 } }];
  });
  if (faults.length > 0) return faults;
  const [answer, suggest] = [Number(typed.answer), Number(typed.suggest)];
  if (suggest > answer) return [{ path: "thresholds.suggest", key: "shop.fault.suggestAbove" }];
  return suggest === answer ? [{ path: "thresholds.suggest", key: "shop.fault.suggestSame", mild: true }] : [];
}

function calendarFaults({ calendar }: ShopDraft): readonly ShopFault[] {
  if (calendar === null) return [];
  const days = (["holidays", "extra"] as const).flatMap((name) =>
    calendar[name].map(({ date }, place) => ({ path: `calendar.${name}.${place}.date`, empty: date === "" })),
  );
  const spans = [
    ...Object.entries(calendar.week).map(([day, hours]) => ({ path: `calendar.week.${day}`, hours })),
    ...calendar.extra.map(({ hours }, place) => ({ path: `calendar.extra.${place}.hours`, hours })),
  ].map(({ path, hours }) => ({ path, empty: hours.some(({ from, to }) => from === "" || to === "") }));
  return [...days, ...spans]
    .filter(({ empty }) => empty)
    .map(({ path }) => ({ path, key: path.endsWith("date") ? "shop.fault.date" : "shop.fault.time" }));
}

function isTimeZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions().timeZone !== "";
  } catch {
    // What Intl refuses is no time zone.
    return false;
  }
}
