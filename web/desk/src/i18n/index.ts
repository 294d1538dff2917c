import { type Language, preferences, usePreferences } from "../preferences.ts";
import { adminWords } from "./words/admin.ts";
import { articleWords } from "./words/articles.ts";
import { contextWords } from "./words/context.ts";
import { dictionaryWords } from "./words/dictionary.ts";
import { dutyWords } from "./words/duty.ts";
import { editorWords } from "./words/editor.ts";
import { flowWords } from "./words/flows.ts";
import { identityWords } from "./words/identity.ts";
import { inboxWords } from "./words/inboxes.ts";
import { mediaWords } from "./words/media.ts";
import { privacyWords } from "./words/privacy.ts";
import { reviewWords } from "./words/review.ts";
import { sessionWords } from "./words/sessions.ts";
import { shellWords } from "./words/shell.ts";
import { shopWords } from "./words/shop.ts";
import { ticketWords } from "./words/tickets.ts";

/** Every sentence of the desk: Chinese, then English. */
const words = {
  ...shellWords,
  ...sessionWords,
  ...mediaWords,
  ...contextWords,
  ...identityWords,
  ...privacyWords,
  ...ticketWords,
  ...articleWords,
  ...editorWords,
  ...dictionaryWords,
  ...reviewWords,
  ...inboxWords,
  ...dutyWords,
  ...flowWords,
  ...shopWords,
  ...adminWords,
};

export type WordKey = keyof typeof words;
type Params = Readonly<Record<string, string | number>>;
export type Translate = (key: WordKey, params?: Params) => string;

/** `{name}` is replaced; `{n|hour|hours}` picks by number. */
function translate(language: Language, key: WordKey, params: Params = {}): string {
  const text = words[key][language === "zh" ? 0 : 1];
  return text
    .replaceAll(/\{(\w+)\|([^|}]*)\|([^}]*)\}/g, (_, name: string, one: string, many: string) =>
      Number(params[name]) === 1 ? one : many,
    )
    .replaceAll(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole));
}

/** For code outside components, in the language of the moment. */
export const t: Translate = (key, params) => translate(preferences.get().language, key, params);

export function useT(): Translate {
  const { language } = usePreferences();
  return (key, params) => translate(language, key, params);
}

export function isWordKey(key: string): key is WordKey {
  return Object.hasOwn(words, key);
}

/** The words of a code from the server, or the code itself where it is newer than this page. */
export function codeWords(translateWord: Translate, prefix: string, code: string): string {
  const key = `${prefix}.${code}`;
  return isWordKey(key) ? translateWord(key) : code;
}
