import type { Capabilities } from "./adapter.ts";
import { type Action, type Card, type Content, type ContentOf, contentText, type Money } from "./content.ts";
import { detectLocale, type Locale } from "./language.ts";
import { WORDS, type Words } from "./lower-words.ts";
import { shorten, splitText, textLength } from "./text.ts";

/** Something the contact may answer with: a button's label and what it stands for. */
export interface Choice {
  readonly label: string;
  readonly value: string;
}

/**
 * Turns what a channel cannot show into what it can, in the order it is to be sent. Never empty; nothing is cut or left out: text over the
 * limit is split, choices become numbered text, a card becomes an image and its words. Lowering twice changes nothing.
 *
 * Keep `offeredChoices(content)` of the *original*: the numbers in the text are places in that list, so `resolveChoice` can read "2".
 * @param options.locale Language of the few words added here (the hint under a list, "Total"). @default the content's own
 */
export function lower(
  content: Content,
  capabilities: Capabilities,
  options: { readonly locale?: Locale } = {},
): readonly Content[] {
  // What the contact reads is the stored message itself.
  if (capabilities.storedIsSent) return [content];
  const words = WORDS[options.locale ?? detectLocale(allWords(content)) ?? "zh-CN"];
  const to: Target = { capabilities, words };
  switch (content.type) {
    case "text":
      return fits(content.text, to) ? [content] : say(content.text, to);
    case "image":
    case "audio":
    case "video":
    case "file":
      return lowerMedia(content, to);
    case "location":
      return capabilities.location ? [content] : say(locationLines(content), to);
    case "link":
      return lowerLink(content, to);
    case "card":
      return lowerCard(content, to);
    case "carousel":
      return lowerCarousel(content, to);
    case "product":
      return capabilities.product ? [content] : lowerCard(productCard(content, words), to);
    case "order":
      return capabilities.order ? [content] : lowerCard(orderCard(content, words), to);
    case "choices":
      return lowerChoices(content, to);
    case "sticker":
      return lowerSticker(content, to);
    case "system":
      return say(content.text, to);
    case "unsupported":
      return say(words.unsupported(content.kind), to);
  }
}

/** The answerable options of a content, in the order they are numbered. */
export function offeredChoices(content: Content): readonly Choice[] {
  if (content.type === "choices") return content.choices;
  if (content.type === "card") return content.actions.filter(isAnswer);
  if (content.type === "carousel") return content.cards.flatMap((card) => card.actions.filter(isAnswer));
  return [];
}

/** The option a reply means: `2`, `２`, `2.`, `(2)`, `②`, `第二个`, its label or its value; undefined when none, or two, fit. */
export function resolveChoice(reply: string, offered: readonly Choice[]): Choice | undefined {
  const said = fold(reply);
  if (said === "") return undefined;
  const byValue = offered.find((choice) => choice.value === reply.trim());
  if (byValue !== undefined) return byValue;
  const named = offered.filter((choice) => fold(choice.label) === said);
  if (named.length > 0) return named.every((choice) => choice.value === named[0]?.value) ? named[0] : undefined;
  return reply.trim().endsWith("…") ? byShortened(said, offered) : byNumber(said, offered);
}

/** 12900 CNY → ¥129.00; a currency nobody knows is shown as it came. */
export function formatMoney(money: Money, locale: string): string {
  try {
    const format = new Intl.NumberFormat(locale, { style: "currency", currency: money.currency });
    const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
    return format.format(money.amount / 10 ** digits);
  } catch {
    // `currency` is three characters of the shop's choosing: "XX1" is no ISO 4217 code and Intl refuses it.
    return `${money.amount} ${money.currency}`;
  }
}

interface Target {
  readonly capabilities: Capabilities;
  readonly words: Words;
}

type Media = ContentOf<"image"> | ContentOf<"audio"> | ContentOf<"video"> | ContentOf<"file">;
type Text = ContentOf<"text">;

/** Words sent with a file beyond this are said on their own: no platform's caption is shorter than 1,000 units. */
const MAX_CAPTION = 1000;

function fits(text: string, { capabilities }: Target): boolean {
  return textLength(text, capabilities.textUnit) <= capabilities.maxTextLength;
}

function say(text: string, { capabilities }: Target): Text[] {
  const pieces = splitText(text, capabilities.maxTextLength, capabilities.textUnit);
  // A platform refuses a blank message; what a cut leaves at its edges is white space.
  const spoken = pieces
    .map((piece) => (pieces.length === 1 ? piece : piece.trim()))
    .filter((piece) => piece.trim() !== "");
  return (spoken.length > 0 ? spoken : ["…"]).map((piece) => ({ type: "text", text: piece }));
}

function lowerMedia(media: Media, to: Target): Content[] {
  if (!to.capabilities[media.type]) return say(lines(media.name, media.alt, media.url) || to.words[media.type], to);
  const { alt, ...bare } = media;
  if (alt === undefined) return [media];
  const { caption = true, textUnit } = to.capabilities;
  const takesWords = typeof caption === "boolean" ? caption : caption.includes(media.type);
  if (takesWords && textLength(alt, textUnit) <= MAX_CAPTION) return [media];
  return alt.trim() === "" ? [bare] : [bare, ...say(alt, to)];
}

function lowerLink(link: ContentOf<"link">, to: Target): readonly Content[] {
  if (to.capabilities.link) return [link];
  if (link.imageUrl === undefined) return say(lines(link.title, link.description, link.url), to);
  const title = link.title.trim() || link.url;
  const actions = [{ label: to.words.open, url: link.url }];
  return lowerCard({ type: "card", title, text: link.description, imageUrl: link.imageUrl, actions }, to);
}

function lowerChoices(content: ContentOf<"choices">, to: Target, from = 1): Content[] {
  const { maxChoices, maxLabelLength } = to.capabilities;
  const { text, choices } = content;
  const list = numbered(choices, from);
  if (choices.length > maxChoices) return say(lines(text, ...list, to.words.hint), to);
  const allFit = choices.every((choice) => labelFits(choice.label, to));
  const parts = say(allFit ? text : lines(text, ...list), to);
  const buttons = choices.map(({ label, value }, index) => ({
    label: allFit ? label : shorten(`${from + index}. ${label}`, maxLabelLength),
    value,
  }));
  return parts.map((part, index) =>
    index < parts.length - 1 ? part : { type: "choices", text: part.text, choices: buttons },
  );
}

function lowerCard(card: Card, to: Target, from = 1): Content[] {
  return to.capabilities.card ? fitCard(card, to, from) : cardWithoutCards(card, to, from);
}

/** A card whose actions, labels and words are within the channel's limits; what is not stands in its text, or in texts before it. */
function fitCard(card: Card, to: Target, from: number): Content[] {
  const { maxActions, maxLabelLength, maxTextLength, textUnit } = to.capabilities;
  const max = to.capabilities.maxCardTextLength ?? maxTextLength;
  const buttons = card.actions.slice(0, maxActions);
  const spoken = card.actions.filter((action, index) => index >= maxActions || !labelFits(action.label, to));
  const text = lines(
    card.text,
    ...actionLines(card.actions, from, spoken),
    hintFor(card.actions.slice(maxActions), to),
  );
  const actions = buttons.map((action) => ({ ...action, label: shorten(action.label, maxLabelLength) }));
  if (textLength(lines(card.title, text), textUnit) <= max) {
    return [actions.length === card.actions.length && spoken.length === 0 ? card : { ...card, text, actions }];
  }
  const { text: _, ...bare } = card;
  return [...say(lines(card.title, text), to), { ...bare, title: shorten(card.title, max, textUnit), actions }];
}

function cardWithoutCards(card: Card, to: Target, from: number): Content[] {
  const { image, maxChoices } = to.capabilities;
  // Without words of its own: the title is said right after it.
  const picture: Content[] = image && card.imageUrl !== undefined ? [{ type: "image", url: card.imageUrl }] : [];
  const answers = card.actions.filter(isAnswer);
  const links = card.actions.filter((action) => !isAnswer(action));
  const head = [card.title, card.text, picture.length > 0 ? undefined : card.imageUrl];
  if (answers.length > 0 && answers.length <= maxChoices) {
    const text = lines(...head, ...actionLines(links, from, links));
    return [...picture, ...lowerChoices({ type: "choices", text, choices: answers }, to, from)];
  }
  return [
    ...picture,
    ...say(lines(...head, ...actionLines(card.actions, from, card.actions), hintFor(answers, to)), to),
  ];
}

function lowerCarousel({ cards }: ContentOf<"carousel">, to: Target): Content[] {
  let from = 1;
  const parts = cards.flatMap((card) => {
    const lowered = lowerCard(card, to, from);
    from += card.actions.filter(isAnswer).length;
    return lowered;
  });
  if (!to.capabilities.carousel) return parts;
  const fitting = parts.filter((part) => part.type === "card");
  return [...parts.filter((part) => part.type !== "card"), { type: "carousel", cards: fitting }];
}

function productCard(product: ContentOf<"product">, words: Words): Card {
  const actions = product.url === undefined ? [] : [{ label: words.viewProduct, url: product.url }];
  const title = product.title || product.productId;
  return { type: "card", title, text: priceText(product.price, words), imageUrl: product.imageUrl, actions };
}

function orderCard(order: ContentOf<"order">, words: Words): Card {
  const items = order.items.map((item) => lines(`${item.title} × ${item.quantity}`, "sku" in item ? item.sku : ""));
  const total = priceText(order.total, words);
  return {
    type: "card",
    title: `${words.order} ${order.orderId}`,
    text: lines(order.status, ...items, total === undefined ? undefined : `${words.total} ${total}`),
    imageUrl: order.items.map((item) => ("imageUrl" in item ? item.imageUrl : undefined)).find(Boolean),
    actions: order.url === undefined ? [] : [{ label: words.viewOrder, url: order.url }],
  };
}

function priceText(price: ContentOf<"product">["price"], words: Words): string | undefined {
  return typeof price === "object" ? formatMoney(price, words.locale) : price;
}

function lowerSticker(sticker: ContentOf<"sticker">, to: Target): Content[] {
  if (sticker.url !== undefined && to.capabilities.image) {
    return lowerMedia({ type: "image", url: sticker.url, ...(sticker.emoji ? { alt: sticker.emoji } : {}) }, to);
  }
  return say(lines(sticker.emoji, sticker.url) || to.words.sticker, to);
}

/** Amap opens in China, where Google does not. */
function locationLines(place: ContentOf<"location">): string {
  const map =
    detectLocale(contentText(place)) === "zh-CN"
      ? `https://uri.amap.com/marker?position=${place.lng},${place.lat}&coordinate=wgs84`
      : `https://www.google.com/maps/search/?api=1&query=${place.lat},${place.lng}`;
  return lines(place.title, place.address, map);
}

function isAnswer(action: Action): action is Extract<Action, { value: string }> {
  return "value" in action;
}

function labelFits(label: string, { capabilities }: Target): boolean {
  return textLength(label, "graphemes") <= capabilities.maxLabelLength;
}

function hintFor(actions: readonly Action[], { words }: Target): string | undefined {
  return actions.some(isAnswer) ? words.hint : undefined;
}

function numbered(choices: readonly Choice[], from: number): string[] {
  return choices.map((choice, index) => `${from + index}. ${choice.label}`);
}

/** `label: url` for links, `2. label` for answers, counted over all actions; only those to be spoken. */
function actionLines(actions: readonly Action[], from: number, spoken: readonly Action[]): string[] {
  let number = from - 1;
  return actions.flatMap((action) => {
    if (isAnswer(action)) number += 1;
    if (!spoken.includes(action)) return [];
    return [isAnswer(action) ? `${number}. ${action.label}` : `${action.label}: ${action.url}`];
  });
}

function lines(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part.trim() !== "").join("\n");
}

function allWords(content: Content): string {
  return [contentText(content), ...offeredChoices(content).map((choice) => choice.label)].join(" ");
}

/** Case, width and the marks people add do not matter: `（２）`, `2️⃣` and `2.` are all `2`. */
function fold(text: string): string {
  const plain = text.normalize("NFKC").replaceAll(/[\uFE0F\u20E3]/g, "");
  return plain
    .toLowerCase()
    .replaceAll(/^[\s("'「【]+|[\s)"'」】.。、,!！~:]+$/g, "")
    .replaceAll(/\s+/g, " ");
}

const HAN_DIGITS = "零一二三四五六七八九";

function byNumber(said: string, offered: readonly Choice[]): Choice | undefined {
  const bare = /^(?:选|選|第|no\.? ?|#)?(\d{1,2}|[一二三四五六七八九十]{1,3})(?:个|個|号|號|项|項|番|番目)?$/.exec(
    said,
  )?.[1];
  return bare === undefined ? undefined : offered[(/\d/.test(bare) ? Number(bare) : hanNumber(bare)) - 1];
}

/** A tapped button whose label was shortened comes back as "2. Return order 20…" or "Return order 20…". */
function byShortened(said: string, offered: readonly Choice[]): Choice | undefined {
  const [, number, start] = /^(\d{1,2})\. ?(.*)$/.exec(said) ?? [];
  const counted = offered[Number(number) - 1];
  if (counted !== undefined && start !== undefined && fold(counted.label).startsWith(start)) return counted;
  const begun = offered.filter((choice) => fold(choice.label).startsWith(said));
  return begun.length === 1 ? begun[0] : undefined;
}

/** 三 → 3, 十二 → 12, 二十 → 20. */
function hanNumber(text: string): number {
  const [tens, ones] = text.includes("十") ? text.split("十") : ["零", text];
  const digit = (character: string | undefined, empty: number) =>
    character === undefined || character === "" ? empty : HAN_DIGITS.indexOf(character);
  return digit(tens, 1) * 10 + digit(ones, 0);
}
