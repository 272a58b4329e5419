import { eq } from "drizzle-orm";
import { query } from "../../platform/db.ts";
import { refunds } from "../refunds/schema.ts";
import { disputes } from "./schema.ts";

export function insertDispute(row: typeof disputes.$inferInsert) {
  return query.insert(disputes).values(row);
}

export function settleDispute(id: string, status: "won" | "lost", now: number) {
  return query.update(disputes).set({ status, updatedAt: now }).where(eq(disputes.id, id));
}

type ForeignRefund = typeof refunds.$inferInsert & {
  readonly source: "stripe" | "dispute";
  readonly stripeRefundId: string;
};

/** Money that went back without the shop; what Stripe calls it is on the books once. */
export function insertForeignRefund(row: ForeignRefund) {
  return query.insert(refunds).values(row);
}
