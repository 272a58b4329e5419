import { BANK_WORDS, type Order, type OrderSum } from "../../orders/index.ts";
import { formatMoney, type Money } from "../../platform/money.ts";

type Refund = Order["refunds"][number];

/** What has gone back of an order's money, or is about to, each with one sum a currency. */
interface MoneyBack {
  readonly sent: readonly Money[];
  readonly coming: readonly Money[];
  readonly taken: readonly Money[];
}

/** What a bank keeps after a lost dispute: nobody here has sent it. */
function isTaken({ source }: Refund): boolean {
  return source === "dispute";
}

/** Counted from the refunds, because what an order says is refunded has only the money of its own currency. */
function moneyBackOf({ refunds }: Order): MoneyBack {
  const succeeded = refunds.filter(({ status }) => status === "succeeded");
  return {
    sent: sumsOf(succeeded.filter((refund) => !isTaken(refund))),
    coming: sumsOf(refunds.filter(({ status }) => status === "pending")),
    taken: sumsOf(succeeded.filter(isTaken)),
  };
}

function sumsOf(refunds: readonly Refund[]): Money[] {
  const sums = new Map<string, number>();
  for (const { amount: money } of refunds)
    sums.set(money.currency, (sums.get(money.currency) ?? 0) + money.amount);
  return [...sums].map(([currency, amount]) => ({ amount, currency }));
}

const format = (sums: readonly Money[]) => sums.map((money) => formatMoney(money)).join(" and ");

/** Heading and words for an order of which some money has gone back: what we sent, and what a bank took. */
export function moneyBackWords(order: Order): { readonly heading: string; readonly words: string } {
  const { sent, coming, taken } = moneyBackOf(order);
  const part = order.status === "paid" && order.paymentStatus === "partially_refunded";
  const whole = part ? ` of ${formatMoney(order.total)}` : "";
  if (sent.length === 0 && coming.length === 0)
    return {
      heading: part ? "Your bank took part of the payment back" : "Your bank took the payment back",
      words: `It took ${format(taken)}${whole} back from us. When you see it, your bank can tell you.`,
    };
  const another = sent.length === 0 ? "" : "another ";
  const sentences = [
    ...(sent.length === 0 ? [] : [`We have sent ${format(sent)}${whole} back to you.`]),
    ...(coming.length === 0 ? [] : [`We are sending ${another}${format(coming)} back to you.`]),
    BANK_WORDS,
    ...(taken.length === 0 ? [] : [`Your bank took ${format(taken)} back from us itself.`]),
  ];
  return {
    heading: part ? "Part of your money is on its way back" : "Your money is on its way back",
    words: sentences.join(" "),
  };
}

/** What of an order's own currency we have refunded, and what a bank took back. */
export function refundSums(order: Order): OrderSum[] {
  const { currency } = order.refunded;
  const own = moneyBackOf(order).taken.find((money) => money.currency === currency);
  const taken = own?.amount ?? 0;
  const sums: OrderSum[] = [
    {
      label: "Refunded",
      money: { amount: order.refunded.amount - taken, currency },
      minus: true,
    },
    { label: "Taken back by your bank", money: { amount: taken, currency }, minus: true },
  ];
  return sums.filter(({ money }) => money.amount !== 0);
}

/** Whether all that has gone back was taken by a bank. */
export function isTakenByBank(order: Order): boolean {
  const { sent, taken } = moneyBackOf(order);
  return sent.length === 0 && taken.length > 0;
}

const REFUND_WORDS = {
  pending: "on its way to your bank",
  succeeded: "sent to your bank",
  failed: "did not go through",
} as const;

/** What went back, in words for people; a refund of no money is none to them. */
export function refundEntries({ refunds }: Order): string[] {
  return refunds.filter(({ amount }) => amount.amount > 0).map(refundWords);
}

/** One refund, or what a bank took. */
function refundWords(refund: Refund): string {
  return `${formatMoney(refund.amount)} ${isTaken(refund) ? takenWords(refund) : REFUND_WORDS[refund.status]}`;
}

/** What a bank gives up after an appeal is the shop's again. */
function takenWords({ status }: Refund): string {
  return status === "failed"
    ? "was taken back by your bank, and returned to the shop when it decided again"
    : "taken back by your bank";
}
