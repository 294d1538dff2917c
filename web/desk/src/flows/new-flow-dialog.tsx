import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { post } from "../api/client.ts";
import { errorWords } from "../api/errors.ts";
import type { FlowJson } from "../api/flow-types.ts";
import { queryClient } from "../api/query-client.ts";
import { useT } from "../i18n/index.ts";
import { Dialog } from "../ui/dialog.tsx";
import { Icon } from "../ui/icon.tsx";

/** A name is enough to begin: the flow asks one question and says thanks. */
export function NewFlowDialog({ onClose }: { readonly onClose: () => void }) {
  const t = useT();
  const navigate = useNavigate();
  const [id, setId] = useState("");
  const [zh, setZh] = useState("");
  const [en, setEn] = useState("");
  const make = useMutation({
    mutationFn: () => post<FlowJson>("/v1/flows", { id, title: { zh, en: en || zh }, ...BEGINNING }),
    onSuccess: (flow) => {
      void queryClient.invalidateQueries({ queryKey: ["flows"] });
      void navigate({ to: "/flows/$flowId", params: { flowId: flow.id } });
    },
  });
  const ready = /^[a-z][a-z0-9-]{0,49}$/.test(id) && zh.trim() !== "";
  return (
    <Dialog
      title={t("flows.new")}
      onClose={onClose}
      onSubmit={() => make.mutate()}
      submit={t("flow.save")}
      busy={make.isPending}
      ready={ready}
    >
      {(
        [
          ["flow.id", id, setId, 50],
          ["flow.titleZh", zh, setZh, 100],
          ["flow.titleEn", en, setEn, 100],
        ] as const
      ).map(([key, value, set, max]) => (
        <div className="field" key={key}>
          <label htmlFor={key}>{t(key)}</label>
          <input
            id={key}
            className="input"
            maxLength={max}
            value={value}
            onChange={(event) => set(event.target.value)}
          />
        </div>
      ))}
      {make.isError && (
        <div className="notice red" role="alert">
          <Icon name="alert" />
          {errorWords(make.error)}
        </div>
      )}
    </Dialog>
  );
}

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
