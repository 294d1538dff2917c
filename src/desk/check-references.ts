/** What an article names of its shop: pictures and a group. Only the store and the settings know whether they are there. */
import type { ArticleDraft } from "../core/article.ts";
import { InvalidError, type Issue, XiaoerError } from "../core/errors.ts";
import type { Fault } from "./check-draft.ts";
import type { Deps } from "./deps.ts";
import { ownFile } from "./own-file.ts";

/** Who owns an article's picture. What a shopper sent cannot become one: it would be shown to everybody. */
export const pictureOwner = (shopId: string): string => `articles:${shopId}`;

type Desk = Pick<Deps, "store" | "shop">;

export async function referenceFaults(desk: Desk, shopId: string, draft: ArticleDraft): Promise<readonly Fault[]> {
  const named = [draft, ...draft.answers].some(({ image }) => image?.fileId !== undefined);
  if (!named && draft.handoffGroup === undefined) return [];
  const [pictures, groups] = await Promise.all([pictureFaults(desk, shopId, draft), groupFaults(desk, shopId, draft)]);
  return [...pictures, ...groups];
}

/** @throws {InvalidError} the first of its faults, with its place */
export async function checkReferences(desk: Desk, shopId: string, draft: ArticleDraft): Promise<void> {
  const [fault] = await referenceFaults(desk, shopId, draft);
  if (fault !== undefined) throw new InvalidError(fault.code, fault.message, { issues: fault.issues });
}

async function pictureFaults(desk: Desk, shopId: string, draft: ArticleDraft): Promise<Fault[]> {
  const pictures = [
    { path: "image.fileId", image: draft.image },
    ...draft.answers.map(({ image }, place) => ({ path: `answers.${place}.image.fileId`, image })),
  ];
  const issues = await Promise.all(
    pictures.map(async ({ path, image }): Promise<Issue[]> => {
      if (image?.fileId === undefined) return [];
      try {
        await ownFile(desk, { shopId, owners: [pictureOwner(shopId)] }, { type: "image", fileId: image.fileId });
        return [];
      } catch (error) {
        if (!(error instanceof XiaoerError)) throw error;
        return [{ path, message: error.message }];
      }
    }),
  );
  if (issues.flat().length === 0) return [];
  const message = "The picture is not among the shop's pictures for answers.";
  return [{ code: "knowledge.unknown_picture", message, issues: issues.flat() }];
}

async function groupFaults(desk: Desk, shopId: string, { handoffGroup }: ArticleDraft): Promise<Fault[]> {
  if (handoffGroup === undefined) return [];
  const { groups } = (await desk.shop(shopId)).rules;
  if (groups.includes(handoffGroup)) return [];
  const issues = [{ path: "handoffGroup", message: `one of ${groups.join(", ")}` }];
  return [{ code: "knowledge.unknown_group", message: `There is no group ${handoffGroup}.`, issues }];
}
