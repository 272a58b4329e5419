import { type Address, BANK_WORDS, type Order, type OrderEvent } from "../../orders/index.ts";
import { countryName } from "../../platform/countries.ts";
import { isTakenByBank, moneyBackWords } from "./money-back-words.ts";

/** What an order's page says first, and whether to ask again soon. */
export interface Headline {
  readonly heading: string;
  readonly words: string;
  readonly tone: "good" | "waiting" | "over";
  readonly refreshSeconds?: number;
}

const PAYMENT_SECONDS = 3;
const BANK_SECONDS = 30;

/** The order's state in words for the person who placed it. */
export function headlineOf(order: Order): Headline {
  const { status, paymentStatus } = order;
  if (paymentStatus === "disputed") {
    return {
      heading: "Your bank is looking into this payment",
      words: "We wait for what it decides, and your bank tells you. This page says it, too.",
      tone: "waiting",
    };
  }
  if (paymentStatus === "refunded" || paymentStatus === "partially_refunded") {
    const goesOn = status === "paid" && paymentStatus === "partially_refunded";
    return { ...moneyBackWords(order), tone: goesOn ? "good" : "over" };
  }
  if (status === "paid") return paidHeadline(order);
  if (status === "pending_payment") return pendingHeadline(order);
  if (paymentStatus === "paid") {
    if (status === "canceled") return canceledHeadline();
    return {
      heading: "Your payment is being returned",
      words: `It reached us after the time for it had ended, and we could not use it any more. We are returning all of it. ${BANK_WORDS}`,
      tone: "over",
      refreshSeconds: PAYMENT_SECONDS,
    };
  }
  return endedHeadline(order);
}

function canceledHeadline(): Headline {
  return {
    heading: "This order was canceled",
    words: `We are returning all that you have paid for it. ${BANK_WORDS}`,
    tone: "over",
    refreshSeconds: PAYMENT_SECONDS,
  };
}

function pendingHeadline({ paymentStatus }: Order): Headline {
  if (paymentStatus === "processing") {
    return {
      heading: "Your bank is working on it",
      words:
        "You are done. A payment of this kind can take a few days, and everything stays reserved for you until then. We write to you when it has arrived.",
      tone: "waiting",
      refreshSeconds: BANK_SECONDS,
    };
  }
  return {
    heading: "Waiting for your payment",
    words: "If you have just paid, this page will say so in a moment, by itself.",
    tone: "waiting",
    refreshSeconds: PAYMENT_SECONDS,
  };
}

function paidHeadline(order: Order): Headline {
  const where = order.email === null ? "to you" : `to ${order.email}`;
  if (order.fulfillmentStatus === "fulfilled") {
    return {
      heading: "It is on its way",
      words: "Everything in this order has been sent.",
      tone: "good",
    };
  }
  if (order.fulfillmentStatus === "partially_fulfilled") {
    return {
      heading: "Part of it is on its way",
      words: "We write again when the rest of this order is sent.",
      tone: "good",
    };
  }
  const next = isSent(order) ? " We pack it next, and write again when it is on its way." : "";
  return {
    heading: "Thank you. It is yours.",
    words: `Your payment has arrived, and the receipt goes ${where}.${next}`,
    tone: "good",
  };
}

/** Whether there is a parcel to send. */
function isSent({ items }: Order): boolean {
  return items.some(({ requiresShipping }) => requiresShipping);
}

function endedHeadline({ status, paymentStatus }: Order): Headline {
  if (paymentStatus === "failed") {
    return {
      heading: "Your bank has declined the payment",
      words: "Nothing was charged, and what you chose is back on the shelf.",
      tone: "over",
    };
  }
  if (status === "canceled" && paymentStatus === "processing") {
    return {
      heading: "This order was canceled",
      words:
        "What you chose is back on the shelf. Your bank is still working on your payment: if it arrives, all of it goes back to you.",
      tone: "over",
    };
  }
  if (status === "expired") {
    const money =
      paymentStatus === "processing" ? "Your payment has not arrived" : "Nothing was charged";
    return {
      heading: "This order was not paid in time",
      words: `${money}, and what you chose is back on the shelf. If a payment of yours still arrives, you get the goods if they are there, or all of your money back.`,
      tone: "over",
    };
  }
  return {
    heading: "This order was canceled",
    words: "Nothing was charged, and what you chose is back on the shelf.",
    tone: "over",
  };
}

const STATUS_WORDS = {
  status: {
    pending_payment: "Waiting for payment",
    paid: "Placed",
    canceled: "Canceled",
    expired: "Not paid in time",
  },
  paymentStatus: {
    unpaid: "Not paid yet",
    processing: "Your bank is working on it",
    paid: "Paid",
    partially_refunded: "Partly refunded",
    refunded: "Refunded",
    disputed: "Disputed at your bank",
    failed: "Declined by your bank",
  },
  fulfillmentStatus: {
    unfulfilled: "Not sent yet",
    partially_fulfilled: "Partly sent",
    fulfilled: "Sent",
  },
} as const;

/** The three statuses, in words for people. */
export function statusesOf(
  order: Order,
): readonly { readonly label: string; readonly words: string }[] {
  const ended = order.status === "canceled" || order.status === "expired";
  const fulfillment =
    (ended || !isSent(order)) && order.fulfillmentStatus === "unfulfilled"
      ? "Nothing will be sent"
      : STATUS_WORDS.fulfillmentStatus[order.fulfillmentStatus];
  const returning = ended && order.paymentStatus === "paid";
  const payment = returning ? "Being returned" : paymentWords(order);
  return [
    { label: "Order", words: STATUS_WORDS.status[order.status] },
    { label: "Payment", words: payment },
    { label: "Delivery", words: fulfillment },
  ];
}

function paymentWords(order: Order): string {
  const { paymentStatus } = order;
  if (!isTakenByBank(order)) return STATUS_WORDS.paymentStatus[paymentStatus];
  if (paymentStatus === "refunded") return "Taken back by your bank";
  if (paymentStatus === "partially_refunded") return "Partly taken back by your bank";
  return STATUS_WORDS.paymentStatus[paymentStatus];
}

/** One shipment: what is in it, and how it travels. */
export function shipmentWords(order: Order, shipment: Order["fulfillments"][number]): string {
  const titles = new Map(order.items.map(({ sku, title }) => [sku, title]));
  const what = shipment.items.map(({ sku, quantity }) => `${quantity} × ${titles.get(sku) ?? sku}`);
  const { carrier, trackingNumber } = shipment;
  const how = [
    ...(carrier === null ? [] : [`with ${carrier}`]),
    ...(trackingNumber === null ? [] : [`tracking number ${trackingNumber}`]),
  ];
  return [what.join(", "), ...how].join(", ");
}

/** Where a parcel goes, as it is written on it. */
export function addressLines(to: Address): string[] {
  const place = `${to.postalCode} ${to.city}`;
  const { name, line1, line2 = "", region = "", country } = to;
  return [name, line1, line2, place, region, countryName(country)].filter((line) => line !== "");
}

const EVENT_WORDS: Readonly<Record<OrderEvent["type"], string | undefined>> = {
  "order.created": "You placed the order",
  "order.paid": "Your payment arrived",
  "order.canceled": "The order was canceled",
  "order.expired": "The time for the payment ended",
  "order.fulfilled": "It was sent to you",
  "payment.processing": "You paid, and your bank took over",
  "payment.failed": "Your bank declined the payment",
  "payment.returned": "Your payment could not be used for the order: we are returning it",
  "payment.mismatched": "Your payment was not the amount of the order: we are returning it",
  "refund.created": "We made a refund for you",
  "refund.pending": "Your refund was handed to your bank",
  "refund.succeeded": "Your refund was sent",
  "dispute.opened": "Your bank asked for the payment back",
  "dispute.won": "Your bank decided that the payment stands",
  "dispute.lost": "Your bank took the payment back",
  "refund.failed": "A refund did not go through: a person is looking into it",
  // For those who run the shop.
  "order.restored": undefined,
  "refund.stuck": undefined,
  "dispute.contradicted": undefined,
  "attention.resolved": undefined,
};

/** One entry of the history; undefined for what is not for customers. */
export function eventWords(type: OrderEvent["type"]): string | undefined {
  return EVENT_WORDS[type];
}
