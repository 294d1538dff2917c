/** The shop's own words: groups of one meaning, and words that mean nothing here. */
import { z } from "@hono/zod-openapi";
import { PreconditionError } from "../core/errors.ts";
import { checkSynonyms } from "../desk/check-synonyms.ts";
import type { Route } from "./api.ts";
import type { Actor, HttpDeps } from "./context.ts";
import { words } from "./fields.ts";
import { ifMatch } from "./if-match.ts";
import { masked, toReplayedJson } from "./publish.ts";
import { refuseAtOnce } from "./review.ts";

const word = (max: number) => words(max).pipe(z.string().min(1));
const body = z.strictObject({
  synonyms: z.array(z.array(word(100)).min(2).max(50)).max(2000),
  stopWords: z.array(word(50)).max(1000).default([]),
});
/** `version` names this state in `If-Match`. */
const shape = body.extend({ version: z.number().int() });

export function synonymRoutes(route: Route, http: HttpDeps): void {
  const { desk } = http;
  const read = async ({ shopId }: Actor) => {
    const { groups, stopWords, changedAt } = await desk.store.synonyms(shopId);
    return { synonyms: groups, stopWords, version: changedAt };
  };
  route(
    "get",
    "/v1/knowledge/synonyms",
    { tag: "Knowledge", summary: "The shop's own words", access: "articles.read", answer: shape },
    async ({ c, actor }) => {
      const current = await read(actor);
      c.header("etag", `"${current.version}"`);
      return current;
    },
  );
  route(
    "post",
    "/v1/knowledge/synonyms/check",
    {
      tag: "Knowledge",
      summary:
        "Which real questions of the last days these words would answer differently, and which test questions they break",
      access: "articles.read",
      body: body.extend({ days: z.number().int().min(1).max(30).default(7) }),
    },
    async ({ actor, body: { synonyms, stopWords, days } }) => {
      const { tests, replay } = await checkSynonyms(desk, {
        shopId: actor.shopId,
        words: { synonyms, stopWords },
        days,
      });
      return { tests, replay: { ...replay, changed: replay.changed.slice(0, 500).map(toReplayedJson).map(masked) } };
    },
  );
  route(
    "put",
    "/v1/knowledge/synonyms",
    {
      tag: "Knowledge",
      summary: "Replace the shop's own words; If-Match names the version you saw",
      access: "articles.write",
      body,
      answer: shape,
    },
    async ({ c, actor, body: { synonyms, stopWords } }) => {
      const { shopId } = actor;
      await refuseAtOnce(http, c, actor, "synonyms");
      const seen = ifMatch(c.req.header("if-match"));
      const saved = await desk.store.saveSynonyms({
        shopId,
        groups: synonyms,
        stopWords,
        now: desk.now(),
        ...(seen === undefined ? {} : { seen }),
      });
      const current = await read(actor);
      if (!saved)
        throw new PreconditionError("synonyms.version_changed", "Somebody else changed these words first.", current);
      desk.hub.wake(shopId);
      c.header("etag", `"${current.version}"`);
      return current;
    },
  );
}
