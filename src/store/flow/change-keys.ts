/** What every statement of a change depends on. */
import { sql } from "drizzle-orm";
import { $ } from "../statement.ts";

export type ChangeKeys = { sessionId: string; shopId: string; contactId: string; changeId: string; now: number };

/** Its update comes first, under the whole fence, and leaves a token; everything after it depends on the token. */
export const changedSession = sql`exists (select 1 from sessions where id = ${$("sessionId")} and change_id = ${$("changeId")})`;
