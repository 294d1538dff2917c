import {
  type Adapter,
  type AdapterDeps,
  defineChannel,
  type Received,
  type WebhookRequest,
} from "../../src/core/adapter.ts";
import { SignatureError } from "../../src/core/errors.ts";
import { refused } from "../shared/receipts.ts";
import { isAddress, parseMailbox } from "./address.ts";
import { EMAIL } from "./capabilities.ts";
import { type EmailConfig, emailConfig } from "./config.ts";
import { readForm } from "./form.ts";
import { composeMail } from "./mail.ts";
import { dropMedia, fetchMedia, keepFiles } from "./media.ts";
import { parseMail } from "./parse.ts";
import { createSmtp } from "./smtp.ts";
import { createMailgunVerify, createVerify } from "./verify.ts";

/** A mailbox: mails come in by POST, answers go out by SMTP. https://www.rfc-editor.org/rfc/rfc5322 */
export const email = defineChannel({
  channel: "email",
  title: { zh: "电子邮件", en: "Email" },
  config: emailConfig,
  capabilities: EMAIL,
  create: createEmailAdapter,
});

export function createEmailAdapter(config: EmailConfig, deps: AdapterDeps): Adapter {
  const prove = config.inboundFormat === "mailgun" ? createMailgunReader(config, deps) : createMimeReader(config, deps);
  const { address: from } = parseMailbox(config.from);
  const smtp = createSmtp(config.smtpUrl, deps);
  return {
    channel: "email",
    capabilities: EMAIL,
    async receive(request) {
      const { mail, commit } = await prove(request);
      const { events, files } = await parseMail(mail, { from, now: deps.now() });
      // The files are nowhere but in this request.
      await keepFiles(files, deps.state);
      const response = new Response(null, { status: 200 });
      return commit === undefined ? { events, response } : { events, response, commit };
    },
    async send(message, options = {}) {
      if (!isAddress(message.address.to ?? "")) return refused("delivery.bad_request", "The address is no mailbox.");
      if (options.signal?.aborted)
        return refused("delivery.cancelled", "Cancelled before it was sent.", { retryable: true });
      return smtp.deliver(await composeMail(message, { from: config.from, deps }, options), options);
    },
    check: (options = {}) => smtp.check(options),
    fetchMedia: (ref) => fetchMedia(ref, deps.state),
    dropMedia: (ref) => dropMedia(ref, deps.state),
  };
}

type Reader = (request: WebhookRequest) => Promise<{ readonly mail: Uint8Array } & Pick<Received, "commit">>;

function createMimeReader({ inboundSecret }: EmailConfig, { now }: AdapterDeps): Reader {
  const isOurs = createVerify(inboundSecret, now);
  return async (request) => {
    if (!(await isOurs(request))) throw new SignatureError();
    return { mail: request.body };
  };
}

/** A route to an address that ends in `mime` posts the raw mail as `body-mime`. */
function createMailgunReader({ inboundSecret }: EmailConfig, deps: AdapterDeps): Reader {
  const verify = createMailgunVerify(inboundSecret, deps);
  return async (request) => {
    const fields = await readForm(request);
    const proof = fields && (await verify(fields));
    if (fields === undefined || proof === undefined) throw new SignatureError();
    return { mail: new TextEncoder().encode(fields.get("body-mime") ?? ""), commit: proof.remember };
  };
}
