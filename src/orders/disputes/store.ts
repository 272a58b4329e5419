import { eq } from "drizzle-orm";
import { query } from "../../platform/db.ts";
import { disputes } from "./schema.ts";

export function insertDispute(row: typeof disputes.$inferInsert) {
  return query.insert(disputes).values(row);
}

export function settleDispute(id: string, status: "won" | "lost", now: number) {
  return query.update(disputes).set({ status, updatedAt: now }).where(eq(disputes.id, id));
}
