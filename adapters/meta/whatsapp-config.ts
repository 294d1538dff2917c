import { z } from "zod";
import { field } from "../shared/field.ts";
import { accountId, graphFields } from "./config.ts";

export const whatsappConfig = z.strictObject({
  phoneNumberId: field(accountId, {
    title: { zh: "电话号码编号", en: "Phone number ID" },
    help: {
      zh: "WhatsApp「API 设置」页里的 Phone number ID，不是电话号码本身。",
      en: "The Phone number ID on WhatsApp's API setup page, not the number itself.",
    },
  }),
  ...graphFields,
});

export type WhatsAppConfig = z.output<typeof whatsappConfig>;
