import { useRef, useState } from "preact/hooks";
import type { Content, ContentOf, Message } from "../contract.ts";
import { formatSize } from "../format.ts";
import { CardView, LinkCard, Location, Order, Product } from "./cards.tsx";
import { Carousel } from "./carousel.tsx";
import { Choices } from "./choices.tsx";
import { useView } from "./context.ts";
import { each } from "./each.tsx";
import { Icon } from "./icons.tsx";
import { Lightbox } from "./lightbox.tsx";
import { Out, RichText } from "./rich-text.tsx";
import { Thumb } from "./thumb.tsx";

interface ContentProps {
  readonly content: Content;
  readonly message: Message | undefined;
  readonly previewUrl: string | undefined;
}

export function ContentView(props: ContentProps) {
  const { content } = props;
  switch (content.type) {
    case "text":
    case "system":
      return (
        <div class="bubble">
          <RichText text={content.text} />
        </div>
      );
    case "image":
    case "audio":
    case "video":
    case "file":
      return <Media {...props} content={content} />;
    case "location":
      return <Location content={content} />;
    case "link":
      return <LinkCard content={content} />;
    case "card":
      return <CardView card={content} />;
    case "carousel":
      return (
        <Carousel count={content.cards.length}>
          {each(content.cards, (card) => (
            <CardView card={card} />
          ))}
        </Carousel>
      );
    case "product":
      return <Product content={content} />;
    case "order":
      return <Order content={content} />;
    case "choices":
      return <Choices content={content} message={props.message} />;
    case "sticker":
      if (content.url !== undefined) return <Thumb class="sticker" url={content.url} alt={content.emoji ?? ""} />;
      return content.emoji === undefined ? <Unsupported /> : <div class="emoji">{content.emoji}</div>;
    default:
      return <Unsupported />;
  }
}

export function Unsupported() {
  const { t } = useView();
  return <div class="bubble faint">{t.unsupported}</div>;
}

type MediaContent = ContentOf<"image" | "audio" | "video" | "file">;

function Media({ content, message, previewUrl }: ContentProps & { content: MediaContent }) {
  const { chat, t } = useView();
  const { isBroken, onError, onLoad, renew } = useFreshLink(content.url, message);
  const [isLarge, setLarge] = useState(false);
  const url = content.url === undefined ? previewUrl : chat.absolute(content.url);
  const name = content.alt ?? content.name ?? t.file;
  const shown = { src: url, onError };
  if (url !== undefined && !isBroken)
    switch (content.type) {
      case "image":
        return (
          <>
            <button type="button" class="picture" aria-label={name} onClick={() => setLarge(true)}>
              <img {...shown} alt="" referrerpolicy="no-referrer" onLoad={onLoad} />
            </button>
            {isLarge && (
              <Lightbox name={name} onClose={() => setLarge(false)}>
                <img {...shown} alt={name} referrerpolicy="no-referrer" />
              </Lightbox>
            )}
          </>
        );
      case "audio":
        return <audio {...shown} controls preload="none" aria-label={name} onLoadedData={onLoad} />;
      case "video":
        return <video {...shown} controls preload="metadata" aria-label={name} onLoadedData={onLoad} />;
    }
  return (
    <Out class="box row" url={url?.startsWith("blob:") ? undefined : url} onClick={renew}>
      <span class="tile">
        <Icon name="file" />
      </span>
      <span class="lines">
        <bdi class="strong">{content.name ?? name}</bdi>
        {content.size !== undefined && <span class="faint">{formatSize(content.size)}</span>}
      </span>
    </Out>
  );
}

/** A link to a file ends after minutes, and a conversation stays open for longer: what cannot be loaded is asked for once more. */
function useFreshLink(url: string | undefined, message: Message | undefined) {
  const { chat } = useView();
  const [broken, setBroken] = useState<string>();
  const isTried = useRef(false);

  const fresh = async () => {
    if (isTried.current || message === undefined) return false;
    isTried.current = true;
    return chat.renew(message);
  };

  return {
    isBroken: url !== undefined && url === broken,
    onLoad() {
      isTried.current = false;
    },
    async onError({ currentTarget }: { readonly currentTarget: EventTarget }) {
      const player = currentTarget instanceof HTMLMediaElement ? currentTarget : undefined;
      const isPlaying = player?.paused === false;
      const at = player?.currentTime ?? 0;
      if (!(await fresh())) return setBroken(url);
      if (!isPlaying) return;
      await drawn();
      player.currentTime = at;
      await player.play().catch(() => undefined); // the browser wants another tap
    },
    /** Nothing tells that a link to be followed has ended, so it is followed a moment later, fresh. */
    async renew(event: MouseEvent) {
      const link = event.currentTarget;
      if (isTried.current || message === undefined || !(link instanceof HTMLElement)) return;
      event.preventDefault();
      await fresh();
      await drawn();
      if (link.isConnected) link.click();
      isTried.current = false;
    },
  };
}

const drawn = () => new Promise((resolve) => setTimeout(resolve, 50));
