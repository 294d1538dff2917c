import { useMutation, useQueryClient } from "@tanstack/react-query";
import { post } from "../api/client.ts";
import { errorWords } from "../api/errors.ts";
import { t } from "../i18n/index.ts";
import { toast } from "../ui/toast.tsx";
import { refreshPeople } from "./refresh.ts";

const UNDO_MS = 10_000;

export function useUnmerge(contactId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: { readonly mergeId: string; readonly reason: string }) =>
      post(`/v1/contacts/${contactId}/unmerge`, input),
    onSuccess: () => {
      refreshPeople(client);
      toast(t("identity.undone"));
    },
  });
}

export function useMerge(contactId: string) {
  const client = useQueryClient();
  const unmerge = useUnmerge(contactId);
  return useMutation({
    mutationFn: (input: { readonly from: string; readonly name: string; readonly reason: string }) =>
      post<{ readonly mergeId: string }>(`/v1/contacts/${contactId}/merge`, {
        from: input.from,
        reason: input.reason,
      }),
    onSuccess: ({ mergeId }, { name }) => {
      refreshPeople(client);
      const undo = () =>
        unmerge.mutate(
          { mergeId, reason: t("identity.undoReason") },
          { onError: (error) => toast(errorWords(error), "bad") },
        );
      toast(t("identity.merged", { name }), "good", { ms: UNDO_MS, action: { label: t("identity.undo"), run: undo } });
    },
  });
}
