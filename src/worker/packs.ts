/** The starter articles, carried in the bundle. */
import en from "../../knowledge/packs/general.en.ndjson";
import zhCn from "../../knowledge/packs/general.zh-CN.ndjson";
import zhTw from "../../knowledge/packs/general.zh-TW.ndjson";

export const PACKS: readonly string[] = [zhCn, zhTw, en];
