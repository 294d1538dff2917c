import { createXiaoer } from "../xiaoer.ts";

/** What this Worker runs: channels, commerce, skills and rules of your own go here, as in `xiaoer.config.ts` on Node. */
export default createXiaoer();
