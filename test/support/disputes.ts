import { arrive, buy, dispute, type Paid } from "./money-back.ts";

/** An order whose payment has gone through these statuses of a dispute, each heard of by the shop. */
export async function disputed(...statuses: readonly string[]): Promise<Paid> {
  const at = await buy();
  for (const status of statuses) {
    await dispute(at, status);
    await arrive();
  }
  return at;
}

export const OPEN = {
  status: "paid",
  paymentStatus: "disputed",
  attention: "dispute",
  refunded: 0,
};

export const KEPT = { status: "paid", paymentStatus: "paid", attention: null, refunded: 0 };

export const GONE = {
  status: "paid",
  paymentStatus: "refunded",
  attention: "dispute_lost",
  refunded: 2500,
};
