/** One message. What is tapped goes to the chat as `tap`: `{ kind, ... }`. */
Component({
  properties: {
    row: { type: Object, value: {} },
    color: { type: String, value: "#d4380d" },
    words: { type: Object, value: {} },
  },
  methods: {
    say(event) {
      const { label, value } = event.currentTarget.dataset;
      this.triggerEvent("act", { kind: "say", label, value });
    },
    act(event) {
      const { label, value, url } = event.currentTarget.dataset;
      this.triggerEvent("act", url ? { kind: "link", url } : { kind: "say", label, value });
    },
    openCard(event) {
      const { url, product, order } = event.currentTarget.dataset;
      if (product) this.triggerEvent("act", { kind: "product", id: product, url });
      else if (order) this.triggerEvent("act", { kind: "order", id: order, url });
      else if (url) this.triggerEvent("act", { kind: "link", url });
    },
    openLink(event) {
      const { url } = event.currentTarget.dataset;
      if (url) this.triggerEvent("act", { kind: "link", url });
    },
    openImage() {
      const { id, url } = this.data.row;
      this.triggerEvent("act", { kind: "image", id, url });
    },
    openFile() {
      const { id, url } = this.data.row;
      this.triggerEvent("act", { kind: "file", id, url });
    },
    play() {
      const { id, url } = this.data.row;
      this.triggerEvent("act", { kind: "play", id, url });
    },
    /** A link lives for minutes, a page stays open for longer: one more try for each link. */
    renew() {
      const { id, url } = this.data.row;
      if (!id || this.failed === url) return;
      this.failed = url;
      this.triggerEvent("act", { kind: "renew", id });
    },
    openPlace() {
      const { lat, lng, text, address } = this.data.row;
      this.triggerEvent("act", { kind: "place", lat, lng, name: text, address });
    },
    retry() {
      this.triggerEvent("act", { kind: "retry", clientId: this.data.row.clientId });
    },
  },
});
