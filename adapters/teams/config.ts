import { z } from "zod";
import { field } from "../shared/field.ts";

/** Where Microsoft's own Teams clouds call from: public, GCC, GCC High and DoD. Exact names: anyone can register `*.trafficmanager.net`. */
export const SERVICE_URLS = [
  "https://smba.trafficmanager.net",
  "https://smba.infra.gcc.teams.microsoft.com",
  "https://smba.infra.gov.teams.microsoft.us",
  "https://smba.infra.dod.teams.microsoft.us",
];

const guid = z
  .string()
  .trim()
  .regex(/^[\w.-]{1,100}$/, "An id looks like 4f1d2c3b-5a69-4788-9e0f-0123456789ab.");
const httpUrl = z.url({ protocol: /^https?$/ });
/** People paste whole addresses or bare host names; scheme, host and port are compared. */
const origin = z
  .string()
  .trim()
  .transform((text) => (/^https?:\/\//.test(text) ? text : `https://${text}`))
  .pipe(httpUrl)
  .transform((url) => new URL(url).origin);

export const teamsConfig = z
  .strictObject({
    appId: field(guid, {
      title: { zh: "应用 ID", en: "App ID" },
      help: {
        zh: "Azure 门户 → Azure Bot → 配置 → Microsoft App ID。",
        en: "Azure portal → Azure Bot → Configuration → Microsoft App ID.",
      },
    }),
    appPassword: field(z.string().trim().min(1).max(500), {
      secret: true,
      title: { zh: "客户端密码", en: "Client secret" },
      help: {
        zh: "该应用注册里「证书和密码」新建的客户端密码的「值」，不是它的 ID。",
        en: "The value, not the id, of a client secret under the app registration's “Certificates & secrets”.",
      },
    }),
    appType: field(z.enum(["MultiTenant", "SingleTenant"]).default("MultiTenant"), {
      title: { zh: "应用类型", en: "App type" },
      help: {
        zh: "Azure Bot 配置页里的「机器人类型」；单租户需要填写租户 ID。",
        en: "Type of App on the Azure Bot's Configuration page; SingleTenant needs the tenant ID.",
      },
    }),
    tenantId: field(guid, {
      title: { zh: "租户 ID", en: "Tenant ID" },
      help: { zh: "填写后只接受这个组织的对话。", en: "With it only this organisation's conversations are taken." },
    }).optional(),
    openIdMetadataUrl: field(httpUrl.default("https://login.botframework.com/v1/.well-known/openidconfiguration"), {
      title: { zh: "OpenID 元数据地址", en: "OpenID metadata URL" },
      help: { zh: "一般不用改；政府云或测试时填写。", en: "Leave as it is, unless in a government cloud or a test." },
    }),
    loginUrl: field(httpUrl.default("https://login.microsoftonline.com"), {
      title: { zh: "登录地址", en: "Login URL" },
      help: { zh: "一般不用改；取访问令牌的地址。", en: "Leave as it is; where the access token is fetched." },
    }),
    allowedServiceUrls: field(z.array(origin).max(20), {
      title: { zh: "允许的服务地址", en: "Allowed service URLs" },
      help: {
        zh: "只与这些地址往来；不填则为微软的 Teams 服务地址。",
        en: "Only these are talked to; Microsoft's own Teams services if empty.",
      },
    }).optional(),
    auth: field(z.literal("none"), {
      title: { zh: "不验证（仅演示）", en: "No authentication (demo only)" },
      help: { zh: "只在演示环境可用，供本地模拟器使用。", en: "For a local emulator, in a demo deployment only." },
    }).optional(),
  })
  .refine((config) => config.appType !== "SingleTenant" || config.tenantId !== undefined, {
    path: ["tenantId"],
    message: "A single-tenant app needs its tenant id.",
  });

export type TeamsConfig = z.output<typeof teamsConfig>;
