/** Whether the links of an answer lead anywhere: asked through the one door out, for a few seconds, and never a reason to refuse. */
import type { ArticleDraft } from "../core/article.ts";
import { ForbiddenError } from "../core/errors.ts";
import type { Finding } from "./check-article.ts";
import type { Deps } from "./deps.ts";

const LINK = /https?:\/\/[^\s<>"'“”‘’（）()【】《》，。；！？、]+/gi;
const MAX_LINKS = 20;
const EACH_MS = 3000;
/** Answers of a server that will not be looked at by a machine: the page is there all the same. */
const THERE = new Set([401, 403, 405, 406, 429, 501]);

/** Links in full; one with a variable in it is known only when it is said. */
export function linksOf(draft: ArticleDraft): readonly string[] {
  const texts = [draft.answer, ...draft.answers.map(({ text }) => text)];
  const parts = [draft, ...draft.answers].flatMap(({ image, buttons = [] }) => [
    image?.url,
    ...buttons.map(({ url }) => url),
  ]);
  const found = [...texts.flatMap((text) => text.match(LINK) ?? []), ...parts.filter((url) => url !== undefined)];
  return [...new Set(found.map((link) => link.replace(/[.,;:!?]+$/, "")))].filter((link) => !/[{}]/.test(link));
}

export async function checkLinks({ fetch }: Pick<Deps, "fetch">, draft: ArticleDraft): Promise<Finding[]> {
  const faults = await Promise.all(
    linksOf(draft)
      .slice(0, MAX_LINKS)
      .map(async (link) => ({ link, fault: await faultOf(fetch, link) })),
  );
  return faults.flatMap(({ link, fault }): Finding[] =>
    fault === undefined
      ? []
      : [{ check: "dead_link", level: "warning", detail: `${link} cannot be opened: ${fault}.`, word: link }],
  );
}

async function faultOf(fetch: Deps["fetch"], link: string): Promise<string | undefined> {
  try {
    const status = await statusOf(fetch, link, "HEAD");
    if (status < 400 || THERE.has(status)) return undefined;
    // Some servers know no HEAD and say so with a 404.
    const again = await statusOf(fetch, link, "GET");
    return again < 400 || THERE.has(again) ? undefined : `it answers ${again}`;
  } catch (error) {
    // The door follows no redirects, and who redirects is there.
    if (isRedirect(error)) return undefined;
    if (error instanceof ForbiddenError && link.startsWith("http:")) return faultOf(fetch, `https:${link.slice(5)}`);
    // Which of them it was says nothing to a merchant, and what a private address answers is nobody's business.
    return "it does not answer in time, or is no public https address";
  }
}

const isRedirect = (error: unknown): boolean =>
  error instanceof Error && (/redirect/i.test(error.message) || isRedirect(error.cause));

async function statusOf(fetch: Deps["fetch"], link: string, method: "HEAD" | "GET"): Promise<number> {
  const response = await fetch(link, { method, signal: AbortSignal.timeout(EACH_MS) });
  await response.body?.cancel();
  return response.status;
}
