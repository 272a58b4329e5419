import { formatDay, includedTaxSums, isFree, type Paid } from "../../orders/index.ts";
import { type Seller, type ShopSettings, sellerLines } from "../../settings/index.ts";
import type { Letter } from "../letter/letter.ts";
import { type AboutOrder, orderLetter } from "./about-order.ts";

/** What a receipt says beyond the order, and where it can be printed. */
export interface ReceiptDetails {
  readonly paid: Paid;
  readonly settings: Pick<ShopSettings, "receipt"> & { readonly seller: Seller | null };
  readonly receiptUrl: string;
}

/** "We have your money, and this is yours." */
export function receipt(
  about: AboutOrder,
  { paid, settings: { seller, receipt: printed }, receiptUrl }: ReceiptDetails,
): Letter {
  const { order } = about;
  const heading = `Thank you. Order #${order.number} is ${isFree(order) ? "yours" : "paid"}.`;
  const paragraphs = isFree(order) ? [] : [`Paid on ${formatDay(paid.paidAt, paid)}.`];
  const small = [
    ...(seller === null ? [] : [sellerLines(seller).join("\n")]),
    ...(printed.footer === null ? [] : [printed.footer]),
  ];
  return {
    ...orderLetter(
      about,
      { heading, paragraphs, order, sums: includedTaxSums(paid) },
      `Your receipt for order #${order.number}`,
    ),
    also: { url: receiptUrl, label: "Print the receipt" },
    small,
  };
}
