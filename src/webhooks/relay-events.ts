import type { Context } from "../platform/context.ts";
import { wakeDue } from "../platform/jobs/wake.ts";
import { dueEvents, postponeEvents } from "./store.ts";

/** Wakes the queue for events that it has not heard of, or has lost. */
export function relayEvents(ctx: Context): Promise<{ woken: number }> {
  return wakeDue(ctx, { type: "webhook", due: dueEvents, postpone: postponeEvents });
}
