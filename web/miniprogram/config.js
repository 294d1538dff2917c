/** The shop fills this in; nothing else needs to change. */
module.exports = {
  /** Xiaoer's address; add it to request, uploadFile, downloadFile and socket domains in the console. */
  baseUrl: "https://desk.example",
  inboxId: "web",
  /** Pages of this mini-program, with `{id}`; empty: the address is copied. */
  productPage: "/pages/item/item?id={id}",
  orderPage: "/pages/order/order?id={id}",
  /** Asks the shop's server for a JWT of the member who is logged in; undefined: every shopper is a guest. */
  getIdentityToken: undefined,
};
