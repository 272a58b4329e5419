import type { Context } from "../../platform/context.ts";
import { wakeDue } from "../../platform/jobs/wake.ts";
import { dueDeliveries, postponeDeliveries } from "./store.ts";

/** Wakes the queue for deliveries that are due: those of changes just made, retries, and what the queue has lost. */
export function relayDeliveries(ctx: Context): Promise<{ woken: number }> {
  return wakeDue(ctx, { type: "delivery", due: dueDeliveries, postpone: postponeDeliveries });
}
