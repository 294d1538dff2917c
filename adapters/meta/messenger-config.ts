import { z } from "zod";
import { field } from "../shared/field.ts";
import { accountId, graphFields } from "./config.ts";

export const messengerConfig = z.strictObject({
  pageId: field(accountId, {
    title: { zh: "公共主页编号", en: "Page ID" },
    help: { zh: "主页「关于」里的主页编号。", en: "The Page ID, in the page's About section." },
  }),
  ...graphFields,
});

export const instagramConfig = z.strictObject({
  pageId: field(accountId, {
    title: { zh: "Instagram 账号编号", en: "Instagram account ID" },
    help: {
      zh: "Instagram 专业账号的编号（以 1784 开头），不是用户名。",
      en: "The ID of the professional account (it begins with 1784), not its username.",
    },
  }),
  ...graphFields,
});

export type PageConfig = z.output<typeof messengerConfig>;
