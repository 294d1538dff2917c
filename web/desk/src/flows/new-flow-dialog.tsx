import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { post } from "../api/client.ts";
import { errorWords, isCode } from "../api/errors.ts";
import type { FlowJson } from "../api/flow-types.ts";
import { queryClient } from "../api/query-client.ts";
import { useT } from "../i18n/index.ts";
import { Dialog } from "../ui/dialog.tsx";
import { type Fault, Faults, Field } from "../ui/field.tsx";
import { Notice } from "../ui/reason-dialog.tsx";

/** A name is enough to begin: the flow asks one question and says thanks. */
export function NewFlowDialog({ onClose }: { readonly onClose: () => void }) {
  const t = useT();
  const navigate = useNavigate();
  const [id, setId] = useState("");
  const [zh, setZh] = useState("");
  const [en, setEn] = useState("");
  const make = useMutation({
    mutationFn: (id: string) => post<FlowJson>("/v1/flows", { id, title: { zh, en: en || zh }, ...BEGINNING }),
    onSuccess: (flow) => {
      void queryClient.invalidateQueries({ queryKey: ["flows"] });
      void navigate({ to: "/flows/$flowId", params: { flowId: flow.id } });
    },
  });
  const taken = isCode(make.error, "flow.exists") && make.variables === id;
  const faults: readonly Fault[] = [
    ...(id !== "" && !ID.test(id) ? [{ path: "id", words: t("flow.fault.name") }] : []),
    ...(taken ? [{ path: "id", words: t("flow.fault.taken") }] : []),
  ];
  return (
    <Dialog
      title={t("flows.new")}
      onClose={onClose}
      onSubmit={() => make.mutate(id)}
      submit={t("flows.create")}
      busy={make.isPending}
      ready={ID.test(id) && !taken && zh.trim() !== ""}
    >
      <Faults value={faults}>
        {(
          [
            ["id", "flow.id", id, setId, 50],
            ["zh", "flow.titleZh", zh, setZh, 100],
            ["en", "flow.titleEn", en, setEn, 100],
          ] as const
        ).map(([path, key, value, set, max]) => (
          <Field key={path} title={t(key)} at={[path]} hint={path === "en" && t("flow.titleEnHint")}>
            {(control) => (
              <input
                {...control}
                className="input"
                maxLength={max}
                value={value}
                onChange={(event) => set(event.target.value)}
              />
            )}
          </Field>
        ))}
      </Faults>
      {make.isError && !isCode(make.error, "flow.exists") && <Notice text={errorWords(make.error)} />}
    </Dialog>
  );
}

const ID = /^[a-z][a-z0-9-]{0,49}$/;

const BEGINNING = {
  steps: [
    {
      id: "details",
      slot: "details",
      ask: { "zh-CN": "{{ tone.greeting }}请简单说说情况。", en: "Could you tell me more?" },
      validate: { kind: "text" },
    },
  ],
  finish: { message: { "zh-CN": "收到，谢谢。", en: "Got it, thank you." } },
};
