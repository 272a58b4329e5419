import { formatMoney, type Money } from "../platform/money.ts";
import type { Order } from "./order.ts";

/** A row under the lines of an order. */
export interface OrderSum {
  readonly label: string;
  readonly money: Money;
  /** Taken off what stands above it. */
  readonly minus?: true;
}

interface Attributes {
  readonly class?: string;
  readonly style?: string;
}
interface RowLook {
  readonly name: Attributes;
  readonly amount: Attributes;
}

/** The attributes of each part: classes for a page, whose policy forbids styles; styles for a mail, which may lose its sheet. */
export interface OrderTableLook {
  readonly table: Attributes;
  readonly line: RowLook;
  readonly title: Attributes;
  readonly detail: Attributes;
  readonly sum: RowLook;
  readonly total: RowLook;
}

interface OrderTableProps {
  readonly order: Order;
  readonly look: OrderTableLook;
  /** What stands under the total. */
  readonly after?: readonly OrderSum[];
}

/** What an order is made of and what it costs, for pages and mails. */
export function OrderTable({ order, look, after = [] }: OrderTableProps) {
  return (
    <table {...look.table}>
      <tbody>
        {order.items.map((line) => (
          <tr>
            <th scope="row" {...look.line.name}>
              <div {...look.title}>{line.title}</div>
              <div {...look.detail}>{line.variantTitle}</div>
              <div {...look.detail}>
                {line.quantity} × {formatMoney(line.price)}
              </div>
            </th>
            <td {...look.line.amount}>{formatMoney(line.total)}</td>
          </tr>
        ))}
        {partsOf(order).map((sum) => (
          <SumRow sum={sum} look={look.sum} />
        ))}
        <SumRow sum={totalOf(order)} look={look.total} />
        {after.map((sum) => (
          <SumRow sum={sum} look={look.sum} />
        ))}
      </tbody>
    </table>
  );
}

function SumRow({ sum, look }: { sum: OrderSum; look: RowLook }) {
  return (
    <tr>
      <th scope="row" {...look.name}>
        {sum.label}
      </th>
      <td {...look.amount}>{sumWords(sum)}</td>
    </tr>
  );
}

/** The same table for who reads plain text, a row a line. */
export function orderTableText(order: Order, after: readonly OrderSum[] = []): string {
  const lines = order.items.map(
    ({ quantity, title, variantTitle, total }) =>
      `${quantity} × ${title}, ${variantTitle}: ${formatMoney(total)}`,
  );
  const sums = [...sumsOf(order), ...after].map((sum) => `${sum.label}: ${sumWords(sum)}`);
  return [...lines, ...sums].join("\n");
}

/** The total, under what it is made of. */
export function sumsOf(order: Order): OrderSum[] {
  return [...partsOf(order), totalOf(order)];
}

/** What the total is made of; nothing where it is the goods alone. */
function partsOf({ discountCode, subtotal, discount, shipping, tax }: Order): OrderSum[] {
  const named = discountCode === null ? "" : ` (${discountCode})`;
  const parts: OrderSum[] = [
    { label: `Discount${named}`, money: discount, minus: true },
    { label: "Shipping", money: shipping },
    { label: "Tax", money: tax },
  ];
  const some = parts.filter(({ money }) => money.amount !== 0);
  return some.length === 0 ? [] : [{ label: "Subtotal", money: subtotal }, ...some];
}

function totalOf({ total }: Order): OrderSum {
  return { label: "Total", money: total };
}

export function sumWords({ money, minus }: OrderSum): string {
  return `${minus ? "−" : ""}${formatMoney(money)}`;
}
