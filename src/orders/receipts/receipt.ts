import { toTimestamp } from "../../platform/clock.ts";
import type { Context } from "../../platform/context.ts";
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
  /** The shop's, whose days a receipt goes by. */
  readonly timeZone: string;
}

const readMoney = storedJson(moneySchema);

export function presentPaid({ config }: Context, { paidAt, includedTax }: PaidRow): Paid {
  return {
    timeZone: config.timeZone,
    paidAt: toTimestamp(paidAt),
    includedTax: includedTax === null ? undefined : readMoney(includedTax),
  };
}

/** The tax that stands under the total, because it is in it already. */
export function includedTaxSums({ includedTax: money }: Paid): OrderSum[] {
  return money === undefined ? [] : [{ label: "Including tax", money }];
}

let days: Intl.DateTimeFormat | undefined;

/** "November 26, 2026", by the shop's clocks: a receipt says the same whoever prints it, and the same day as the reports. */
export function formatDay(iso: string, { timeZone }: Pick<Paid, "timeZone">): string {
  if (days?.resolvedOptions().timeZone !== timeZone)
    days = new Intl.DateTimeFormat("en-US", { dateStyle: "long", timeZone });
  return days.format(new Date(iso));
}
