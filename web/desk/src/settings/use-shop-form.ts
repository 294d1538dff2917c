import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { ApiError, patch } from "../api/client.ts";
import { errorWords, isCode } from "../api/errors.ts";
import type { ShopSettingsJson } from "../api/flow-types.ts";
import { meQuery, shopQuery } from "../api/queries.ts";
import { queryClient } from "../api/query-client.ts";
import { t as say, useT } from "../i18n/index.ts";
import { setTimeZone } from "../time.ts";
import { type Fault, standingFaults } from "../ui/field.tsx";
import { toast } from "../ui/toast.tsx";
import { changedKeys, faultsOf, rebase, type SetShop, type ShopDraft, toBody, toDraft } from "./shop-draft.ts";

type Body = Readonly<Record<string, unknown>>;

/** The settings being changed: what they were, what they are becoming, what stands in the way. */
export function useShopForm(loaded: ShopSettingsJson) {
  const t = useT();
  const [shop, setShop] = useState(loaded);
  const before = toDraft(shop);
  const [draft, setDraft] = useState(before);
  /** What somebody else changed as well while this was typed. */
  const [both, setBoth] = useState<readonly string[]>();
  const changed = changedKeys(before, draft);
  const body = toBody(draft);
  const save = useMutation({
    mutationFn: (sent: Body) =>
      patch<ShopSettingsJson>("/v1/shop", sent, { headers: { "if-match": `"${shop.version}"` } }),
    onSuccess: (saved) => {
      setShop(saved);
      setDraft(toDraft(saved));
      setBoth(undefined);
      remember(saved);
      toast(say("shop.saved"));
    },
    onError: (error) => {
      const theirs = isCode(error, "shop.version_changed") ? currentShop(error) : undefined;
      if (theirs === undefined) return;
      const merged = rebase(before, draft, toDraft(theirs));
      setShop(theirs);
      setDraft(merged.draft);
      setBoth(merged.both);
      remember(theirs);
      toast(say("shop.changed"), "bad");
    },
  });
  const refused = save.error instanceof ApiError ? (save.error.problem.errors ?? []) : [];
  const faults: readonly Fault[] = [
    ...faultsOf(draft).map(({ key, params, ...fault }) => ({ ...fault, words: t(key, params) })),
    ...standingFaults(refused, save.variables, body),
  ];
  const set: SetShop = (key, value) => setDraft((now: ShopDraft) => ({ ...now, [key]: value }));
  return {
    draft,
    set,
    changed,
    faults,
    both,
    saving: save.isPending,
    /** Why the last save did not happen, where no field says it. */
    failure:
      save.isError && !isCode(save.error, "shop.version_changed") && refused.length === 0
        ? errorWords(save.error)
        : undefined,
    /** False: something has to be put right first. */
    save(): boolean {
      if (faults.some(({ mild }) => mild !== true)) return false;
      if (changed.length > 0 && !save.isPending)
        save.mutate(Object.fromEntries(changed.map((key) => [key, body[key]])));
      return true;
    },
    discard() {
      setDraft(before);
      setBoth(undefined);
      save.reset();
    },
  };
}

/** The rest of the desk shows the shop's name, and times in its zone. */
function remember(shop: ShopSettingsJson): void {
  queryClient.setQueryData(shopQuery.queryKey, shop);
  setTimeZone(shop.timeZone);
  const { id, name, locale, timeZone } = shop;
  queryClient.setQueryData(meQuery.queryKey, (me) => me && { ...me, shop: { ...me.shop, id, name, locale, timeZone } });
}

function currentShop(error: ApiError): ShopSettingsJson | undefined {
  const { current } = error.problem;
  // The contract: a 412 carries the settings as they stand.
  return typeof current === "object" && current !== null && "version" in current
    ? (current as ShopSettingsJson)
    : undefined;
}
