import { toTimestamp } from "../../platform/clock.ts";
import { type Money, moneySchema } from "../../platform/money.ts";
import { storedJson } from "../../platform/stored-json.ts";
import type { PaidRow } from "../events/store.ts";
import type { OrderSum } from "../order-table.tsx";

/** What a receipt says beyond the order. */
export interface Paid {
  /** RFC 3339. */
  readonly paidAt: string;
  /** Tax that is in the prices, which the order's sums do not show. */
  readonly includedTax: Money | undefined;
}

const readMoney = storedJson(moneySchema);

export function presentPaid({ paidAt, includedTax }: PaidRow): Paid {
  return {
    paidAt: toTimestamp(paidAt),
    includedTax: includedTax === null ? undefined : readMoney(includedTax),
  };
}

/** The tax that stands under the total, because it is in it already. */
export function includedTaxSums({ includedTax: money }: Paid): OrderSum[] {
  return money === undefined ? [] : [{ label: "Including tax", money }];
}

let days: Intl.DateTimeFormat | undefined;

/** "November 26, 2026", by UTC: a receipt says the same whoever prints it, and wherever. */
export function formatDay(iso: string): string {
  days ??= new Intl.DateTimeFormat("en-US", { dateStyle: "long", timeZone: "UTC" });
  return days.format(new Date(iso));
}
