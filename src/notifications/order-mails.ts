import { formatMoney, type Money } from "../platform/money.ts";
import { button, escapeHtml, frame } from "./layout.ts";
import type { Mail } from "./mailer.ts";

export interface OrderMailData {
  readonly shopName: string;
  readonly to: string;
  readonly orderUrl: string;
  readonly order: {
    readonly number: number;
    readonly paymentStatus: string;
    readonly discountCode: string | null;
    readonly subtotal: Money;
    readonly discount: Money;
    readonly shipping: Money;
    readonly tax: Money;
    readonly total: Money;
    readonly items: readonly {
      readonly sku: string;
      readonly title: string;
      readonly variantTitle: string;
      readonly quantity: number;
      readonly total: Money;
    }[];
    readonly refunds: readonly {
      readonly id: string;
      readonly status: string;
      readonly amount: Money;
      readonly reason: string;
      readonly source: string;
    }[];
    readonly fulfillments: readonly {
      readonly id: string;
      readonly carrier: string | null;
      readonly trackingNumber: string | null;
      readonly items: readonly { readonly sku: string; readonly quantity: number }[];
    }[];
  };
}

/** What the total is made of; nothing where it is the goods alone. */
function sumsOf(order: OrderMailData["order"]): [label: string, amount: string][] {
  const { discountCode, subtotal, discount, shipping, tax } = order;
  const named = discountCode === null ? "" : ` (${discountCode})`;
  const sums: [string, string, number][] = [
    [`Discount${named}`, `−${formatMoney(discount)}`, discount.amount],
    ["Shipping", formatMoney(shipping), shipping.amount],
    ["Tax", formatMoney(tax), tax.amount],
  ];
  const some = sums.filter(([, , amount]) => amount !== 0);
  if (some.length === 0) return [];
  return [
    ["Subtotal", formatMoney(subtotal)],
    ...some.map(([label, text]): [string, string] => [label, text]),
  ];
}

const CELL = "padding:8px 0;border-top:1px solid #e6e0d8";

function sumRow([label, amount]: readonly [string, string]): string {
  return `<tr><td style="${CELL}">${escapeHtml(label)}</td><td style="${CELL};text-align:right">${amount}</td></tr>`;
}

/** "We have your money, and this is yours." */
export function receiptMail({ shopName, to, orderUrl, order }: OrderMailData): Mail {
  const heading = `Thank you. Order #${order.number} is paid.`;
  const rows = order.items
    .map(
      (item) =>
        `<tr><td style="${CELL}">${item.quantity} × ${escapeHtml(item.title)}<br><span style="color:#6b635b">${escapeHtml(item.variantTitle)}</span></td><td style="${CELL};text-align:right;vertical-align:top">${formatMoney(item.total)}</td></tr>`,
    )
    .join("");
  const sums = sumsOf(order);
  const table = `<table style="width:100%;border-collapse:collapse">${rows}${sums.map(sumRow).join("")}<tr><td style="${CELL};font-weight:700">Total</td><td style="${CELL};text-align:right;font-weight:700">${formatMoney(order.total)}</td></tr></table>`;
  const lines = order.items.map(
    (item) => `${item.quantity} × ${item.title}, ${item.variantTitle}: ${formatMoney(item.total)}`,
  );
  return {
    to,
    subject: `Your receipt for order #${order.number}`,
    html: frame(shopName, heading, table + button(orderUrl, "See your order")),
    text: [
      heading,
      "",
      ...lines,
      ...sums.map(([label, amount]) => `${label}: ${amount}`),
      `Total: ${formatMoney(order.total)}`,
      "",
      `Your order: ${orderUrl}`,
      "",
      shopName,
    ].join("\n"),
  };
}
