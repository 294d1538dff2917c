import type { Action, Card, ContentOf } from "../contract.ts";
import { formatPrice } from "../format.ts";
import { hostOf } from "../links.ts";
import { useView } from "./context.ts";
import { each } from "./each.tsx";
import { Icon } from "./icons.tsx";
import { Out, RichText } from "./rich-text.tsx";
import { Thumb } from "./thumb.tsx";

export function CardView({ card }: { card: Card }) {
  return (
    <div class="box card">
      <Thumb class="cover" url={card.imageUrl} />
      <div class="lines pad">
        <bdi class="strong">{card.title}</bdi>
        {card.text !== undefined && (
          <span class="card-text">
            <RichText text={card.text} />
          </span>
        )}
      </div>
      <Actions actions={card.actions} />
    </div>
  );
}

function Actions({ actions }: { actions: readonly Action[] }) {
  const { chat } = useView();
  return (
    <>
      {each(actions, (action) =>
        "value" in action ? (
          <button
            type="button"
            class="action"
            onClick={() => chat.say({ type: "text", text: action.label, value: action.value })}
          >
            {action.label}
          </button>
        ) : (
          <Out class="action" url={action.url}>
            {action.label}
            <Icon name="out" />
            <Host url={action.url} />
          </Out>
        ),
      )}
    </>
  );
}

/** Where a link leads, unless that is the shop the shopper is on. */
function Host({ url }: { url: string }) {
  const host = hostOf(url);
  return host === location.host ? null : <span class="host">{host}</span>;
}

export function LinkCard({ content }: { content: ContentOf<"link"> }) {
  return (
    <Out class="box" url={content.url}>
      <Thumb class="cover" url={content.imageUrl} />
      <span class="lines pad">
        <bdi class="strong">{content.title}</bdi>
        {content.description !== undefined && <span class="faint clamp">{content.description}</span>}
        <span class="host">{hostOf(content.url)}</span>
      </span>
    </Out>
  );
}

export function Location({ content }: { content: ContentOf<"location"> }) {
  const { t } = useView();
  const { lat, lng, title, address } = content;
  return (
    <Out class="box row" url={`https://www.openstreetmap.org/?mlat=${lat}&mlon=${lng}#map=16/${lat}/${lng}`}>
      <span class="tile">
        <Icon name="pin" />
      </span>
      <span class="lines">
        <bdi class="strong">{title ?? t.location}</bdi>
        <span class="faint">{address ?? `${lat}, ${lng}`}</span>
      </span>
    </Out>
  );
}

export function Product({ content }: { content: ContentOf<"product"> }) {
  const { state } = useView();
  return (
    <Out class="box row" url={content.url}>
      <Goods url={content.imageUrl} />
      <span class="lines">
        <bdi class="strong clamp">{content.title}</bdi>
        {content.price !== undefined && <span class="price">{formatPrice(content.price, state.locale)}</span>}
      </span>
    </Out>
  );
}

function Goods({ url }: { url: string | undefined }) {
  const box = (
    <span class="tile">
      <Icon name="box" />
    </span>
  );
  return <Thumb class="thumb" url={url} fallback={box} />;
}

/** More than this and the card only counts them. */
const shownItems = 4;

export function Order({ content }: { content: ContentOf<"order"> }) {
  const { state, t } = useView();
  const { orderId, status, items, total, url } = content;
  const more = items.length - shownItems;
  return (
    <div class="box order">
      <div class="order-line">
        <span class="faint">
          {t.order} <bdi>{orderId}</bdi>
        </span>
        <span class="status">{status}</span>
      </div>
      {each(items.slice(0, shownItems), (item) => (
        <div class="row order-item">
          <Goods url={"imageUrl" in item ? item.imageUrl : undefined} />
          <bdi class="clamp">{item.title}</bdi>
          <span class="faint">×{item.quantity}</span>
        </div>
      ))}
      <div class="order-line">
        <span class="faint">{more > 0 && `+${more}`}</span>
        {total !== undefined && <span class="price">{formatPrice(total, state.locale)}</span>}
      </div>
      {url !== undefined && <Actions actions={[{ label: t.details, url }]} />}
    </div>
  );
}
