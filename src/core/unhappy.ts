/** Signs that the bot gets nowhere: it would tell the same to the same question, or ask once more what was not answered. Pure. */
import { type Content, contentText } from "./content.ts";
import { extractEntities } from "./entities.ts";
import type { Message } from "./message.ts";
import type { Flow } from "./session.ts";

/** What the contact wrote, and what the bot told. */
export interface Turn {
  readonly asked: string;
  readonly said: readonly Content[];
  readonly articleIds: readonly string[];
  readonly at: number;
}

/** How many turns back a question counts as the same one's. */
const TURNS_BACK = 2;
/** The same words again within this time were sent twice, not asked twice. */
const SENT_TWICE_MS = 10_000;
/** Times in a row the bot may stand at the same question. */
export const MOST_STUCK = 3;

/** Thanks, greetings, yes and no: whatever they match, they are no question asked anew. */
const COURTESY =
  /^(谢谢|谢了|多谢|感谢|好|好的|好吧|行|可以|嗯|哦|噢|知道了|明白(了)?|了解|收到|ok(ay)?|你好|您好|在吗|在么|在不在|亲|哈喽|嗨|早(上好)?|晚上好|再见|拜拜|没事了|不用了|謝謝|感謝|好喔|好哦|知道|在嗎|hi|hello|hey|thanks?( you)?( so much| a lot)?|thx|ty|cheers|great|cool|fine|got it|i see|yes|no|yeah|yep|nope|sure|alright|bye|good (morning|afternoon|evening)|ありがとう(ございます)?|どうも|はい|いいえ|了解(です|しました)?|わかりました|こんにちは|おはよう(ございます)?|こんばんは)+(了|的|啦|哈|呀|啊|吧|ね|です)*$/iu;

const LONGEST_COURTESY = 40;

/** Width, case, punctuation and filler folded away. */
export function foldQuestion(text: string): string {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[\s\p{P}\p{S}]+/gu, "")
    .replace(/[啊呀吗呢吧嘛哦喔嗎啦嘞]+$/u, "");
}

export const isCourtesy = (text: string): boolean => {
  const words = text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[\p{P}\p{S}]+/gu, " ")
    .replace(/\s+/gu, " ")
    .trim();
  if (words.length > LONGEST_COURTESY) return false;
  return COURTESY.test(words) || COURTESY.test(words.replaceAll(" ", ""));
};

/** The talk so far, oldest first, as turns: what was asked, and what the bot told before the next question. */
export function turnsOf(
  messages: readonly Pick<Message, "direction" | "author" | "content" | "articleId" | "at">[],
): Turn[] {
  const turns: Turn[] = [];
  for (const { direction, author, content, articleId, at } of messages) {
    if (direction === "inbound") turns.push({ asked: contentText(content), said: [], articleIds: [], at });
    const last = turns.at(-1);
    if (direction === "inbound" || author.kind !== "bot" || last === undefined) continue;
    const articleIds = articleId === undefined ? last.articleIds : [...last.articleIds, articleId];
    turns[turns.length - 1] = { ...last, said: [...last.said, content], articleIds };
  }
  return turns;
}

/** Would the bot tell what it told within the last two turns, though it was asked again in words of the contact's own? */
export function isAskedAgain(
  now: { readonly text: string; readonly at: number; readonly said: readonly Content[]; readonly articleId?: string },
  earlier: readonly Turn[],
): boolean {
  const asked = foldQuestion(now.text);
  if (asked === "" || isCourtesy(now.text)) return false;
  const told = wordsOf(now.said);
  if (told === "") return false;
  return earlier.slice(-TURNS_BACK).some((turn) => {
    if (isCourtesy(turn.asked) || foldQuestion(turn.asked) === "") return false;
    const same = foldQuestion(turn.asked) === asked;
    if (same && now.at - turn.at < SENT_TWICE_MS) return false;
    if (namesSomethingNew(now.text, turn.asked)) return false;
    const sameMatter = same || (now.articleId !== undefined && turn.articleIds.includes(now.articleId));
    return sameMatter && wordsOf(turn.said) === told;
  });
}

/** Another order, parcel or phone: the same kind of question about something else. */
function namesSomethingNew(text: string, before: string): boolean {
  const known = extractEntities(before);
  const now = extractEntities(text);
  const is = (found: readonly string[], named: readonly string[]) => found.some((one) => !named.includes(one));
  return (
    is(now.orderIds, known.orderIds) || is(now.trackingNumbers, known.trackingNumbers) || is(now.phones, known.phones)
  );
}

/** What is read, without the time of day a fact is from. */
function wordsOf(said: readonly Content[]): string {
  return said
    .map((content) => {
      const labels = content.type === "choices" ? content.choices.map(({ label }) => label) : [];
      return [contentText(content), ...labels].join("\n").replace(/\d{1,2}:\d{2}(:\d{2})?/gu, "");
    })
    .join("\n")
    .trim();
}

/** The flow as it goes on, with how often in a row it has stood at the same question. */
export function countStuck(before: Flow | undefined, after: Flow | null): Flow | null {
  if (after === null || before === undefined) return after;
  const same =
    before.skill === after.skill &&
    before.step === after.step &&
    JSON.stringify(before.slots) === JSON.stringify(after.slots);
  return same ? { ...after, stuck: (before.stuck ?? 0) + 1 } : after;
}

export const isStuck = (flow: Flow | null): boolean => (flow?.stuck ?? 0) >= MOST_STUCK;
