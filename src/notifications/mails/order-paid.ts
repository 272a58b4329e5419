import type { Order } from "../../orders/index.ts";
import { formatMoney } from "../../platform/money.ts";
import type { Letter } from "../letter/letter.ts";

/** "Somebody has bought something." For those who run the shop. */
export function orderPaid(order: Order, url: string): Letter {
  const { number, total, email } = order;
  return {
    subject: `Order #${number}: ${formatMoney(total)}`,
    heading: `Order #${number} is paid`,
    paragraphs: email === null ? [] : [`By ${email}.`],
    order,
    action: { url, label: "See the order" },
  };
}
