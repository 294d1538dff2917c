import { type Capabilities, PLAIN_TEXT } from "../../src/core/adapter.ts";

/** https://open.feishu.cn/document/server-docs/im-v1/message/create: text 150 KB, cards 30 KB; `uuid` drops repeats within an hour. */
export const FEISHU: Capabilities = {
  ...PLAIN_TEXT,
  image: true,
  // Opus only, and files are uploaded first: see README.md.
  audio: false,
  file: true,
  caption: false,
  card: true,
  maxChoices: 20,
  maxActions: 10,
  maxLabelLength: 60,
  // A quarter of the 150 KB allowed, in the worst case of 4 bytes escaped.
  maxTextLength: 20_000,
  maxCardTextLength: 4000,
  idempotentSend: true,
};
