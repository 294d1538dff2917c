import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Chat } from "../chat.ts";
import type { State } from "../store.ts";
import type { Strings } from "../strings/index.ts";

export interface View {
  readonly chat: Chat;
  readonly state: State;
  readonly t: Strings;
}

export const ViewContext = createContext<View | undefined>(undefined);

export function useView(): View {
  const view = useContext(ViewContext);
  if (view === undefined) throw new Error("A widget part was drawn outside the widget.");
  return view;
}
