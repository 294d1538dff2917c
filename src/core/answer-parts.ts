/** What goes with the words of an answer, and the messages they make together. Pure. */
import type { Action, Content } from "./content.ts";
import { ARTICLE_VALUE } from "./phrases.ts";
import { PERSON_VALUE } from "./skill.ts";

export interface AnswerParts {
  readonly image?: AnswerImage;
  readonly buttons?: readonly AnswerButton[];
}

/** One of the shop's own files, or a web address: one of the two is there. */
export interface AnswerImage {
  readonly fileId?: string;
  readonly url?: string;
  /** What it shows, for who cannot see it and for channels without pictures. */
  readonly alt?: string;
}

/** A link, another article's answer, a person, or (with none of them) the label itself as the shopper's next words. */
export interface AnswerButton {
  readonly label: string;
  readonly url?: string;
  readonly articleId?: string;
  readonly person?: true;
}

/** Longer words do not fit beside buttons (`contentSchema`), and stand before them. */
const MOST_BESIDE_BUTTONS = 5000;

/**
 * In the order they are sent: the picture, the order, and last the words with their buttons, since a quick reply lives only under the
 * last message of a chat.
 * Empty where the article has nothing to say.
 * @param answer.title stands over links, and for words where there are none
 */
export function answerContents(
  answer: AnswerParts & { readonly text: string; readonly title: string; readonly order?: Content },
): readonly Content[] {
  const { image, order, buttons = [], text } = answer;
  const before: Content[] = [
    ...(image === undefined ? [] : [{ type: "image" as const, ...image }]),
    ...(order === undefined ? [] : [order]),
  ];
  const silent = text.trim() === "";
  if (buttons.length === 0) return silent ? before : [...before, { type: "text", text }];
  const fits = text.length <= MOST_BESIDE_BUTTONS;
  const beside = fits && !silent ? text : undefined;
  return [
    ...before,
    ...(fits ? [] : [{ type: "text" as const, text }]),
    withButtons({ title: answer.title, text: beside, actions: buttons.map(toAction) }),
  ];
}

/** A plain question with its choices, where no button is a link. */
function withButtons(card: {
  readonly title: string;
  readonly text: string | undefined;
  readonly actions: Action[];
}): Content {
  const { title, text, actions } = card;
  const choices = actions.flatMap((action) => ("value" in action ? [action] : []));
  if (choices.length === actions.length) return { type: "choices", text: text ?? title, choices };
  return { type: "card", title, ...(text === undefined ? {} : { text }), actions };
}

function toAction({ label, url, articleId, person }: AnswerButton): Action {
  if (url !== undefined) return { label, url };
  if (articleId !== undefined) return { label, value: `${ARTICLE_VALUE}${articleId}` };
  return { label, value: person === true ? PERSON_VALUE : label };
}
