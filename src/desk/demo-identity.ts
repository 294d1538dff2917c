/** In demo only: the token a shop's own server would sign for its logged-in member. */
import { SignJWT } from "jose";
import type { Deps } from "./deps.ts";
import { DEMO_INBOX, SHOP_ID } from "./seed.ts";

/** Undefined when there is no such member of the demo shop. */
export async function demoIdentity(
  deps: Pick<Deps, "inboxes" | "commerce">,
  memberId: string,
): Promise<string | undefined> {
  const [running, customer] = await Promise.all([
    deps.inboxes.get(DEMO_INBOX),
    deps.commerce.customer({ shopId: SHOP_ID, memberId }),
  ]);
  const secret = running?.inbox.config.identitySecret;
  if (typeof secret !== "string" || customer.value === undefined) return undefined;
  return new SignJWT({ name: customer.value.name })
    .setProtectedHeader({ alg: "HS256" })
    .setSubject(memberId)
    .setAudience(DEMO_INBOX)
    .setIssuedAt()
    .setExpirationTime("12h")
    .sign(new TextEncoder().encode(secret));
}
