import { useMutation, useQuery } from "@tanstack/react-query";
import { errorWords } from "../../api/errors.ts";
import { fetchOrders, ordersKey, ordersQuery } from "../../api/queries.ts";
import { queryClient } from "../../api/query-client.ts";
import type { IdentityLevel, OrderFact, Shipment } from "../../api/types.ts";
import { codeWords, useT } from "../../i18n/index.ts";
import { formatMoney } from "../../money.ts";
import { momentTime } from "../../time.ts";
import { Button } from "../../ui/button.tsx";
import { useNow } from "../../ui/hooks.ts";
import { Icon } from "../../ui/icon.tsx";
import { Chip } from "../../ui/pieces.tsx";
import { toast } from "../../ui/toast.tsx";
import { Card } from "./card.tsx";
import { FreshnessChip } from "./freshness-chip.tsx";
import { orderTone } from "./order-tone.ts";

const SHOWN = 5;

export function OrdersCard({
  contactId,
  level,
}: {
  readonly contactId: string;
  readonly level: IdentityLevel | undefined;
}) {
  const t = useT();
  const orders = useQuery(ordersQuery(contactId));
  const refresh = useMutation({
    mutationFn: () => fetchOrders(contactId, true),
    onSuccess: (data) => queryClient.setQueryData(ordersKey(contactId), data),
    onError: (error) => toast(errorWords(error), "bad"),
  });
  return (
    <Card
      name="orders"
      title={t("context.orders")}
      state={orders}
      extra={
        <>
          {orders.data && <FreshnessChip freshness={orders.data.freshness} />}
          <Button
            look="quiet"
            small
            icon="refresh"
            aria-label={t("common.refresh")}
            busy={refresh.isPending}
            onClick={() => refresh.mutate()}
          />
        </>
      }
    >
      {orders.data?.items.length === 0 && (
        <p className="muted">{t(level === "verified" ? "context.noOrders" : "context.noOrdersUnverified")}</p>
      )}
      <ul className="orders">
        {orders.data?.items.slice(0, SHOWN).map((order) => (
          <li key={order.orderId}>
            <Order order={order} />
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Order({ order }: { readonly order: OrderFact }) {
  const t = useT();
  return (
    <article className="order">
      <header>
        <span className="mono">{order.orderId}</span>
        <Chip tone={orderTone(order.status)}>{codeWords(t, "order", order.status)}</Chip>
        <span className="grow" />
        <strong className="num">{formatMoney(order.total)}</strong>
      </header>
      <ul className="order-items">
        {order.items.map((item) => (
          <li key={`${item.productId}-${item.title}`}>
            <span className="clip grow" title={item.title}>
              {item.title}
            </span>
            {!item.returnable && <Chip tone="line">{t("context.notReturnable")}</Chip>}
            <span className="muted num">×{item.quantity}</span>
          </li>
        ))}
      </ul>
      <ShipPromise order={order} />
      {order.shipments.map((shipment) => (
        <ShipmentView key={shipment.trackingNumber} shipment={shipment} />
      ))}
      {order.recipient && (
        <p className="muted clip">
          <bdi>{order.recipient.name}</bdi> {order.recipient.phone} · {order.recipient.region}
        </p>
      )}
    </article>
  );
}

function ShipPromise({ order }: { readonly order: OrderFact }) {
  const t = useT();
  const now = useNow();
  if (
    order.promisedShipAt === undefined ||
    order.shippedAt !== undefined ||
    !["paid", "preparing"].includes(order.status)
  )
    return null;
  const missed = Date.parse(order.promisedShipAt) < now;
  return (
    <Chip tone={missed ? "red" : "line"} icon={missed ? "alert" : "clock"}>
      {t(missed ? "context.promiseMissed" : "context.promised", { time: momentTime(order.promisedShipAt) })}
    </Chip>
  );
}

/** The last three nodes: where it is and how it got there. */
function ShipmentView({ shipment }: { readonly shipment: Shipment }) {
  const t = useT();
  return (
    <div className="shipment">
      <div className="shipment-head">
        <Icon name="truck" />
        <span className="clip">
          {shipment.carrier} <span className="mono">{shipment.trackingNumber}</span>
        </span>
        <Chip tone={shipment.status === "exception" ? "red" : undefined}>
          {codeWords(t, "shipment", shipment.status)}
        </Chip>
      </div>
      <ol>
        {shipment.nodes.slice(0, 3).map((node) => (
          <li key={`${node.at}${node.text}`}>
            <time className="num muted">{momentTime(node.at)}</time>
            <span>
              {node.place && `${node.place} `}
              {node.text}
            </span>
          </li>
        ))}
      </ol>
      {shipment.estimatedAt && shipment.status !== "delivered" && (
        <p className="muted">{t("context.estimated", { time: momentTime(shipment.estimatedAt) })}</p>
      )}
    </div>
  );
}
