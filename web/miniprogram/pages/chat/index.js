const config = require("../../config");

/**
 * The chat as a page: `wx.navigateTo({ url: "/xiaoer/pages/chat/index?product=" + encodeURIComponent(JSON.stringify(product)) })`.
 * What it shows and where things lead is in `config.js`.
 */
Page({
  data: { baseUrl: config.baseUrl, inboxId: config.inboxId, identityToken: "", product: null, order: null },
  onLoad(query) {
    this.setData({ product: objectIn(query.product), order: objectIn(query.order) });
    this.login();
  },
  /** Without a member the shopper is a guest. */
  async login() {
    if (!config.getIdentityToken) return;
    try {
      this.setData({ identityToken: (await config.getIdentityToken()) || "" });
    } catch {
      // The shop's server did not answer: a guest may ask all the same.
    }
  },
  openProduct({ detail }) {
    if (config.productPage) wx.navigateTo({ url: config.productPage.replace("{id}", encodeURIComponent(detail.id)) });
    else this.openLink({ detail });
  },
  openOrder({ detail }) {
    if (config.orderPage) wx.navigateTo({ url: config.orderPage.replace("{id}", encodeURIComponent(detail.id)) });
    else this.openLink({ detail });
  },
  /** A mini-program may not open the web freely: the address is copied. */
  openLink({ detail }) {
    if (detail.url) wx.setClipboardData({ data: detail.url });
  },
});

/** A page's query is anybody's: what is no object is nothing. */
function objectIn(text) {
  try {
    const value = JSON.parse(decodeURIComponent(text || ""));
    return typeof value === "object" && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}
