import { post, setCsrf } from "../api/client.ts";
import { meQuery } from "../api/queries.ts";
import { queryClient } from "../api/query-client.ts";
import { clearDrafts } from "../sessions/drafts.ts";
import { rememberLogin } from "./warm-up.ts";

/** Ends the login here and on the server, and leaves nothing of it in the tab. */
export async function signOut(): Promise<void> {
  try {
    await post("/v1/auth/logout");
  } finally {
    clearDrafts();
    forgetLogin();
  }
}

/** The server no longer knows this login. Drafts stay: the same person usually comes straight back. */
export function forgetLogin(): void {
  setCsrf("");
  rememberLogin(false);
  queryClient.removeQueries({ predicate: (query) => query.queryKey[0] !== meQuery.queryKey[0] });
  queryClient.setQueryData<unknown>(meQuery.queryKey, null);
}
