/** What an answer may speak of; the server refuses others when saving. */
export const VARIABLES: readonly (readonly [name: string, zh: string, en: string, sample: string])[] = [
  ["shop.name", "店铺名", "Shop name", "云栖家居"],
  ["shop.hours", "服务时间", "Service hours", "9:00–22:00"],
  ["contact.name", "顾客称呼", "Shopper's name", "林晓梅"],
  ["contact.tier", "会员等级", "Tier", "金卡"],
  ["order.id", "订单号", "Order number", "20261117-8812"],
  ["order.status", "订单状态", "Order status", "已发货"],
  ["order.total", "订单金额", "Order total", "¥599.00"],
  ["order.trackingNumber", "快递单号", "Tracking number", "SF1428800913207"],
  ["order.promisedShipAt", "承诺发货时间", "Promised ship time", "11-21 18:00"],
];

type PreviewPart =
  | { readonly kind: "text" | "unknown" | "logic"; readonly text: string }
  | { readonly kind: "value"; readonly text: string; readonly name: string };

/** The answer with sample values in place of its variables. */
export function previewParts(template: string): readonly PreviewPart[] {
  const parts: PreviewPart[] = [];
  let end = 0;
  for (const match of template.matchAll(/\{\{-?\s*([\w.[\]'"]+)([^}]*)\}\}|\{%[^%]*%\}/g)) {
    if (match.index > end) parts.push({ kind: "text", text: template.slice(end, match.index) });
    const name = match[1];
    const known = VARIABLES.find(([variable]) => variable === name);
    if (name === undefined) parts.push({ kind: "logic", text: match[0] });
    else if (known) parts.push({ kind: "value", text: known[3], name });
    else parts.push({ kind: "unknown", text: name });
    end = match.index + match[0].length;
  }
  if (end < template.length) parts.push({ kind: "text", text: template.slice(end) });
  return parts;
}
