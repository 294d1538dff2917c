/** Reads what a contact wrote as the answer to one step of a flow. Pure and total: any text is an answer or is not. */
import { extractEntities } from "./entities.ts";
import type { FlowStep } from "./flow.ts";

export interface FlowAnswerInput {
  readonly text: string;
  /** What a tapped choice stands for, within the step. */
  readonly choice?: string;
  /** A tapped order's number. */
  readonly orderId?: string;
  readonly now: number;
  readonly timeZone: string;
  /** Whether a text as a whole fits an RE2 pattern. */
  readonly fits: (pattern: string, text: string) => boolean;
}

const LONGEST = 500;
const LONGEST_ID = 64;

/** The value to keep, or undefined: not an answer to this. */
export function readAnswer(step: FlowStep, input: FlowAnswerInput): string | undefined {
  const text = input.text.normalize("NFKC").trim();
  const { validate } = step;
  switch (validate.kind) {
    case "order-number":
      return orderNumber(input, text);
    case "phone":
      return phone(text, validate.last);
    case "choice":
      return choice(step, input.choice, text);
    case "text": {
      const length = [...text].length;
      const fits = length >= (validate.min ?? 1) && length <= (validate.max ?? LONGEST);
      return fits ? text : undefined;
    }
    case "date":
      return day(text, validate.when ?? "any", input);
    case "number": {
      if (!/^[+-]?\d{1,9}$/.test(text)) return undefined;
      const number = Number(text);
      const fits = number >= (validate.min ?? -Infinity) && number <= (validate.max ?? Infinity);
      return fits ? String(number) : undefined;
    }
    case "pattern":
      return text !== "" && text.length <= LONGEST && input.fits(validate.pattern, text) ? text : undefined;
  }
}

function orderNumber({ orderId }: FlowAnswerInput, text: string): string | undefined {
  const tapped = orderId?.normalize("NFKC").trim();
  if (tapped !== undefined && tapped !== "" && tapped.length <= LONGEST_ID) return tapped;
  const named = extractEntities(text).orderIds[0];
  if (named !== undefined) return named;
  // The whole message is one number, as asked for, even if it looks like a date; never a mobile.
  const bare = /^#?([A-Z]{0,6}-?\d{5,24})$/iu.exec(text)?.[1];
  return bare === undefined || /^1[3-9]\d{9}$/.test(bare) ? undefined : bare;
}

const WHOLE_PHONE = /(?<![\d.])\+?\d(?:[\s-]?\d){6,14}(?![\d.])/u;

function phone(text: string, last: number | undefined): string | undefined {
  const whole = WHOLE_PHONE.exec(text)?.[0].replace(/[^\d+]/g, "");
  if (last === undefined) return whole;
  if (whole !== undefined) return whole.slice(-last);
  return new RegExp(String.raw`(?<![\d#])\d{${last}}(?!\d)`, "u").exec(text)?.[0];
}

const fold = (text: string) =>
  text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[\s\p{P}]+/gu, "");

function choice({ choices = [] }: FlowStep, tapped: string | undefined, text: string): string | undefined {
  const byValue = choices.find((one) => one.value === tapped);
  if (byValue !== undefined) return byValue.value;
  const place = /^\d{1,2}$/.test(text) ? choices[Number(text) - 1] : undefined;
  if (place !== undefined) return place.value;
  const said = fold(text);
  if (said === "") return undefined;
  return choices.find((one) => Object.values(one.label).some((label) => fold(label ?? "") === said))?.value;
}

const DAY_MS = 86_400_000;
const RELATIVE: readonly (readonly [RegExp, number])[] = [
  [/^(?:今天|今日|today|きょう)$/iu, 0],
  [/^(?:昨天|昨日|yesterday|きのう)$/iu, -1],
  [/^(?:前天|一昨日|おととい)$/iu, -2],
  [/^(?:明天|明日|tomorrow|あした)$/iu, 1],
  [/^(?:后天|後天|明後日|あさって)$/iu, 2],
];

/** `2026-06-15`, from that, `2026/6/15`, `6月15日`, `6-15` or "yesterday". */
function day(
  text: string,
  when: "any" | "past" | "future",
  { now, timeZone }: Pick<FlowAnswerInput, "now" | "timeZone">,
): string | undefined {
  // Swedish writes dates as ISO 8601 does.
  const today = new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short" }).format(now);
  const found = readDay(text, today, when);
  if (found === undefined) return undefined;
  if (when === "past" && found > today) return undefined;
  return when === "future" && found < today ? undefined : found;
}

function readDay(text: string, today: string, when: "any" | "past" | "future"): string | undefined {
  const relative = RELATIVE.find(([pattern]) => pattern.test(text));
  if (relative !== undefined) return isoDay(Date.parse(today) + relative[1] * DAY_MS);
  const full = /^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号號]?$/u.exec(text);
  if (full !== null) return calendar(Number(full[1]), Number(full[2]), Number(full[3]));
  const short = /^(\d{1,2})\s*[-/月]\s*(\d{1,2})\s*[日号號]?$/u.exec(text);
  if (short === null) return undefined;
  const of = (year: number) => calendar(year, Number(short[1]), Number(short[2]));
  const year = Number(today.slice(0, 4));
  const here = of(year);
  // In January, "12月30日" of something past is last year's.
  if (when === "past" && (here === undefined || here > today)) return of(year - 1);
  return when === "future" && (here === undefined || here < today) ? of(year + 1) : here;
}

/** Undefined for a day no calendar has. */
function calendar(year: number, month: number, date: number): string | undefined {
  const at = Date.UTC(year, month - 1, date);
  const iso = isoDay(at);
  return iso === `${year}-${String(month).padStart(2, "0")}-${String(date).padStart(2, "0")}` ? iso : undefined;
}

const isoDay = (at: number) => new Date(at).toISOString().slice(0, 10);
