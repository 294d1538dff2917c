import { useMutation } from "@tanstack/react-query";
import { type ReactNode, type SyntheticEvent, useState } from "react";
import { post, serverNow } from "../api/client.ts";
import { errorWords } from "../api/errors.ts";
import { queryClient } from "../api/query-client.ts";
import type { MediaContent, Message } from "../api/types.ts";
import { isWordKey, type Translate, useT } from "../i18n/index.ts";
import { Button } from "../ui/button.tsx";
import { Icon, type IconName } from "../ui/icon.tsx";
import { toast } from "../ui/toast.tsx";
import { fileSize } from "./file-size.ts";
import { Lightbox } from "./lightbox.tsx";
import { SafeLink } from "./rich-text.tsx";
import "./media.css";

const ICONS: Readonly<Record<MediaContent["type"], IconName>> = {
  image: "image",
  audio: "phone",
  video: "image",
  file: "file",
};
/** Another try may end otherwise; a file that is too large stays so. */
const MAY_COME_YET = new Set(["media.gone", "media.unavailable", "media.quota_exhausted", "media.not_fetched"]);

interface MediaProps {
  readonly content: MediaContent;
  /** Absent for what is on its way out, and in lists. */
  readonly message?: Message | undefined;
}

/** A file: on its way, here, or not to be had. What lies elsewhere is a link, so that opening a session tells no third party. */
export function MediaView({ content, message }: MediaProps) {
  const t = useT();
  const media = message?.media;
  const name = content.alt ?? content.name ?? t(`content.${content.type}`);
  if (media?.state === "pending") {
    return (
      <Chip icon={ICONS[content.type]} busy title={t(`media.pending.${content.type}`)} detail={content.alt}>
        {null}
      </Chip>
    );
  }
  if (media?.state === "failed" && message !== undefined) return <Failed content={content} message={message} />;
  const { url } = content;
  if (url === undefined || !(url.startsWith("/files/") || url.startsWith("blob:"))) {
    return (
      <Chip
        icon={ICONS[content.type]}
        title={url ? <SafeLink url={url}>{name}</SafeLink> : name}
        detail={fileSize(content.size)}
      />
    );
  }
  return (
    <>
      <Shown content={content} url={url} name={content.name ?? t(`content.${content.type}`)} />
      {content.alt !== undefined && <div className="media-words">{content.alt}</div>}
    </>
  );
}

function Shown({
  content,
  url,
  name,
}: {
  readonly content: MediaContent;
  readonly url: string;
  readonly name: string;
}) {
  const t = useT();
  const [open, setOpen] = useState(false);
  const [broken, setBroken] = useState<string>();
  // A link lives for ten minutes; a screen stays open for longer.
  const onError = (_event: SyntheticEvent) => (isEnded(url) ? void freshLinks() : setBroken(url));
  if (broken !== url) {
    const label = content.alt ?? name;
    switch (content.type) {
      case "image":
        return (
          <>
            <button
              type="button"
              className="image-open"
              aria-label={t("media.open", { name: label })}
              onClick={() => setOpen(true)}
            >
              <img className="content-image" src={url} alt="" loading="lazy" onError={onError} />
            </button>
            {open && <Lightbox url={url} name={label} onClose={() => setOpen(false)} />}
          </>
        );
      case "audio":
        return (
          // biome-ignore lint/a11y/useMediaCaption: what shoppers record has no captions.
          <audio className="content-audio" controls preload="metadata" src={url} aria-label={label} onError={onError} />
        );
      case "video":
        return (
          // biome-ignore lint/a11y/useMediaCaption: what shoppers record has no captions.
          <video className="content-video" controls preload="metadata" src={url} aria-label={label} onError={onError} />
        );
    }
  }
  return (
    <Chip
      icon={ICONS[content.type]}
      title={
        <a
          href={url}
          download={name}
          onClick={(event) => {
            if (!isEnded(url)) return;
            event.preventDefault();
            void freshLinks().then(() => toast(t("media.linkRenewed")));
          }}
        >
          {name}
        </a>
      }
      detail={[fileSize(content.size), broken === url && t("media.cannotShow")].filter(Boolean).join(" · ")}
    />
  );
}

function Failed({ content, message }: { readonly content: MediaContent; readonly message: Message }) {
  const t = useT();
  const code = message.media?.code ?? "media.unavailable";
  const retry = useMutation({
    // What becomes of it comes by frames, which may be faster than the answer.
    mutationFn: () => post(`/v1/messages/${message.id}/media/retry`),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ["messages", message.sessionId] }),
    onError: (error) => toast(errorWords(error), "bad"),
  });
  return (
    <Chip
      icon="alert"
      tone="failed"
      title={content.name ?? t(`content.${content.type}`)}
      detail={[failureWords(t, content, code), content.alt].filter(Boolean).join(" · ")}
    >
      {MAY_COME_YET.has(code) && (
        <Button small icon="refresh" busy={retry.isPending} onClick={() => retry.mutate()}>
          {t("media.retry")}
        </Button>
      )}
    </Chip>
  );
}

function failureWords(t: Translate, content: MediaContent, code: string): string {
  const kind = t(`content.${content.type}`);
  const size = fileSize(content.size);
  if (code === "file.too_large" && size !== undefined) return t("media.failed.tooLargeBy", { kind, size });
  const key = `media.failed.${code}`;
  return t(isWordKey(key) ? key : "media.failed.media.unavailable", { kind });
}

interface ChipProps {
  readonly icon: IconName;
  readonly title: ReactNode;
  readonly detail?: string | undefined;
  readonly tone?: "failed";
  readonly busy?: boolean;
  readonly children?: ReactNode;
}

function Chip({ icon, title, detail, tone, busy, children }: ChipProps) {
  return (
    <div className={["media-chip", tone, busy && "busy"].filter(Boolean).join(" ")} aria-busy={busy || undefined}>
      <Icon name={icon} />
      <div className="media-chip-words">
        <bdi>{title}</bdi>
        {detail && <div className="muted">{detail}</div>}
      </div>
      {children}
    </div>
  );
}

const isEnded = (url: string): boolean => {
  const until = Number(/[?&]until=(\d+)/.exec(url)?.[1] ?? Number.POSITIVE_INFINITY);
  return until <= serverNow();
};

/** Every message read again has a link of now. */
function freshLinks(): Promise<void> {
  return queryClient.invalidateQueries({
    predicate: ({ queryKey }) => queryKey[0] === "messages" || queryKey[0] === "history",
  });
}
