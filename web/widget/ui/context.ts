import type { Chat } from "../chat.ts";
import type { State } from "../store.ts";
import type { Strings } from "../strings/index.ts";

export interface View {
  readonly chat: Chat;
  readonly state: State;
  readonly t: Strings;
}

let shown: View | undefined;

/** A page has one widget, drawn anew from its root whenever something changes: no part can hold an older view. */
export function showView(view: View): void {
  shown = view;
}

export function useView(): View {
  if (shown === undefined) throw new Error("A widget part was drawn outside the widget.");
  return shown;
}
