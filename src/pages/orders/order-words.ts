import {
  BANK_WORDS,
  isFree,
  needParcel,
  type Order,
  type ShownOrder,
  takenOut,
} from "../../orders/index.ts";
import { moneyBackWords } from "./money-back-words.ts";

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
export function headlineOf(order: ShownOrder): Headline {
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
    if (status === "canceled") return canceledHeadline(order);
    return {
      heading: "Your payment is being returned",
      words: `It reached us after the time for it had ended, and we could not use it any more. We are returning all of it. ${BANK_WORDS}`,
      tone: "over",
      ...refreshWhileReturning(order),
    };
  }
  return endedHeadline(order);
}

function canceledHeadline(order: Order): Headline {
  const heading = "This order was canceled";
  if (isFree(order)) return { heading, words: "There was nothing to pay for it.", tone: "over" };
  return {
    heading,
    words: `We are returning all that you have paid for it. ${BANK_WORDS}`,
    tone: "over",
    ...refreshWhileReturning(order),
  };
}

/** After a refund that has failed, a person has to act first. */
function refreshWhileReturning({ refunds }: Order): Pick<Headline, "refreshSeconds"> {
  const failed = refunds.some(({ status }) => status === "failed");
  return failed ? {} : { refreshSeconds: PAYMENT_SECONDS };
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

function paidHeadline(order: ShownOrder): Headline {
  const { units } = order;
  const isOwed = units.some(({ owed }) => owed > 0);
  const isSent = units.some(({ sent }) => sent > 0);
  const isTakenOut = units.some((unit) => takenOut(unit) > 0);
  if (!isOwed && !isSent) return nothingLeftHeadline(order);
  if (!isSent) return thanksHeadline(order);
  const words = needParcel(order.items) ? ON_ITS_WAY : READY;
  if (isOwed) return { ...words.part, tone: "good" };
  return { ...(isTakenOut ? words.whatWasLeft : words.all), tone: "good" };
}

const WAY = "It is on its way";
const ON_ITS_WAY = {
  all: { heading: WAY, words: "Everything in this order has been sent." },
  whatWasLeft: {
    heading: WAY,
    words: "What was not taken out of this order has been sent. Nothing more will follow.",
  },
  part: {
    heading: "Part of it is on its way",
    words: "We write again when the rest of this order is sent.",
  },
};
const IS_READY = "It is ready for you";
const READY = {
  all: { heading: IS_READY, words: "Everything in this order is. Nothing of it needs a parcel." },
  whatWasLeft: {
    heading: IS_READY,
    words: "What was not taken out of this order is. Nothing of it needs a parcel.",
  },
  part: {
    heading: "Part of it is ready for you",
    words: "We write again when the rest of this order is. Nothing of it needs a parcel.",
  },
};

function nothingLeftHeadline(order: Order): Headline {
  const words = "All that was in it was taken out again, so nothing more will follow.";
  return {
    heading: "Nothing is left of this order",
    words: isFree(order) ? `${words} There was nothing to pay.` : words,
    tone: "over",
  };
}

function thanksHeadline(order: Order): Headline {
  const where = order.email === null ? "to you" : `to ${order.email}`;
  const what = isFree(order) ? "There was nothing to pay" : "Your payment has arrived";
  const next = needParcel(order.items)
    ? " We pack it next, and write again when it is on its way."
    : "";
  return {
    heading: "Thank you. It is yours.",
    words: `${what}, and the receipt goes ${where}.${next}`,
    tone: "good",
  };
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
