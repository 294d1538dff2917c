import { extractEntities } from "../core/entities.ts";
import type { SkillInput } from "../core/skill.ts";

/** What a tapped order choice carries before the order's number. */
const ORDER_VALUE = "order:";

export const orderValue = (orderId: string): string => `${ORDER_VALUE}${orderId}`;

/** What a message means to a skill about orders. */
export type Turn =
  /** A proven contact named no order: theirs are looked at. */
  | { readonly kind: "own" }
  /** A proven contact named one, by number, by a tapped choice or by its place in the list. */
  | { readonly kind: "named"; readonly orderId: string }
  | { readonly kind: "ask-order" }
  | { readonly kind: "ask-fact"; readonly orderId: string }
  /** An unproven contact gave both: the number and the last four digits of the recipient's phone. */
  | { readonly kind: "prove"; readonly orderId: string; readonly fact: string }
  | { readonly kind: "pass" };

/** Orders open to a contact without a second fact: the shop itself vouched for who they are (`security.md` WD-4). */
export function provenMember(input: SkillInput): string | undefined {
  return input.contact.level === "verified" ? input.contact.memberId : undefined;
}

/** Reads the message in the light of the question the skill asked before, if it did. */
export function readTurn(skill: string, input: SkillInput): Turn {
  const step = input.flow?.skill === skill ? input.flow.step : undefined;
  return provenMember(input) === undefined ? readUnproven(step, input) : readProven(step, input);
}

function readProven(step: string | undefined, input: SkillInput): Turn {
  // A parcel's number leads to the order too, among those that are theirs.
  const orderId =
    input.slots?.order ??
    namedOrder(input) ??
    extractEntities(input.text).trackingNumbers[0] ??
    (step === "pick" ? listed(input) : undefined);
  if (orderId !== undefined) return { kind: "named", orderId };
  return step === "pick" ? { kind: "pass" } : { kind: "own" };
}

function readUnproven(step: string | undefined, input: SkillInput): Turn {
  if (input.slots?.order !== undefined && input.slots.phone !== undefined)
    return { kind: "prove", orderId: input.slots.order, fact: input.slots.phone.slice(-4) };
  const named = input.slots?.order ?? namedOrder(input) ?? (step === undefined ? undefined : wholeNumber(input.text));
  const said = secondFact(input.text, step === "ask-fact");
  const fact = said === named ? undefined : said;
  const orderId = named ?? (step === "ask-fact" ? input.flow?.slots.orderId : undefined);
  if (orderId !== undefined && fact !== undefined) return { kind: "prove", orderId, fact };
  if (named !== undefined) return { kind: "ask-fact", orderId: named };
  return step === undefined ? { kind: "ask-order" } : { kind: "pass" };
}

const LONGEST_ID = 64;

function namedOrder({ text, value }: SkillInput): string | undefined {
  if (value?.startsWith(ORDER_VALUE)) {
    // A value is what a client sent, so it may be anything.
    const orderId = value.slice(ORDER_VALUE.length).normalize("NFKC").trim();
    if (orderId !== "" && orderId.length <= LONGEST_ID) return orderId;
  }
  return extractEntities(text).orderIds[0];
}

/** The whole message is one number, as asked for, even if it looks like a date or a phone. */
function wholeNumber(text: string): string | undefined {
  const bare = text.normalize("NFKC").trim();
  return /^#?[A-Z]{0,6}-?\d{5,24}$/i.test(bare) && !/^1[3-9]\d{9}$/.test(bare) ? bare.replace("#", "") : undefined;
}

const FACT_WORD = String.raw`(?:尾号|尾號|后四位|後四位|后\s?4\s?位|後\s?4\s?位|手机|手機|电话|電話|下4桁|下四桁|last\s(?:4|four)(?:\sdigits)?|ending(?:\sin)?|phone)`;
const LABELLED_FACT = new RegExp(String.raw`${FACT_WORD}[^\d]{0,8}(?<!\d)(\d{4})(?!\d)`, "iu");
const ANY_FACT = /(?<![\d#])\d{4}(?!\d)/;

/** The last four digits of a phone: said as such, at the end of a whole phone number, or, once asked for, any four digits. */
function secondFact(text: string, asked: boolean): string | undefined {
  const plain = text.normalize("NFKC");
  const labelled = LABELLED_FACT.exec(plain)?.[1];
  if (labelled !== undefined) return labelled;
  const phone = extractEntities(plain).phones[0];
  if (phone !== undefined) return phone.slice(-4);
  return asked ? ANY_FACT.exec(plain)?.[0] : undefined;
}

const PLACES: readonly RegExp[] = [
  /^(?:第?\s*(?:1|一)\s*[个個单單笔筆件条條]?|(?:the\s)?(?:first|1st)(?:\sone)?|[1一](?:番目?|つ目))$/i,
  /^(?:第?\s*(?:2|二|两|兩)\s*[个個单單笔筆件条條]?|(?:the\s)?(?:second|2nd)(?:\sone)?|[2二](?:番目?|つ目))$/i,
  /^(?:第?\s*(?:3|三)\s*[个個单單笔筆件条條]?|(?:the\s)?(?:third|3rd)(?:\sone)?|[3三](?:番目?|つ目))$/i,
  /^(?:第?\s*(?:4|四)\s*[个個单單笔筆件条條]?|(?:the\s)?(?:fourth|4th)(?:\sone)?|[4四](?:番目?|つ目))$/i,
  /^(?:第?\s*(?:5|五)\s*[个個单單笔筆件条條]?|(?:the\s)?(?:fifth|5th)(?:\sone)?|[5五](?:番目?|つ目))$/i,
];

/** "2", "第二个", "the second one": a place in the list that was shown. */
function listed({ text, flow }: SkillInput): string | undefined {
  const said = text
    .normalize("NFKC")
    .trim()
    .replace(/[。.!！,，]+$/u, "");
  const place = PLACES.findIndex((pattern) => pattern.test(said));
  return place < 0 ? undefined : flow?.slots.orders?.split(",")[place];
}
