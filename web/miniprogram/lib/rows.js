/**
 * Messages as WXML can show them: every word, link and price ready, since a template can neither call nor decide much. WXML escapes what it
 * binds, and nothing here makes HTML.
 */
const SILENCE_MS = 5 * 60_000;

/** @param options.root The server, for files it names by path. */
function toRows(messages, { words, root, locale }) {
  let before = 0;
  return messages.map((message) => {
    const at = Date.parse(message.at) || 0;
    const time = at - before > SILENCE_MS ? timeOf(at) : "";
    before = at;
    const mine = message.author.kind === "contact";
    return {
      key: message.id || message.clientId,
      id: message.id || "",
      clientId: message.clientId || "",
      side: message.content.type === "system" ? "note" : mine ? "mine" : "theirs",
      name: mine ? "" : message.author.name || "",
      time,
      state: message.state || "",
      ...bodyOf(message.content, { words, root, locale }),
    };
  });
}

function bodyOf(content, context) {
  const { words, root } = context;
  switch (content.type) {
    case "text":
      return { kind: "text", parts: partsOf(content.text) };
    case "system":
      return { kind: "note", text: content.code === "recalled" ? words.recalled : content.text };
    case "image":
      return { kind: "image", url: absolute(content.url, root), alt: content.alt || words.picture };
    case "audio":
    case "video":
    case "file":
      return {
        kind: content.type,
        url: absolute(content.url, root),
        text: content.name || content.alt || words[content.type],
        size: sizeOf(content.size),
      };
    case "location":
      return {
        kind: "place",
        text: content.title || content.address || words.place,
        address: content.address || "",
        lat: content.lat,
        lng: content.lng,
      };
    case "sticker":
      return content.url
        ? { kind: "image", url: absolute(content.url, root), alt: content.emoji || "" }
        : { kind: "text", parts: partsOf(content.emoji || "…") };
    case "link":
      return cards(
        [
          {
            title: content.title || content.url,
            text: content.description,
            imageUrl: content.imageUrl,
            actions: [],
            url: content.url,
          },
        ],
        context,
      );
    case "card":
      return cards([content], context);
    case "carousel":
      return cards(content.cards, context);
    case "product":
      return cards([productOf(content, context)], context);
    case "order":
      return cards([orderOf(content, context)], context);
    case "choices":
      return { kind: "choices", parts: partsOf(content.text), choices: content.choices };
    default:
      return { kind: "note", text: words.unsupported };
  }
}

function cards(list, { root }) {
  return {
    kind: "cards",
    cards: list.map((card) => ({
      title: card.title,
      lines: linesOf(card.text),
      price: card.price || "",
      image: absolute(card.imageUrl, root),
      url: card.url || "",
      product: card.product || "",
      order: card.order || "",
      actions: card.actions.map(({ label, url, value }) => ({ label, url: url || "", value: value || "" })),
    })),
  };
}

function productOf(content, { locale }) {
  const { productId, title, imageUrl, url } = content;
  return {
    title: title || productId,
    price: priceOf(content.price, locale),
    imageUrl,
    url,
    product: productId,
    actions: [],
  };
}

function orderOf(content, { words, locale }) {
  const items = content.items.map((item) => {
    const { title, quantity = 1 } = typeof item === "string" ? { title: item } : item;
    return `${title} × ${quantity}`;
  });
  const total = priceOf(content.total, locale);
  return {
    title: `${words.order} ${content.orderId}`,
    text: [content.status, ...items].filter(Boolean).join("\n"),
    price: total && `${words.total} ${total}`,
    imageUrl: content.items.map((item) => item.imageUrl).find(Boolean),
    url: content.url,
    order: content.orderId,
    actions: [],
  };
}

/** ISO 4217; hosts of mini-programs have no `Intl` to ask. */
const SIGNS = { CNY: "¥", JPY: "¥", USD: "$", EUR: "€", GBP: "£", HKD: "HK$", TWD: "NT$", KRW: "₩", SGD: "S$" };
const WHOLE = ["JPY", "KRW", "VND", "CLP", "ISK"];

/** 25900 CNY is ¥259.00; 25,900 JPY is ¥25,900. What comes as words is shown as it came. */
function priceOf(price) {
  if (price === undefined || typeof price === "string") return price || "";
  if (typeof price === "number") return String(price);
  const { amount, currency } = price;
  const digits = WHOLE.includes(currency) ? 0 : 2;
  const [whole, rest] = (Math.abs(amount) / 10 ** digits).toFixed(digits).split(".");
  const grouped = whole.replace(/\B(?=(?:\d{3})+$)/g, ",");
  const sign = SIGNS[currency] || `${currency} `;
  return `${amount < 0 ? "-" : ""}${sign}${grouped}${rest === undefined ? "" : `.${rest}`}`;
}

function sizeOf(bytes) {
  if (!bytes) return "";
  const kilobytes = bytes / 1024;
  return kilobytes < 1024 ? `${Math.ceil(kilobytes)} KB` : `${(kilobytes / 1024).toFixed(1)} MB`;
}

/** Text with its links apart, so that they can be tapped. */
function partsOf(text) {
  const parts = [];
  let from = 0;
  for (const found of text.matchAll(/https?:\/\/[^\s<>"'，。；！？）】]+/g)) {
    if (found.index > from) parts.push({ text: text.slice(from, found.index), url: "" });
    parts.push({ text: found[0], url: found[0] });
    from = found.index + found[0].length;
  }
  if (from < text.length) parts.push({ text: text.slice(from), url: "" });
  return parts;
}

function linesOf(text) {
  return (text || "").split("\n").filter((line) => line.trim() !== "");
}

/** Our own files are named by path; a picture on its way by where it lies on the phone. */
function absolute(url, root) {
  if (!url) return "";
  return url.startsWith("/") ? `${root.replace(/\/+$/, "")}${url}` : url;
}

function timeOf(at) {
  const date = new Date(at);
  const two = (number) => String(number).padStart(2, "0");
  return `${date.getMonth() + 1}/${date.getDate()} ${two(date.getHours())}:${two(date.getMinutes())}`;
}

module.exports = { partsOf, priceOf, toRows };
