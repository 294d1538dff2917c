/** What is to be done on each platform's side: Chinese, then English. Written by the platforms' consoles as `adapters/<vendor>/README.md` names them. */
type Step = readonly [zh: string, en: string];

export interface ChannelGuide {
  /** Where the credentials that the form asks for come from. */
  readonly before: readonly Step[];
  /** What to enter and switch on over there once the inbox has an address. */
  readonly after: readonly Step[];
  /** How to see that it works. */
  readonly test: Step;
}

const TEST_BY_MESSAGE: Step = [
  "用另一个账号给它发一条消息，例如“多久发货”；下面最后一项会变绿。",
  "Send it a message from another account, such as “How long does shipping take?”; the last line below turns green.",
];
const WECHAT_PUSH: Step = [
  "“消息推送 / 服务器配置”：URL 填下面的 Webhook 地址，Token 与 EncodingAESKey 填和这里相同的值，加解密方式选“安全模式”，保存并启用。微信会当场检查地址。",
  "Message push / server configuration: enter the webhook URL below, the same Token and EncodingAESKey as here, choose secure mode, save and enable. WeChat checks the address at once.",
];
const META_APP: Step = [
  "打开 developers.facebook.com，建一个 Business 类型的应用；“应用设置 → 基本”里复制应用密钥（appSecret）。",
  "At developers.facebook.com make an app of type Business; copy the App Secret from App settings → Basic.",
];
const META_TOKEN: Step = [
  "在 Meta 商务设置里建系统用户，生成不过期的访问令牌（accessToken）；接入页面上的临时令牌 24 小时后失效。",
  "Make a system user in Meta Business settings and give it a token that does not end; the one on the API setup page ends after 24 hours.",
];
const META_VERIFY: Step = [
  "自己想一个验证口令（verifyToken，至少 8 个字符），填在下面。",
  "Make up a verify token of at least 8 characters and enter it below.",
];

export const GUIDES: Readonly<Record<string, ChannelGuide>> = {
  web: {
    before: [
      [
        "填写允许嵌入聊天窗口的网站地址，例如 https://shop.example。",
        "Enter the sites that may embed the chat, such as https://shop.example.",
      ],
      [
        "要认出会员：设一个 32 字节以上的会员签名密钥，由商城服务器用它签发身份。",
        "To recognise members, set an identity secret of 32 bytes or more; your shop's server signs member ids with it.",
      ],
    ],
    after: [
      [
        "把下面的嵌入代码放到网站每一页的 </body> 之前。",
        "Put the embed code below before </body> on every page of the site.",
      ],
    ],
    test: [
      "打开网站，点右下角的聊天按钮发一句话；下面最后一项会变绿。",
      "Open the site, write something in the chat at the bottom right; the last line below turns green.",
    ],
  },
  telegram: {
    before: [
      [
        "在 Telegram 里找 @BotFather，发送 /newbot，按提示取名，复制它给出的令牌（token）。",
        "In Telegram write /newbot to @BotFather, name the bot, and copy the token it gives.",
      ],
      [
        "自己想一个回调密钥（secretToken）：32 个以上的字母、数字、_ 或 -。",
        "Make up a webhook secret: 32 or more letters, digits, _ or -.",
      ],
      [
        "要在群里用：对 @BotFather 发 /setprivacy，选 Disable，否则机器人看不到普通消息。",
        "For groups send /setprivacy to @BotFather and choose Disable, or the bot does not see ordinary messages.",
      ],
    ],
    after: [
      [
        "点检查单里的“登记 Webhook”。Telegram 只访问 443、80、88、8443 端口上的 https 地址。",
        "Press “Register the webhook” in the checklist. Telegram calls https on ports 443, 80, 88 and 8443 only.",
      ],
    ],
    test: TEST_BY_MESSAGE,
  },
  line: {
    before: [
      [
        "在 LINE Developers 控制台（developers.line.biz/console）为官方账号建一个 Messaging API 频道。",
        "In the LINE Developers console (developers.line.biz/console) make a Messaging API channel for the official account.",
      ],
      [
        "“Basic settings”里复制 Channel secret；“Messaging API”页底部签发长期的 Channel access token。",
        "Copy the Channel secret from Basic settings; at the foot of Messaging API issue a long-lived Channel access token.",
      ],
    ],
    after: [
      [
        "点检查单里的“登记 Webhook”，或把下面的地址填到“Messaging API → Webhook URL”。",
        "Press “Register the webhook” in the checklist, or enter the URL below at Messaging API → Webhook URL.",
      ],
      [
        "在同一页打开“Use webhook”和“Webhook redelivery”。",
        "On the same page switch on Use webhook and Webhook redelivery.",
      ],
      [
        "在 LINE Official Account Manager（manager.line.biz）的“回应设定”里关掉自动回应和加好友问候语，否则会各说各话。",
        "In LINE Official Account Manager (manager.line.biz), Response settings, turn off auto-reply and greeting messages, or both they and we answer.",
      ],
    ],
    test: [
      "用手机加官方账号为好友并发一条消息；下面最后一项会变绿。",
      "Add the official account as a friend and write to it; the last line below turns green.",
    ],
  },
  teams: {
    before: [
      [
        "在 Azure 门户（portal.azure.com）建一个 Azure Bot；“配置”页复制 Microsoft App ID、应用类型；单租户还要租户 ID。",
        "In the Azure portal (portal.azure.com) make an Azure Bot; its Configuration shows the Microsoft App ID and the type of app. A single-tenant one needs the tenant id too.",
      ],
      [
        "“管理密码 → 证书和密码”里新建客户端密码，复制它的“值”（不是密码 ID）。",
        "Under Manage password → Certificates & secrets make a client secret and copy its value, not its id.",
      ],
    ],
    after: [
      [
        "Azure Bot 的“配置 → 消息传递终结点”填下面的地址并应用。",
        "In the Azure Bot enter the URL below at Configuration → Messaging endpoint and apply.",
      ],
      ["“频道”里添加 Microsoft Teams。", "Under Channels add Microsoft Teams."],
      [
        "在 Teams 开发者门户（dev.teams.microsoft.com）建应用，加上这个机器人，安装到个人或团队。",
        "In the Developer Portal for Teams (dev.teams.microsoft.com) make an app with this bot and install it for people or a team.",
      ],
    ],
    test: [
      "在 Teams 里和机器人说一句话（频道里要 @ 它）；下面最后一项会变绿。",
      "Say something to the bot in Teams (mention it in a channel); the last line below turns green.",
    ],
  },
  "wechat-miniprogram": {
    before: [
      [
        "登录 mp.weixin.qq.com 的小程序后台，“开发管理 → 开发设置”：复制 AppID 和 AppSecret，把服务器的出口 IP 加入 IP 白名单。",
        "In the mini-program's console at mp.weixin.qq.com, Development settings: copy AppID and AppSecret and put the server's outgoing address on the IP allow-list.",
      ],
      [
        "自己想一个 Token（3–32 个字母数字），随机生成 43 位的 EncodingAESKey，填在下面。",
        "Make up a Token (3 to 32 letters and digits) and a random EncodingAESKey of 43 characters, and enter both below.",
      ],
    ],
    after: [
      WECHAT_PUSH,
      [
        '数据格式选 JSON 或 XML，和这里选的一致；小程序页面上放 <button open-type="contact">。',
        'Choose JSON or XML as chosen here; put a <button open-type="contact"> on a page of the mini-program.',
      ],
    ],
    test: [
      "在小程序里点客服按钮发一条消息；下面最后一项会变绿。",
      "Press the contact button in the mini-program and write; the last line below turns green.",
    ],
  },
  "wechat-official": {
    before: [
      [
        "登录 mp.weixin.qq.com，“设置与开发 → 基本配置”：复制 AppID，启用并复制 AppSecret，把服务器的出口 IP 加入 IP 白名单。",
        "At mp.weixin.qq.com, Basic configuration: copy the AppID, enable and copy the AppSecret, and put the server's outgoing address on the IP allow-list.",
      ],
      [
        "自己想一个 Token（3–32 个字母数字），随机生成 43 位的 EncodingAESKey，填在下面。",
        "Make up a Token (3 to 32 letters and digits) and a random EncodingAESKey of 43 characters, and enter both below.",
      ],
      [
        "已认证的服务号打开“已认证”；未认证的账号没有客服接口，只能在粉丝来信时回复，晚到的回复会等他下一条消息。",
        "Switch on “verified” for a verified account. One that is not has no send API: it can only answer what is written to it, and a late answer waits for the follower's next message.",
      ],
    ],
    after: [
      WECHAT_PUSH,
      [
        "启用服务器配置后，公众号后台的自动回复和自定义菜单会停用，菜单要用接口重建。",
        "Once it is enabled, the console's auto-replies and custom menu stop; menus are then made by API.",
      ],
    ],
    test: [
      "关注公众号并发一条消息；下面最后一项会变绿。",
      "Follow the account and write to it; the last line below turns green.",
    ],
  },
  "wecom-kf": {
    before: [
      [
        "登录企业微信管理后台（work.weixin.qq.com），“我的企业”里复制企业 ID（corpId）。",
        "In the WeCom console (work.weixin.qq.com), My Company, copy the corp ID.",
      ],
      [
        "“应用管理 → 微信客服 → API”：复制 Secret，把服务器的出口 IP 加入可信 IP。",
        "Apps → Customer service → API: copy the Secret and put the server's outgoing address among the trusted IPs.",
      ],
      [
        "在同一页生成 Token 和 EncodingAESKey（先不要保存），连同客服账号的 open_kfid 填在下面。",
        "On the same page generate a Token and an EncodingAESKey (do not save yet) and enter them below with the account's open_kfid.",
      ],
    ],
    after: [
      [
        "回到“接收事件服务器”，URL 填下面的地址，Token 与 EncodingAESKey 不变，保存。企业微信会当场检查地址。",
        "Back at the event-receiving server enter the URL below with the same Token and EncodingAESKey and save. WeCom checks the address at once.",
      ],
      [
        "“可调用接口的应用 / 通过 API 管理账号”里勾选这个客服账号。",
        "Let the API manage this customer-service account.",
      ],
    ],
    test: [
      "用微信扫客服账号的二维码，发一条消息；下面最后一项会变绿。",
      "Scan the account's code with WeChat and write; the last line below turns green.",
    ],
  },
  "douyin-miniprogram": {
    before: [
      [
        "登录抖音开放平台（developer.open-douyin.com），“设置 → 关联账号”里为运营号申请私信能力（抖音只批给少数商家）。",
        "In the Douyin console (developer.open-douyin.com), Settings → linked accounts, apply for private messages for the operator's account. Douyin grants this to few.",
      ],
      ["“开发设置”里复制 AppID 和 AppSecret。", "Copy the AppID and AppSecret from Development settings."],
    ],
    after: [
      [
        "“Webhooks”里填下面的地址，订阅 im_receive_msg、im_enter_direct_msg、im_recall_msg。抖音会当场检查地址。",
        "Under Webhooks enter the URL below and subscribe to im_receive_msg, im_enter_direct_msg and im_recall_msg. Douyin checks the address at once.",
      ],
    ],
    test: [
      "用另一个抖音号给运营号发私信；下面最后一项会变绿。",
      "Send the operator's account a private message from another account; the last line below turns green.",
    ],
  },
  "alipay-miniprogram": {
    before: [
      [
        "支付宝没有公开的客服消息接口：顾客在小程序里打开的是我们的聊天页。填写聊天页所在的网站。",
        "Alipay has no API for customer-service messages: shoppers write on our own page inside the mini-program. Enter that page's site.",
      ],
      [
        "要认出会员：设会员签名密钥；商城服务器用 my.getAuthCode 的授权码换到用户后，以它签名。",
        "To recognise members set the identity secret; your server signs the id it gets for the code of my.getAuthCode.",
      ],
    ],
    after: [
      [
        "在开放平台（open.alipay.com）把聊天页的网站加入小程序的 H5 域名白名单。",
        "At open.alipay.com add the page's site to the mini-program's H5 domains.",
      ],
      [
        '把下面的嵌入代码放进聊天页，小程序里用 <web-view src="…"> 打开它。',
        'Put the embed code below into the page and open it from the mini-program with <web-view src="…">.',
      ],
    ],
    test: [
      "在小程序里打开聊天页发一句话；下面最后一项会变绿。",
      "Open the page in the mini-program and write; the last line below turns green.",
    ],
  },
  whatsapp: {
    before: [
      META_APP,
      [
        "给应用加上 WhatsApp；“API 设置”页复制电话号码编号（Phone number ID，不是号码本身）。",
        "Add WhatsApp to the app; copy the Phone number ID from API Setup (not the number itself).",
      ],
      META_TOKEN,
      META_VERIFY,
    ],
    after: [
      [
        "点检查单里的“登记 Webhook”；或在“WhatsApp → 配置”里填下面的地址和验证口令，订阅 messages 字段。",
        "Press “Register the webhook” in the checklist; or at WhatsApp → Configuration enter the URL below and the verify token, and subscribe to the field messages.",
      ],
      [
        "同时用 WhatsApp Business 手机应用的，再订阅 smb_message_echoes。",
        "If the Business app is used beside, subscribe to smb_message_echoes too.",
      ],
    ],
    test: [
      "用手机给这个号码发一条 WhatsApp；下面最后一项会变绿。24 小时没来信后只能发模板。",
      "Write to the number on WhatsApp; the last line below turns green. After 24 hours of silence only templates go out.",
    ],
  },
  messenger: {
    before: [
      META_APP,
      [
        "给应用加上 Messenger，关联公共主页，生成主页的访问令牌；主页编号（pageId）在主页“关于”里。",
        "Add Messenger to the app, connect the page and generate the page's token; the page's number (pageId) stands under its About.",
      ],
      META_VERIFY,
    ],
    after: [
      [
        "“Messenger → Webhooks”填下面的地址和验证口令。",
        "At Messenger → Webhooks enter the URL below and the verify token.",
      ],
      [
        "为主页订阅 messages、messaging_postbacks、messaging_referrals、message_echoes、message_deliveries、message_reads、message_edits。",
        "Subscribe the page to messages, messaging_postbacks, messaging_referrals, message_echoes, message_deliveries, message_reads and message_edits.",
      ],
      ["“开始使用”按钮的 payload 设为 GET_STARTED。", "Set the payload of the Get Started button to GET_STARTED."],
    ],
    test: [
      "用另一个账号给主页发一条消息；应用未上线前只有应用里的角色能收发。",
      "Write to the page from another account; until the app is live only people with a role in it can.",
    ],
  },
  instagram: {
    before: [
      META_APP,
      [
        "给应用加上 Instagram，关联专业账号；账号编号以 1784 开头（填在 pageId）。",
        "Add Instagram to the app and connect the professional account; its number begins with 1784 (enter it as pageId).",
      ],
      META_TOKEN,
      META_VERIFY,
    ],
    after: [
      [
        "“Instagram → Webhooks”填下面的地址和验证口令，订阅 messages、messaging_postbacks、messaging_referrals、message_reactions。",
        "At Instagram → Webhooks enter the URL below and the verify token, and subscribe to messages, messaging_postbacks, messaging_referrals and message_reactions.",
      ],
      [
        "在 Instagram 手机应用“设置 → 消息 → 关联工具”里允许访问消息。",
        "In the Instagram app, Settings → Messages → Connected tools, allow access to messages.",
      ],
    ],
    test: TEST_BY_MESSAGE,
  },
  slack: {
    before: [
      [
        "在 api.slack.com/apps 为工作区建应用；“Basic Information”里复制 Signing Secret。",
        "At api.slack.com/apps make an app for the workspace; copy the Signing Secret from Basic Information.",
      ],
      [
        "“OAuth & Permissions”给机器人 chat:write、im:history、files:read；要进频道再加 app_mentions:read、channels:history。安装后复制 Bot User OAuth Token（xoxb-…）。",
        "Under OAuth & Permissions give the bot chat:write, im:history and files:read; for channels app_mentions:read and channels:history too. Install it and copy the Bot User OAuth Token (xoxb-…).",
      ],
    ],
    after: [
      [
        "“Event Subscriptions”打开，Request URL 填下面的地址，订阅 message.im、app_mention，频道再加 message.channels。",
        "Switch on Event Subscriptions, enter the URL below as Request URL, and subscribe to message.im, app_mention and, for channels, message.channels.",
      ],
      [
        "“Interactivity & Shortcuts”和每个斜杠命令也填同一个地址。",
        "Enter the same URL at Interactivity & Shortcuts and for each slash command.",
      ],
      [
        "“App Home”里打开 Messages Tab 并允许发消息，否则没人能写给它。",
        "Under App Home switch on the Messages Tab and allow messages, or nobody can write to it.",
      ],
    ],
    test: [
      "在 Slack 里给应用发私信；下面最后一项会变绿。",
      "Send the app a direct message in Slack; the last line below turns green.",
    ],
  },
  feishu: {
    before: [
      [
        "在 open.feishu.cn（Lark 用 open.larksuite.com）建企业自建应用，添加“机器人”能力；“凭证与基础信息”复制 App ID、App Secret。",
        "At open.feishu.cn (Lark: open.larksuite.com) make a self-built app and add the bot feature; copy App ID and App Secret from Credentials.",
      ],
      [
        "“事件与回调 → 加密策略”：设置 Encrypt Key，连同 Verification Token 填在下面。",
        "Events & Callbacks → Encryption Strategy: set an Encrypt Key and enter it below with the Verification Token.",
      ],
      [
        "“权限管理”开通 im:message、im:message:send_as_bot、im:resource、im:message.p2p_msg:readonly，群里再加 im:message.group_at_msg:readonly。",
        "Permissions: im:message, im:message:send_as_bot, im:resource, im:message.p2p_msg:readonly and, for groups, im:message.group_at_msg:readonly.",
      ],
    ],
    after: [
      [
        "“事件配置”和“回调配置”都选“将事件发送至开发者服务器”，填下面的地址。",
        "At both Event and Callback Configuration choose to send to the developer's server and enter the URL below.",
      ],
      [
        "订阅事件 im.message.receive_v1、im.message.recalled_v1、im.message.message_read_v1、im.chat.access_event.bot_p2p_chat_entered_v1，以及回调 card.action.trigger。",
        "Subscribe to im.message.receive_v1, im.message.recalled_v1, im.message.message_read_v1, im.chat.access_event.bot_p2p_chat_entered_v1 and the callback card.action.trigger.",
      ],
      ["创建版本并发布，等管理员通过。", "Make a version, publish it, and have it approved."],
    ],
    test: [
      "在飞书里搜到机器人，发一条消息；下面最后一项会变绿。",
      "Find the bot in Feishu and write to it; the last line below turns green.",
    ],
  },
  dingtalk: {
    before: [
      [
        "在 open-dev.dingtalk.com 建企业内部应用；“凭证与基础信息”复制 Client ID（appKey）和 Client Secret（appSecret）。",
        "At open-dev.dingtalk.com make an internal app; copy the Client ID (appKey) and Client Secret (appSecret).",
      ],
      [
        "添加“机器人”能力，消息接收模式选 HTTP 模式，复制 RobotCode。",
        "Add the robot feature in HTTP mode and copy its RobotCode.",
      ],
      [
        "“权限管理”开通 qyapi_robot_sendmsg（主动发消息）和 qyapi_robot_file_download（收图片文件）。",
        "Permissions: qyapi_robot_sendmsg to write first, qyapi_robot_file_download for pictures and files.",
      ],
    ],
    after: [
      ["机器人的“消息接收地址”填下面的地址。", "Enter the URL below as the robot's message URL."],
      ["发布应用，可见范围选要用它的人。", "Publish the app to those who may use it."],
    ],
    test: [
      "在钉钉里搜到机器人单聊，或在群里 @ 它；下面最后一项会变绿。",
      "Write to the robot in DingTalk, or mention it in a group; the last line below turns green.",
    ],
  },
  discord: {
    before: [
      [
        "在 discord.com/developers/applications 建应用；“General Information”复制 Application ID 和 Public Key。",
        "At discord.com/developers/applications make an application; copy the Application ID and Public Key from General Information.",
      ],
      ["“Bot”页重置并复制机器人令牌。", "On the Bot page reset and copy the bot's token."],
    ],
    after: [
      [
        "点检查单里的“登记 Webhook”：它会填好 Interactions Endpoint URL，并建 /ask 命令。",
        "Press “Register the webhook” in the checklist: it sets the Interactions Endpoint URL and makes the command /ask.",
      ],
      [
        "“Installation”里生成安装链接，装到服务器或让顾客自己安装。",
        "Under Installation make the install link, for a server or for people themselves.",
      ],
    ],
    test: [
      "在装了它的服务器里输入 /ask 多久发货；下面最后一项会变绿。",
      "In a server that has it type /ask How long does shipping take?; the last line below turns green.",
    ],
  },
  email: {
    before: [
      [
        "想一个收信密钥：whsec_ 加 24 个以上随机字节的 base64（openssl rand -base64 32）。用 Mailgun 的，收信方式选 mailgun，填它的 Webhook signing key。",
        "Make an inbound secret: whsec_ and the base64 of 24 or more random bytes (openssl rand -base64 32). With Mailgun choose the format mailgun and enter its webhook signing key.",
      ],
      [
        "向邮箱服务商取得 SMTP 地址、用户名和密码，写成 smtps://用户:密码@主机:465；在 Cloudflare Workers 上不能用 25 端口。",
        "Get the SMTP host, user and password from your mail provider and write smtps://user:password@host:465; port 25 is closed on Cloudflare Workers.",
      ],
    ],
    after: [
      [
        "让邮箱把来信原样 POST 到下面的地址：Postfix 别名、Cloudflare Email Worker，或 Mailgun 路由（地址末尾加 /mime）。",
        "Have mails posted as they are to the URL below: a Postfix alias, a Cloudflare Email Worker, or a Mailgun route (with mime at the end of the address).",
      ],
      [
        "给发信域名配好 SPF、DKIM，否则回信容易进垃圾箱。",
        "Set SPF and DKIM for the sending domain, or answers land in spam.",
      ],
    ],
    test: [
      "从别的邮箱发一封信，或执行下面的命令；下面最后一项会变绿。",
      "Send a mail from another mailbox, or run the command below; the last line below turns green.",
    ],
  },
  call: {
    before: [
      [
        "想一个签名密钥：whsec_ 加 24 个以上随机字节的 base64。用 Twilio 的，格式选 twilio，填 Auth Token。",
        "Make a signing secret: whsec_ and the base64 of 24 or more random bytes. With Twilio choose the format twilio and enter the Auth Token.",
      ],
      [
        "要能给来电者发文字：填 sendUrl，由呼叫中心转成短信。",
        "To write to callers, enter a sendUrl; the call centre sends it on as a text message.",
      ],
    ],
    after: [
      [
        "让呼叫中心把 call.ringing、call.answered、call.ended、call.note、call.recording 事件按 Standard Webhooks 签名 POST 到下面的地址。",
        "Have the call centre post call.ringing, call.answered, call.ended, call.note and call.recording to the URL below, signed by Standard Webhooks.",
      ],
      [
        "Twilio：号码的 Status Callback 和录音回调都填下面的地址；前面有代理时 publicUrl 也填它。",
        "Twilio: enter the URL below as status callback and recording callback; behind a proxy put it into publicUrl too.",
      ],
    ],
    test: [
      "打一通电话，或执行下面的命令；来电会出现在会话里，下面最后一项变绿。",
      "Make a call, or run the command below; it shows among the sessions and the last line below turns green.",
    ],
  },
  http: {
    before: [
      [
        "想一个密钥：whsec_ 加 24 个以上随机字节的 base64（echo whsec_$(openssl rand -base64 32)）。",
        "Make a secret: whsec_ and the base64 of 24 or more random bytes (echo whsec_$(openssl rand -base64 32)).",
      ],
      [
        "sendUrl 填您系统接收回复的地址；它用 Standard Webhooks 验签，按 webhook-id 去重。",
        "As sendUrl enter where your system takes answers; it checks Standard Webhooks signatures and drops a webhook-id it has seen.",
      ],
    ],
    after: [
      [
        "您的系统把 message.created 事件签名后 POST 到下面的地址。",
        "Have your system post signed message.created events to the URL below.",
      ],
    ],
    test: ["执行下面的命令；下面最后一项会变绿。", "Run the command below; the last line below turns green."],
  },
};

/** For channels that others have written. */
export const ANY_GUIDE: ChannelGuide = {
  before: [
    [
      "在平台后台创建应用或机器人，取得下面要填的凭据。",
      "Create an app or bot on the platform and copy the credentials asked for below.",
    ],
  ],
  after: [
    ["把下面的 Webhook 地址填到平台的回调设置里。", "Enter the webhook URL below in the platform's callback settings."],
  ],
  test: TEST_BY_MESSAGE,
};

/** A command that brings a first message, or shows that the address can be reached; undefined where a page does it. */
export function testCommand(channel: string, webhookUrl: string): string | undefined {
  switch (channel) {
    case "web":
    case "alipay-miniprogram":
      return undefined;
    case "email":
      return [
        "SECRET='whsec_…'",
        `printf 'From: me@example.com\\nTo: help@shop.example\\nMessage-ID: <%s@example.com>\\nSubject: 多久发货\\n\\n多久发货\\n' "$(date +%s)" |`,
        `  curl -i --data-binary @- -H 'content-type: message/rfc822' -H "authorization: Bearer $SECRET" '${webhookUrl}'`,
      ].join("\n");
    case "call":
      return signedPost(webhookUrl, '{"type":"call.ringing","data":{"callId":"test-1","from":"13800138000"}}');
    case "http":
      return signedPost(webhookUrl, '{"type":"message.created","data":{"sender":{"id":"u_1"},"text":"多久发货"}}');
    default:
      // Unsigned, and so refused: 401 is the answer of a server that can be reached.
      return `curl -i -X POST '${webhookUrl}'`;
  }
}

/** https://www.standardwebhooks.com: HMAC-SHA256 over `id.timestamp.body`. */
function signedPost(url: string, body: string): string {
  return [
    "SECRET='whsec_…'",
    `BODY='${body}'`,
    'ID="test_$(date +%s)"; AT="$(date +%s)"',
    `KEY="$(printf %s "\${SECRET#whsec_}" | base64 -d | od -An -v -tx1 | tr -d ' \\n')"`,
    'SIGNATURE="$(printf %s "$ID.$AT.$BODY" | openssl dgst -sha256 -mac HMAC -macopt "hexkey:$KEY" -binary | base64)"',
    `curl -i '${url}' -H 'content-type: application/json' -H "webhook-id: $ID" -H "webhook-timestamp: $AT" -H "webhook-signature: v1,$SIGNATURE" --data-raw "$BODY"`,
  ].join("\n");
}
