import { type Member, members, type Product, products, questions } from "./catalogue.ts";
import { identifyMember, linkMember, tellChat } from "./chat.ts";
import { byId, element } from "./dom.ts";
import { loadSettings, type Settings, saveSettings } from "./settings.ts";
import { type Words, words } from "./words.ts";

const pictures = import.meta.glob<string>("./products/p-*.svg", { query: "?url", import: "default", eager: true });
const productDialog = byId("product", HTMLDialogElement);
const memberDialog = byId("members", HTMLDialogElement);
let settings = loadSettings();

const t = () => words[settings.language];
const pictureOf = ({ productId }: Product) => pictures[`./products/${productId}.svg`] ?? "";

function change(patch: Partial<Settings>): void {
  settings = { ...settings, ...patch };
  saveSettings(settings);
  draw();
}

function draw(): void {
  document.documentElement.lang = settings.language === "zh" ? "zh-CN" : "en";
  document.documentElement.dataset.theme = settings.theme;
  for (const spot of document.querySelectorAll<HTMLElement>("[data-text]"))
    spot.textContent = t()[spot.dataset.text as keyof Words];
  for (const spot of document.querySelectorAll<HTMLElement>("[data-label]"))
    spot.ariaLabel = t()[spot.dataset.label as keyof Words];
  drawTools();
  byId("questions", HTMLUListElement).replaceChildren(...questions[settings.language].map(question));
  byId("products", HTMLUListElement).replaceChildren(...products.map(card));
}

function drawTools(): void {
  const language = byId("language", HTMLButtonElement);
  language.textContent = settings.language === "zh" ? "EN" : "中";
  language.lang = settings.language === "zh" ? "en" : "zh-CN";
  language.ariaLabel = t().language;
  byId("theme", HTMLButtonElement).ariaLabel = settings.theme === "light" ? t().dark : t().light;
  const member = members.find(({ id }) => id === settings.member);
  const account = byId("account", HTMLButtonElement);
  account.replaceChildren(
    ...(member === undefined
      ? [t().signIn]
      : [element("i", { class: "face" }, [...member.name][0] ?? ""), member.name]),
  );
}

function question(text: string): HTMLElement {
  return element(
    "li",
    {},
    element("button", { type: "button", class: "ask", onclick: () => tellChat("open", { text }) }, text),
  );
}

function card(product: Product): HTMLElement {
  const { language } = settings;
  return element(
    "li",
    { class: product.soldOut ? "card sold-out" : "card" },
    element("img", { src: pictureOf(product), alt: "", width: "480", height: "360", loading: "lazy" }),
    element("span", { class: "tag" }, product.tag[language]),
    element(
      "h3",
      {},
      element(
        "button",
        { type: "button", class: "cover", onclick: () => showProduct(product) },
        product.title[language],
      ),
    ),
    element("p", { class: "price" }, priceOf(product)),
  );
}

const priceOf = ({ price }: Product) => `¥${price.toFixed(2)}`;

function showProduct(product: Product): void {
  const { language } = settings;
  tellChat("setPage", {
    url: `${location.origin}/?product=${product.productId}`,
    title: product.title[language],
    productId: product.productId,
  });
  productDialog.ariaLabel = product.title[language];
  const buy = element("button", { type: "button", class: "plain", onclick: () => buy.replaceChildren(t().added) });
  buy.append(product.soldOut ? t().soldOut : t().buy);
  buy.disabled = product.soldOut === true;
  productDialog.replaceChildren(
    closeButton(productDialog),
    element("img", { src: pictureOf(product), alt: "", width: "480", height: "360" }),
    element(
      "div",
      { class: "sheet-text" },
      element("span", { class: "tag" }, product.tag[language]),
      element("h2", {}, product.title[language]),
      element("p", {}, product.about[language]),
      element("p", { class: "price" }, priceOf(product)),
      element(
        "div",
        { class: "sheet-actions" },
        element("button", { type: "button", class: "solid", onclick: () => askAbout(product) }, t().ask),
        buy,
      ),
    ),
  );
  productDialog.showModal();
}

function askAbout(product: Product): void {
  productDialog.close();
  tellChat("sendProduct", {
    productId: product.productId,
    title: product.title[settings.language],
    price: { amount: product.price * 100, currency: "CNY" },
    imageUrl: pictureOf(product),
    url: `/?product=${product.productId}`,
  });
}

function showMembers(): void {
  memberDialog.ariaLabel = t().signInTitle;
  memberDialog.replaceChildren(
    closeButton(memberDialog),
    element(
      "div",
      { class: "sheet-text" },
      element("h2", {}, t().signInTitle),
      element("p", {}, t().signInLead),
      element("ul", { class: "members" }, ...members.map(memberButton)),
      ...(settings.member === undefined
        ? []
        : [
            element(
              "button",
              { type: "button", class: "plain", onclick: () => void continueElsewhere(settings.member ?? "") },
              t().elsewhere,
            ),
            element("button", { type: "button", class: "plain", onclick: signOut }, t().signOut),
          ]),
    ),
  );
  memberDialog.showModal();
}

function memberButton(member: Member): HTMLElement {
  return element(
    "li",
    {},
    element(
      "button",
      {
        type: "button",
        class: "member",
        "aria-pressed": String(member.id === settings.member),
        onclick: () => void signIn(member),
      },
      element("i", { class: "face" }, [...member.name][0] ?? ""),
      element(
        "span",
        {},
        element("b", {}, member.name),
        element("small", {}, `${member.id} · ${member.hint[settings.language]}`),
      ),
    ),
  );
}

async function signIn(member: Member): Promise<void> {
  try {
    await identifyMember(member.id);
    memberDialog.close();
    change({ member: member.id });
  } catch {
    memberDialog.append(element("p", { class: "failed", role: "alert" }, t().signInFailed));
  }
}

/** The code to send in another channel, and the links that bring it along. */
async function continueElsewhere(member: string): Promise<void> {
  memberDialog.ariaLabel = t().elsewhere;
  const text = element("div", { class: "sheet-text" }, element("h2", {}, t().elsewhere));
  memberDialog.replaceChildren(closeButton(memberDialog), text);
  try {
    const { say, urls } = await linkMember(member, settings.language === "zh" ? "zh-CN" : "en");
    const copy = element("button", { type: "button", class: "plain", onclick: () => void copySaid() }, t().copy);
    const copySaid = async () => {
      await navigator.clipboard.writeText(say);
      copy.textContent = t().copied;
    };
    const links = Object.entries(urls).map(([channel, url]) =>
      element(
        "a",
        { class: "plain", href: url, target: "_blank", rel: "noopener noreferrer" },
        `${t().elsewhereOpen} ${channel}`,
      ),
    );
    text.append(
      element("p", {}, t().elsewhereLead),
      element("p", { class: "price", role: "status" }, say),
      element("div", { class: "sheet-actions" }, copy, ...links),
    );
    copy.focus();
  } catch {
    text.append(element("p", { class: "failed", role: "alert" }, t().elsewhereFailed));
  }
}

function signOut(): void {
  tellChat("logout");
  memberDialog.close();
  change({ member: undefined });
}

function closeButton(dialog: HTMLDialogElement): HTMLElement {
  return element("button", { type: "button", class: "x", "aria-label": t().close, onclick: () => dialog.close() }, "×");
}

for (const dialog of [productDialog, memberDialog])
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
productDialog.addEventListener("close", () => tellChat("setPage", {}));
byId("language", HTMLButtonElement).addEventListener("click", () =>
  change({ language: settings.language === "zh" ? "en" : "zh" }),
);
byId("theme", HTMLButtonElement).addEventListener("click", () =>
  change({ theme: settings.theme === "light" ? "dark" : "light" }),
);
byId("account", HTMLButtonElement).addEventListener("click", showMembers);

draw();
const wanted = products.find(({ productId }) => productId === new URLSearchParams(location.search).get("product"));
if (wanted !== undefined) showProduct(wanted);
// The token of a member lives for hours at most, so a page that knows its member asks for a fresh one.
if (settings.member !== undefined) void identifyMember(settings.member).catch(() => change({ member: undefined }));
