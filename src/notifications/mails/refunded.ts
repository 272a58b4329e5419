import { BANK_WORDS } from "../../orders/index.ts";
import { formatMoney } from "../../platform/money.ts";
import type { PayloadOf } from "../../platform/outbox/topics.ts";
import type { Letter } from "../letter/letter.ts";
import { type AboutOrder, orderLetter, refundAmount } from "./about-order.ts";

/** "Your money is on its way to you." */
export function refunded(
  about: AboutOrder,
  { refundId }: Pick<PayloadOf<"mail.refunded">, "refundId">,
): Letter {
  const amount = refundAmount(about, refundId);
  const what = amount === undefined ? "your money" : formatMoney(amount);
  return orderLetter(about, {
    heading: `Your refund for order #${about.order.number} is on its way`,
    paragraphs: [`We have sent ${what} back to you. ${BANK_WORDS}`],
  });
}
