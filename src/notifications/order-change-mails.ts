import { formatMoney, type Money } from "../platform/money.ts";
import type { PayloadOf } from "../platform/outbox/topics.ts";
import { button, escapeHtml, frame } from "./layout.ts";
import type { Mail } from "./mailer.ts";
import type { OrderMailData } from "./order-mails.ts";

const BANK_WORDS = "Depending on your bank it takes 5 to 10 days to arrive.";
const NOTHING_TO_DO = "You do not have to do anything.";

interface Told {
  readonly heading: string;
  readonly words: string;
  readonly list?: readonly string[];
}

/** One heading, one paragraph, a list where there is one, and the way to the order. */
function letter(
  { shopName, to, orderUrl }: OrderMailData,
  { heading, words, list = [] }: Told,
): Mail {
  const items = list.map((line) => `<li>${escapeHtml(line)}</li>`).join("");
  const html =
    list.length === 0 ? "" : `<ul style="margin:12px 0 0;padding-left:20px">${items}</ul>`;
  return {
    to,
    subject: heading,
    html: frame(
      shopName,
      heading,
      `<p style="margin:0">${escapeHtml(words)}</p>${html}${button(orderUrl, "See your order")}`,
    ),
    text: [
      heading,
      "",
      words,
      ...(list.length === 0 ? [] : ["", ...list]),
      "",
      `Your order: ${orderUrl}`,
      "",
      shopName,
    ].join("\n"),
  };
}

function amountOf({ order }: OrderMailData, refundId: string | undefined): Money | undefined {
  return order.refunds.find(({ id }) => id === refundId)?.amount;
}

const WHY_RETURNED: Readonly<Record<string, string>> = {
  sold_out:
    "Your payment reached us after the reservation had ended, and what you chose is no longer there.",
  code_used_up:
    "Your payment reached us after the reservation had ended, and its discount code has been used up since.",
  order_canceled: "Your payment reached us after the order had been canceled.",
  amount_mismatch: "Your payment was not the amount that the order asks for, so nothing was sold.",
};

/** "Your payment could not be served, so it is on its way back." */
export function paymentReturnedMail(data: OrderMailData): Mail {
  const [refund] = data.order.refunds;
  const why = WHY_RETURNED[refund?.reason ?? ""] ?? "Your payment could not be used.";
  const amount = refund === undefined ? "" : `: ${formatMoney(refund.amount)}`;
  return letter(data, {
    heading: `Your payment for order #${data.order.number} is on its way back`,
    words: `${why} We are returning all of it${amount}. ${BANK_WORDS} ${NOTHING_TO_DO}`,
  });
}

const AFTER_DECLINE = {
  declined: "Nothing was charged, and the reservation has ended. You are welcome to order again.",
  over: `The order is over, and nothing was charged. ${NOTHING_TO_DO}`,
} as const;

/** "Your bank has not paid." `reason`: it was declined, it is late, or the order is over anyway. */
export function paymentFailedMail(
  data: OrderMailData,
  { reason }: PayloadOf<"mail.payment_failed">,
): Mail {
  const { number } = data.order;
  if (reason === "late")
    return letter(data, {
      heading: `The payment for order #${number} did not arrive in time`,
      words: `Your bank has not sent it yet, so the reservation has ended. If the money still comes, you get what you ordered where it is still there; if not, all of it goes back to you. ${NOTHING_TO_DO}`,
    });
  return letter(data, {
    heading: `The payment for order #${number} failed`,
    words: `Your bank did not make the payment. ${AFTER_DECLINE[reason]}`,
  });
}

/** "Your money is on its way to you." */
export function refundedMail(data: OrderMailData, { refundId }: PayloadOf<"mail.refunded">): Mail {
  const amount = amountOf(data, refundId);
  const what = amount === undefined ? "your money" : formatMoney(amount);
  return letter(data, {
    heading: `Your refund for order #${data.order.number} is on its way`,
    words: `We have sent ${what} back to you. ${BANK_WORDS} ${NOTHING_TO_DO}`,
  });
}

/** "The shop has ended your order." */
export function orderCanceledMail(
  data: OrderMailData,
  { refundId }: PayloadOf<"mail.order_canceled">,
): Mail {
  return letter(data, {
    heading: `Order #${data.order.number} was canceled`,
    words: `We are sorry: the shop had to cancel your order. ${moneyOfCanceled(data, refundId)}`,
  });
}

const NOTHING_CHARGED: readonly string[] = ["unpaid", "failed"];

/** What becomes of the money, by where the payment is when the mail leaves. */
function moneyOfCanceled(data: OrderMailData, refundId: string | undefined): string {
  const { paymentStatus, refunds } = data.order;
  const amount = amountOf(data, refundId);
  if (amount !== undefined)
    return `We are sending all that is left of your payment back to you: ${formatMoney(amount)}. ${BANK_WORDS} ${NOTHING_TO_DO}`;
  if (paymentStatus === "processing")
    return `Your bank is still working on the payment. If it arrives, all of it goes back to you. ${NOTHING_TO_DO}`;
  if (NOTHING_CHARGED.includes(paymentStatus)) return "Nothing was charged.";
  return refunds.some(({ source, status }) => source === "dispute" && status === "succeeded")
    ? "Your bank has taken the payment back already."
    : "Your money is on its way back to you already.";
}

/** "It is on its way." */
export function shippedMail(
  data: OrderMailData,
  { fulfillmentId }: PayloadOf<"mail.shipped">,
): Mail {
  const { order } = data;
  const parcel = order.fulfillments.find(({ id }) => id === fulfillmentId);
  const titles = new Map(order.items.map((item) => [item.sku, item]));
  const list = (parcel?.items ?? []).map(({ sku, quantity }) => {
    const line = titles.get(sku);
    return `${quantity} × ${line === undefined ? sku : `${line.title}, ${line.variantTitle}`}`;
  });
  return letter(data, {
    heading: `Order #${order.number} is on its way`,
    words: `We have sent this to you. ${trackingWords(parcel ?? {})}`.trim(),
    list,
  });
}

function trackingWords(parcel: {
  carrier?: string | null;
  trackingNumber?: string | null;
}): string {
  const { carrier, trackingNumber } = parcel;
  const by = carrier ? `It travels with ${carrier}` : "";
  if (!trackingNumber) return by && `${by}.`;
  return by
    ? `${by}, tracking number ${trackingNumber}.`
    : `The tracking number is ${trackingNumber}.`;
}
