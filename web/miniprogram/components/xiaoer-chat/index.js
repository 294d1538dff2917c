const { createChat } = require("../../lib/chat");
const { toRows } = require("../../lib/rows");
const { wordsOf } = require("../../lib/words");

/**
 * The whole chat. Fills its parent; the shop's page decides where links lead.
 *
 * Events: `product`, `order` `{ id, url }` and `link` `{ url }` when one is tapped; `identityexpired` when the identity token is refused.
 */
Component({
  properties: {
    /** Xiaoer's address, without a slash at its end. */
    baseUrl: { type: String, value: "" },
    inboxId: { type: String, value: "" },
    /** A JWT of the shop's server for a member who is logged in. A new one opens the chat anew. */
    identityToken: { type: String, value: "" },
    locale: { type: String, value: "" },
    /** The product the shopper came from: `{ productId, title, price?, imageUrl?, url? }`; offered to be sent with one tap. */
    product: { type: Object, value: null },
    /** The order they came from: `{ orderId, status, items, total?, url? }`. */
    order: { type: Object, value: null },
  },
  data: {
    rows: [],
    draft: "",
    color: "#d4380d",
    greeting: "",
    notice: "",
    typing: false,
    offered: "",
    rating: false,
    last: "",
    words: wordsOf("zh-CN"),
  },
  observers: {
    "baseUrl, inboxId, identityToken": function reopen() {
      if (this.attached) this.start();
    },
    "product, order": function offer(product, order) {
      this.setData({ offered: product ? "product" : order ? "order" : "" });
    },
  },
  lifetimes: {
    attached() {
      this.attached = true;
      this.start();
    },
    detached() {
      this.attached = false;
      this.stop();
    },
  },
  pageLifetimes: {
    show() {
      if (this.chat) this.chat.wake();
    },
  },
  methods: {
    start() {
      const { baseUrl, inboxId, identityToken, locale, product, order } = this.data;
      this.stop();
      if (!baseUrl || !inboxId) return;
      const route = getCurrentPages().slice(-1)[0];
      const page = {
        url: `miniprogram:/${route ? route.route : ""}`,
        ...(product?.productId ? { productId: product.productId } : {}),
        ...(order?.orderId ? { orderId: order.orderId } : {}),
      };
      const onChange = (state) => this.show(state);
      this.chat = createChat({ wx, baseUrl, inboxId, identityToken, locale, page, onChange });
      this.chat.open();
    },
    stop() {
      this.silence();
      if (this.chat) this.chat.close();
      this.chat = undefined;
    },
    show({ status, messages, settings, session, typing }) {
      const language = settings?.locale || this.data.locale;
      const words = wordsOf(language);
      const rows = toRows(messages, { words, root: this.data.baseUrl });
      const tail = rows[rows.length - 1];
      const { last } = this.data;
      this.setData({
        rows,
        typing,
        words,
        notice: noticeOf(status, session, words),
        rating: this.rated !== sessionOf(session) && session !== undefined && session.state === "closed",
        ...(settings ? { color: settings.color, greeting: settings.greeting } : {}),
      });
      // Only for something new: a shopper who reads above is left there.
      if (tail && `m-${tail.key}` !== last) this.setData({ last: `m-${tail.key}` });
      if (settings?.title && this.titled !== settings.title) {
        this.titled = settings.title;
        wx.setNavigationBarTitle({ title: settings.title });
      }
      this.session = session;
      if (status === "refused" && this.data.identityToken) this.triggerEvent("identityexpired", {});
    },
    write(event) {
      this.setData({ draft: event.detail.value });
    },
    send() {
      const { draft } = this.data;
      if (!this.chat || draft.trim() === "") return;
      this.setData({ draft: "" });
      this.chat.say(draft);
    },
    pick() {
      wx.chooseMedia({
        count: 1,
        mediaType: ["image"],
        sizeType: ["compressed"],
        success: ({ tempFiles }) => {
          if (this.chat) this.chat.sayFile("image", tempFiles[0].tempFilePath);
        },
      });
    },
    sendOffered() {
      const { offered, product, order } = this.data;
      if (!this.chat || !offered) return;
      this.setData({ offered: "" });
      this.chat.sayContent(offered === "product" ? { type: "product", ...product } : { type: "order", ...order });
    },
    rate(event) {
      this.rated = sessionOf(this.session);
      this.setData({ rating: false });
      this.chat.rate(Number(event.currentTarget.dataset.score)).catch(() => undefined);
      wx.showToast({ title: this.data.words.thanks, icon: "none" });
    },
    act(event) {
      const { kind, ...detail } = event.detail;
      if (kind === "say") this.chat.say(detail.label, detail.value);
      else if (kind === "retry") this.chat.retry(detail.clientId);
      else if (kind === "renew") this.chat.renew(detail.id);
      else if (kind === "image") this.fresh(detail, (url) => wx.previewImage({ urls: [url] }));
      else if (kind === "play") this.fresh(detail, (url) => this.play(url, detail.id));
      else if (kind === "place")
        wx.openLocation({ latitude: detail.lat, longitude: detail.lng, name: detail.name, address: detail.address });
      else if (kind === "file") this.fresh(detail, (url) => this.openFile(url));
      else this.triggerEvent(kind, detail);
    },
    /** What is still on its way lies on the phone, under no id yet. */
    fresh({ id, url }, use) {
      if (!url) return;
      if (!id || !this.chat) use(url);
      else this.chat.renew(id).then((link) => use(link || url));
    },
    /** One sound at a time; a second tap on it stops it. */
    play(url, id) {
      const isSame = this.playing === id;
      this.silence();
      if (isSame) return;
      this.playing = id;
      this.player = wx.createInnerAudioContext();
      this.player.onEnded(() => this.silence());
      this.player.onError(() => {
        this.silence();
        wx.showToast({ title: this.data.words.notOpened, icon: "none" });
      });
      this.player.src = url;
      this.player.play();
    },
    silence() {
      if (this.player) this.player.destroy();
      this.player = undefined;
      this.playing = undefined;
    },
    openFile(url) {
      const fail = () => wx.showToast({ title: this.data.words.notOpened, icon: "none" });
      wx.downloadFile({
        url,
        success: ({ statusCode, tempFilePath }) => {
          if (statusCode === 200) wx.openDocument({ filePath: tempFilePath, showMenu: true, fail });
          else fail();
        },
        fail,
      });
    },
  },
});

function sessionOf(session) {
  return session === undefined ? undefined : session.sessionId;
}

function noticeOf(status, session, words) {
  if (status === "offline") return words.offline;
  if (status === "refused") return words.refused;
  if (session === undefined) return "";
  if (session.state === "queued") return words.queued(session.queuePosition || 0);
  return session.state === "agent" ? words.agent(session.agentName) : "";
}
