import { NOTHING_TO_DO } from "../../orders/index.ts";
import type { PayloadOf } from "../../platform/outbox/topics.ts";
import type { Letter } from "../letter/letter.ts";
import { type AboutOrder, orderLetter } from "./about-order.ts";

const AFTER_DECLINE = {
  declined: "Nothing was charged, and the reservation has ended. You are welcome to order again.",
  over: `The order is over, and nothing was charged. ${NOTHING_TO_DO}`,
} as const;

/** "Your bank has not paid." `reason`: it was declined, it is late, or the order is over anyway. */
export function paymentFailed(
  about: AboutOrder,
  { reason }: Pick<PayloadOf<"mail.payment_failed">, "reason">,
): Letter {
  const { number } = about.order;
  if (reason === "late")
    return orderLetter(about, {
      heading: `The payment for order #${number} did not arrive in time`,
      paragraphs: [
        `Your bank has not sent it yet, so the reservation has ended. If the money still comes, you get what you ordered where it is still there; if not, all of it goes back to you. ${NOTHING_TO_DO}`,
      ],
    });
  return orderLetter(about, {
    heading: `The payment for order #${number} failed`,
    paragraphs: [`Your bank did not make the payment. ${AFTER_DECLINE[reason]}`],
  });
}
