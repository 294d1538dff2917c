/** Looking at what an editor wrote before shoppers are told it. */
import { ForbiddenError } from "./errors.ts";

/** Whose articles somebody else looks at first. */
export const REVIEWS = ["off", "editors"] as const;

/** A working copy somebody asks to have looked at. */
export interface ReviewRequest {
  readonly by: string;
  readonly byId: string;
  readonly at: number;
  /** The version that was asked about; saved since, the newer one is what is looked at. */
  readonly version: number;
  readonly note?: string;
}

/** Looked at, and not told to shoppers: what is to be done first. Kept until it is asked for again or published. */
export interface SentBack {
  readonly by: string;
  readonly byId: string;
  readonly at: number;
  readonly version: number;
  readonly reason: string;
}

/** What whoever may not tell shoppers is told instead; flows and the dictionary know no drafts. */
export const reviewRequired = (hasDrafts = true) =>
  new ForbiddenError(
    "knowledge.review_required",
    `In this shop somebody else looks at what an editor writes before shoppers are told it: ${
      hasDrafts
        ? "save it as a draft and ask for a review with POST /v1/articles/{id}/review."
        : "what is saved here takes effect at once, so an admin saves it."
    }`,
  );
