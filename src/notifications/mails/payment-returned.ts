import { BANK_WORDS, type ReturnReason } from "../../orders/index.ts";
import { formatMoney } from "../../platform/money.ts";
import type { Letter } from "../letter/letter.ts";
import { type AboutOrder, orderLetter } from "./about-order.ts";

const WHY: Readonly<Record<ReturnReason, string>> = {
  sold_out:
    "Your payment reached us after the reservation had ended, and what you chose is no longer there.",
  code_used_up:
    "Your payment reached us after the reservation had ended, and its discount code has been used up since.",
  limit_reached:
    "Your payment reached us after the reservation had ended, and you have had as many as one customer can have since.",
  order_canceled: "Your payment reached us after the order had been canceled.",
  amount_mismatch: "Your payment was not the amount that the order asks for, so nothing was sold.",
};
const WHY_AT_ALL = "Your payment could not be used.";
const words = new Map<string, string>(Object.entries(WHY));

/** "Your payment could not be served, so it is on its way back." */
export function paymentReturned(about: AboutOrder): Letter {
  const { number, refunds } = about.order;
  const [refund] = refunds;
  const why = words.get(refund?.reason ?? "") ?? WHY_AT_ALL;
  const amount = refund === undefined ? "" : `: ${formatMoney(refund.amount)}`;
  return orderLetter(about, {
    heading: `Your payment for order #${number} is on its way back`,
    paragraphs: [`${why} We are returning all of it${amount}. ${BANK_WORDS}`],
  });
}
