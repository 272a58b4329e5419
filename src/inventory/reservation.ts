import * as z from "zod";
import { skuSchema } from "../catalog/index.ts";
import { MINUTE_MS } from "../platform/clock.ts";
import { statesOf } from "../platform/state.ts";
import { storedJson } from "../platform/stored-json.ts";
import { reservationTransitions } from "./reservation-state.ts";

/** How long a hold lasts. */
export const HOLD_MS = 15 * MINUTE_MS;
const MAX_LINES = 50;
const MAX_QUANTITY = 10_000;

export const itemSchema = z.strictObject({
  sku: skuSchema,
  quantity: z.int().min(1).max(MAX_QUANTITY),
});
export const itemsSchema = z.array(itemSchema).min(1).max(MAX_LINES);
export type Item = z.infer<typeof itemSchema>;

const heldItems = z.array(z.strictObject({ sku: z.string(), quantity: z.int() }));

/** What a hold holds, as the database answers it. */
export const readItems = storedJson(heldItems);

export const reservationSchema = z
  .strictObject({
    id: z.string(),
    status: z.enum(statesOf(reservationTransitions)),
    items: heldItems,
    expiresAt: z.iso.datetime(),
    createdAt: z.iso.datetime(),
    orderId: z.string().nullable().meta({ description: "The order that has taken the hold over." }),
  })
  .meta({ id: "Reservation" });

export type Reservation = z.infer<typeof reservationSchema>;

/** Two lines of one SKU are one line: checked one by one, they could pass where their sum does not. */
export function sumLines(items: readonly Item[]): Item[] {
  const quantities = new Map<string, number>();
  for (const { sku, quantity } of items) quantities.set(sku, (quantities.get(sku) ?? 0) + quantity);
  return [...quantities].map(([sku, quantity]) => ({ sku, quantity }));
}
