import { useId, useState } from "react";
import type { ChannelPreview as Preview } from "../api/types.ts";
import { codeWords, isWordKey, useT } from "../i18n/index.ts";
import { ContentView } from "../sessions/content-view.tsx";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Icon } from "../ui/icon.tsx";
import { Chip } from "../ui/pieces.tsx";
import { Tabs } from "../ui/tabs.tsx";
import { variantName } from "./fields.ts";

/** The answer as each channel of the shop sends it: one at a time here, all next to each other in a window of their own. */
export function ChannelPreviews({ channels }: { readonly channels: readonly Preview[] }) {
  const t = useT();
  const id = useId();
  const [picked, setPicked] = useState("");
  const [wide, setWide] = useState(false);
  const shown = channels.find(({ inboxId }) => inboxId === picked) ?? channels[0];
  if (shown === undefined) return null;
  return (
    <section className="channels" aria-label={t("preview.channels")}>
      <div className="row">
        <h3 className="grow">{t("preview.channels")}</h3>
        {channels.length > 1 && (
          <Button small icon="list" onClick={() => setWide(true)}>
            {t("preview.sideBySide")}
          </Button>
        )}
      </div>
      <Tabs
        label={t("preview.channels")}
        controls={id}
        value={shown.inboxId}
        onChange={setPicked}
        items={channels.map((one) => ({
          key: one.inboxId,
          label: nameOf(one, channels, codeWords(t, "channel", one.channel)),
          count: one.warnings.length,
        }))}
      />
      <div id={id} role="tabpanel" aria-label={shown.name}>
        <Shown preview={shown} />
      </div>
      {wide && (
        <Dialog title={t("preview.channels")} wide onClose={() => setWide(false)}>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it. */}
          <section className="channel-columns scroll" tabIndex={0} aria-label={t("preview.sideBySide")}>
            {channels.map((one) => (
              <section key={one.inboxId} aria-label={one.name}>
                <h3>{nameOf(one, channels, codeWords(t, "channel", one.channel))}</h3>
                <Shown preview={one} />
              </section>
            ))}
          </section>
        </Dialog>
      )}
    </section>
  );
}

/** Two accounts on one channel are told apart by their own names. */
function nameOf(one: Preview, all: readonly Preview[], channel: string): string {
  return all.filter((other) => other.channel === one.channel).length > 1 ? one.name : channel;
}

function Shown({ preview }: { readonly preview: Preview }) {
  const t = useT();
  const { messages, warnings, variant, handoff } = preview;
  return (
    <div className="channel-shown">
      <div className="chips">
        <Chip tone="line">{t("preview.messages", { n: messages.length })}</Chip>
        <Chip tone={variant ? "accent" : "line"}>
          {variant ? t("preview.variant", { name: variantName({ ...variant, text: "" }) }) : t("preview.default")}
        </Chip>
        {handoff && <Chip tone="amber">{t("preview.handoff")}</Chip>}
      </div>
      {warnings.length > 0 && (
        <ul className="findings">
          {warnings.map((warning) => (
            <li key={warning.code}>
              <Icon name="alert" />
              <span>
                <WarningWords {...warning} />
              </span>
            </li>
          ))}
        </ul>
      )}
      {messages.map((content, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the messages of one look never change places.
        <div key={index} className="preview-bubble">
          <ContentView content={content} />
        </div>
      ))}
      {messages.length === 0 && <p className="muted">{t("preview.nothing")}</p>}
    </div>
  );
}

function WarningWords({ code, count, word }: Preview["warnings"][number]) {
  const t = useT();
  const key = `preview.${code}`;
  return isWordKey(key) ? t(key, { n: count ?? 0, word: word ?? "" }) : code;
}
