import type { Context } from "../context.ts";
import { wakeDue } from "../jobs/wake.ts";
import { dueRows, postpone } from "./store.ts";

/** Wakes the queue for promises that it has not heard of, or has lost. */
export function relayOutbox(ctx: Context): Promise<{ woken: number }> {
  return wakeDue(ctx, { type: "outbox", due: dueRows, postpone });
}
