import type { Movement } from "../../payments/index.ts";
import { formatMoney } from "../../platform/money.ts";
import type { Booked } from "./store.ts";

/** What both books say of a currency, in its minor units. */
export interface Total {
  readonly paidThere: number;
  readonly paidHere: number;
  readonly backThere: number;
  readonly backHere: number;
}
export type Totals = Readonly<Record<string, Total>>;

const NOTHING: Total = { paidThere: 0, paidHere: 0, backThere: 0, backHere: 0 };

export interface Comparison {
  readonly totals: Totals;
  /** Ids at the provider of what both books agree on. */
  readonly agreed: { readonly payments: string[]; readonly refunds: string[] };
  /** What they do not agree on, as sentences. */
  readonly differences: readonly string[];
}

/**
 * Compares movements on the provider's books with the shop's. What carries no mark of the shop and is not in its books
 * is somebody else's. Pure.
 */
export function compareMovements(
  movements: readonly Movement[],
  booked: { readonly payments: readonly Booked[]; readonly refunds: readonly Booked[] },
  before: Totals,
): Comparison {
  const payments = new Map(booked.payments.map((one) => [one.id, one]));
  const refunds = new Map(booked.refunds.map((one) => [one.id, one]));
  const agreed: Comparison["agreed"] = { payments: [], refunds: [] };
  const differences: string[] = [];
  let totals = before;
  for (const movement of movements) {
    const { kind, id, money, mark, providerPaymentId } = movement;
    if (kind === "other") continue;
    const here = kind === "payment" ? payments.get(id) : refunds.get(id);
    const ours = mark === "own" || payments.has(providerPaymentId ?? "");
    if (here === undefined && !ours) continue;
    totals = add(totals, movement, here);
    if (here?.amount === money.amount && here.currency === money.currency)
      agreed[kind === "payment" ? "payments" : "refunds"].push(id);
    else differences.push(`${kind} ${id}: ${formatMoney(money)} there, ${words(here)} here`);
  }
  return { totals, agreed, differences };
}

function words(here: Booked | undefined): string {
  return here === undefined ? "nothing" : formatMoney(here);
}

function add(totals: Totals, { kind, money }: Movement, here: Booked | undefined): Totals {
  const there = totals[money.currency] ?? NOTHING;
  const amountHere = here?.amount ?? 0;
  const sum =
    kind === "payment"
      ? {
          ...there,
          paidThere: there.paidThere + money.amount,
          paidHere: there.paidHere + amountHere,
        }
      : {
          ...there,
          backThere: there.backThere + money.amount,
          backHere: there.backHere + amountHere,
        };
  return { ...totals, [money.currency]: sum };
}
