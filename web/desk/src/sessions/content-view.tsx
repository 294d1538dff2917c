import type { CardContent, Content, Message } from "../api/types.ts";
import { codeWords, useT } from "../i18n/index.ts";
import { formatPrice } from "../money.ts";
import { Icon, type IconName } from "../ui/icon.tsx";
import { MediaView } from "./media-view.tsx";
import { RichText, SafeLink } from "./rich-text.tsx";

/** What one message says. Everything a shopper wrote reaches the page as text nodes. */
export function ContentView({ content, message }: { readonly content: Content; readonly message?: Message }) {
  const t = useT();
  switch (content.type) {
    case "text":
      return <RichText text={content.text} />;
    case "image":
    case "audio":
    case "video":
    case "file":
      return <MediaView content={content} message={message} />;
    case "location":
      return (
        <Line
          icon="pin"
          title={content.title ?? t("content.location")}
          detail={content.address ?? `${content.lat}, ${content.lng}`}
        />
      );
    case "link":
      return (
        <Line icon="out" title={<SafeLink url={content.url}>{content.title}</SafeLink>} detail={content.description} />
      );
    case "card":
      return <CardView card={content} />;
    case "carousel":
      return (
        <div className="carousel scroll">
          {content.cards.map((card, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the cards of a sent message never change.
            <CardView key={index} card={card} />
          ))}
        </div>
      );
    case "product":
      return (
        <Line
          icon="box"
          title={content.url ? <SafeLink url={content.url}>{content.title}</SafeLink> : content.title}
          detail={content.price === undefined ? content.productId : formatPrice(content.price)}
        />
      );
    case "order":
      return (
        <Line
          icon="box"
          title={t("content.order", { id: content.orderId })}
          detail={[
            codeWords(t, "order", content.status),
            ...content.items.map((item) =>
              typeof item === "string" ? item : `${item.title}${(item.quantity ?? 1) > 1 ? ` ×${item.quantity}` : ""}`,
            ),
            content.total === undefined ? "" : formatPrice(content.total),
          ]
            .filter(Boolean)
            .join(" · ")}
        />
      );
    case "choices":
      return (
        <>
          <RichText text={content.text} />
          <ul className="choices" aria-label={t("content.choices")}>
            {content.choices.map((choice) => (
              <li key={choice.value}>{choice.label}</li>
            ))}
          </ul>
        </>
      );
    case "sticker":
      return content.emoji ? (
        <span className="sticker">{content.emoji}</span>
      ) : (
        <Line icon="image" title={t("content.sticker")} />
      );
    case "system":
      if (content.code === "erased") return <em className="muted">{t("content.erased")}</em>;
      return <RichText text={content.text} />;
    case "unsupported":
      return <Line icon="alert" title={t("conversation.unsupported", { kind: content.kind })} />;
  }
}

function Line(props: {
  readonly icon: IconName;
  readonly title: React.ReactNode;
  readonly detail?: string | undefined;
}) {
  return (
    <div className="content-line">
      <Icon name={props.icon} />
      <div>
        <div>{props.title}</div>
        {props.detail && <div className="muted">{props.detail}</div>}
      </div>
    </div>
  );
}

function CardView({ card }: { readonly card: CardContent }) {
  return (
    <div className="content-card">
      <strong>{card.title}</strong>
      {card.text && <RichText text={card.text} />}
      {card.actions.length > 0 && (
        <ul className="choices">
          {card.actions.map((action) => (
            <li key={action.label}>
              {"url" in action ? <SafeLink url={action.url}>{action.label}</SafeLink> : action.label}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
