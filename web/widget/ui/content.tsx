import type { Content, ContentOf, Message } from "../contract.ts";
import { formatSize } from "../format.ts";
import { CardView, LinkCard, Location, Order, Product } from "./cards.tsx";
import { Carousel } from "./carousel.tsx";
import { Choices } from "./choices.tsx";
import { useView } from "./context.ts";
import { each } from "./each.tsx";
import { Icon } from "./icons.tsx";
import type { Picture } from "./lightbox.tsx";
import { Out, RichText } from "./rich-text.tsx";
import { Thumb } from "./thumb.tsx";

interface ContentProps {
  readonly content: Content;
  readonly message: Message | undefined;
  readonly previewUrl: string | undefined;
  readonly onPicture: (picture: Picture) => void;
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

function Media({ content, previewUrl, onPicture }: ContentProps & { content: MediaContent }) {
  const { chat, t } = useView();
  const url = content.url === undefined ? previewUrl : chat.absolute(content.url);
  const name = content.alt ?? content.name ?? t.file;
  if (url !== undefined)
    switch (content.type) {
      case "image":
        return (
          <button type="button" class="picture" aria-label={name} onClick={() => onPicture({ url, alt: name })}>
            <Thumb url={url} fallback={<Unsupported />} />
          </button>
        );
      case "audio":
        // biome-ignore lint/a11y/useMediaCaption: what shoppers and agents record has no captions.
        return <audio controls preload="none" src={url} aria-label={name} />;
      case "video":
        // biome-ignore lint/a11y/useMediaCaption: what shoppers and agents record has no captions.
        return <video controls preload="metadata" src={url} aria-label={name} />;
    }
  return (
    <Out class="box row" url={url?.startsWith("blob:") ? undefined : url}>
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
