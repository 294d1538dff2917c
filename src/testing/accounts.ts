/** The accounts that the built-in channels are tested with: made up, of the right form, and known to their fake platforms. */
export interface TestAccount {
  readonly config: Readonly<Record<string, unknown>>;
  readonly otherSecret: Readonly<Record<string, unknown>>;
  readonly skip?: Readonly<Record<string, string>>;
}

const WHSEC = ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_V/KipdCpuNrFghVxmzHqa5Md6vkv7u8b"] as const;
const AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";
/** Discord's fake signs with the other halves of these. */
const DISCORD_KEYS = [
  "e52dc2878604f8db1839bb60363756f36fcdeb8f7f070356ec103d4c72b1af94",
  "9259ec0b4a5a7d92e48bdf52ef1272c34b60526a83dec842364d1ac505fc9ea6",
] as const;
const ONE_LINE_END = "a mail has one kind of line end, so \\r\\n comes back as \\n";

function account(
  config: Readonly<Record<string, unknown>>,
  other: Readonly<Record<string, unknown>>,
  skip: Readonly<Record<string, string>> = {},
): TestAccount {
  return { config, otherSecret: { ...config, ...other }, skip };
}

const wechat = {
  appId: "wx3f0a7c51b9d2e846",
  appSecret: "0123456789abcdef0123456789abcdef",
  token: "s3cret-token-of-the-push-0123456",
  encodingAesKey: AES_KEY,
};
const otherWechat = { token: "an0ther-token-of-the-push-012345" };
const meta = {
  accessToken: "EAAtest-token-of-the-fake-platform",
  appSecret: "b78b244c8d86903333fe4e36bca0ed39",
  verifyToken: "verify_Inxu0eS68laX",
};
const otherMeta = { appSecret: "0123456789abcdef0123456789abcdef" };

export const ACCOUNTS: Readonly<Record<string, TestAccount>> = {
  web: account({ identitySecret: "an identity secret of 32 bytes or more" }, {}),
  "alipay-miniprogram": account({ identitySecret: "s3cret-of_the_alipay_miniprogram_01" }, {}),
  telegram: account(
    { token: "123456:AAtest-token_of_the_fake_platform", secretToken: "s3cret-of_the_telegram_webhook_0123" },
    { secretToken: "an0ther-secret_of_the_telegram_hook" },
    { "refuses a body changed by one byte": "Telegram signs no body: its header is the only proof" },
  ),
  line: account(
    {
      channelAccessToken: "xiaoer-test-channel-access-token-0123456789==",
      channelSecret: "8c570fa6dd201bb328f1c1eac23a96d8",
    },
    { channelSecret: "fe10a3ab143e493c44218e0cc950071c" },
  ),
  teams: account(
    { appId: "4f1d2c3b-5a69-4788-9e0f-0123456789ab", appPassword: "s3cret~of.the-teams-test-app" },
    { appId: "00000000-5a69-4788-9e0f-0123456789ab" },
    { "refuses a body changed by one byte": "the token signs the service url and no body" },
  ),
  "wechat-miniprogram": account(wechat, otherWechat),
  "wechat-official": account({ ...wechat, verified: true }, otherWechat),
  "wecom-kf": account(
    {
      corpId: "wwdc76417b6b9db33f",
      secret: "s3cret-of-the-wecom-customer-service-0123456",
      token: "t0kenOfTheWecomCallback012345678",
      encodingAesKey: AES_KEY,
      openKfId: "wkAJ2GCAAAZSfhHCt7IFSvLKtMPxyJTw",
    },
    { token: "an0therTokenOfTheCallback0123456" },
  ),
  whatsapp: account({ phoneNumberId: "106540352242922", ...meta }, otherMeta),
  messenger: account({ pageId: "100000000000001", ...meta }, otherMeta),
  instagram: account({ pageId: "17841400000000000", ...meta }, otherMeta),
  slack: account(
    { botToken: "xoxb-0000-test-token-of-the-fake", signingSecret: "8f742231b10e8888abcd99yyyzzz85a5" },
    { signingSecret: "00000000b10e8888abcd99yyyzzz85a5" },
  ),
  discord: account(
    {
      applicationId: "1252500000000000001",
      publicKey: DISCORD_KEYS[0],
      botToken: "MTI1MjUwMDAwMDAwMDAwMDAwMQ.test.token-of-the-fake",
    },
    { publicKey: DISCORD_KEYS[1] },
  ),
  feishu: account(
    {
      appId: "cli_9f5343c580712544",
      appSecret: "feishu-app-secret-of-the-fake",
      verificationToken: "vt_f7BnQSPjpo0KAbF5e08ohReA",
      encryptKey: "ek_m0hH01BDqJbT1pmHrjUOIzGP",
    },
    { encryptKey: "another-encrypt-key-of-feishu" },
  ),
  dingtalk: account(
    {
      appKey: "dingzmGpFBr0TbsYctGu",
      appSecret: "LD7uFcS50rZNYzPNNO7ySYLvZna77YUW1fKwNJjJmAijtG83uZ9xzMd4Uor_Jkpo",
      robotCode: "dingzmGpFBr0TbsYctGu",
    },
    { appSecret: "another-dingtalk-app-secret-0123456789" },
    { "refuses a body changed by one byte": "DingTalk signs a time, not the body" },
  ),
  "douyin-miniprogram": account(
    { clientKey: "tt9ddeac3372437b01", clientSecret: "142f76cd286b7475ddf164ba7b69df84" },
    { clientSecret: "242f76cd286b7475ddf164ba7b69df84" },
  ),
  http: account({ secret: WHSEC[0], sendUrl: "https://erp.example/xiaoer" }, { secret: WHSEC[1] }),
  call: account({ signingSecret: WHSEC[0], sendUrl: "https://calls.example/say" }, { signingSecret: WHSEC[1] }),
  email: account(
    { inboundSecret: WHSEC[0], smtpUrl: "smtp://desk:pass%40word@127.0.0.1:2525", from: "小店 <help@shop.example>" },
    { inboundSecret: WHSEC[1] },
    { "keeps words as they were said": ONE_LINE_END, "shows words as they were written": ONE_LINE_END },
  ),
};
