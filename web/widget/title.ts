import type { Store } from "./store.ts";

const ours = /^\(\d+\+?\) /;

/** Counts unread messages in the tab's title, whatever the page itself makes of it meanwhile. */
export function badgeTitle(store: Store): void {
  let shown = 0;
  store.subscribe(() => {
    const { unread } = store.get();
    if (unread === shown) return;
    shown = unread;
    const title = document.title.replace(ours, "");
    document.title = unread > 0 ? `(${unread}) ${title}` : title;
  });
}
