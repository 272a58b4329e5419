import { BANK_WORDS, isFree, NOTHING_TO_DO, type Order } from "../../orders/index.ts";
import { formatMoney } from "../../platform/money.ts";
import type { PayloadOf } from "../../platform/outbox/topics.ts";
import type { Letter } from "../letter/letter.ts";
import { type AboutOrder, orderLetter, refundAmount } from "./about-order.ts";

/** "The shop has ended your order." */
export function orderCanceled(
  about: AboutOrder,
  { refundId }: Pick<PayloadOf<"mail.order_canceled">, "refundId">,
): Letter {
  return orderLetter(about, {
    heading: `Order #${about.order.number} was canceled`,
    paragraphs: [
      `We are sorry: the shop had to cancel your order. ${whatOfTheMoney(about, refundId)}`,
    ],
  });
}

const NOTHING_CHARGED: readonly Order["paymentStatus"][] = ["unpaid", "failed"];

/** What becomes of the money, by where the payment is when the mail leaves. */
function whatOfTheMoney(about: AboutOrder, refundId: string | undefined): string {
  const { paymentStatus, refunds } = about.order;
  if (paymentStatus === "paid" && isFree(about.order)) return "There was nothing to pay for it.";
  const amount = refundAmount(about, refundId);
  if (amount !== undefined)
    return `We are sending all that is left of your payment back to you: ${formatMoney(amount)}. ${BANK_WORDS}`;
  if (paymentStatus === "processing")
    return `Your bank is still working on the payment. If it arrives, all of it goes back to you. ${NOTHING_TO_DO}`;
  if (NOTHING_CHARGED.includes(paymentStatus)) return "Nothing was charged.";
  return refunds.some(({ source, status }) => source === "dispute" && status === "succeeded")
    ? "Your bank has taken the payment back already."
    : "Your money is on its way back to you already.";
}
