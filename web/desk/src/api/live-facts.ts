import { createStore } from "../store.ts";
import type { Author } from "./types.ts";

/** How old the last pushed message of ours was when it arrived. */
export const lagSeconds = createStore(0);

/** Who is typing in which session, and until when that is believed. */
export const typing = createStore<Readonly<Record<string, { readonly author: Author; readonly until: number }>>>({});
