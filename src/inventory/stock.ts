import * as z from "zod";
import { thresholdSchema } from "../catalog/index.ts";
import { toTimestamp } from "../platform/clock.ts";
import { where } from "../platform/json-schema.ts";
import { lineSchema } from "../platform/text.ts";
import type { LevelRow, MovementRow } from "./store.ts";

const MAX_MOVED = 1_000_000;
const MOVEMENT_ID_DIGITS = 16;

/** Which levels a list has. */
export const levelFilterSchema = z.strictObject({ lowStock: z.enum(["true", "false"]).optional() });

export const levelSchema = z
  .strictObject({
    sku: z.string(),
    onHand: z.int(),
    reserved: z.int(),
    available: z.int(),
    lowStockThreshold: z.int(),
  })
  .meta({ id: "StockLevel" });
export type Level = z.infer<typeof levelSchema>;

export const levelChangesSchema = z.strictObject({ lowStockThreshold: thresholdSchema() });
export type LevelChanges = z.infer<typeof levelChangesSchema>;

export const movementSchema = z
  .strictObject({
    id: z.string(),
    sku: z.string(),
    kind: z.enum(["receive", "adjust", "damage", "return", "reserve", "release", "sale"]),
    quantity: z
      .int()
      .meta({ description: "How many units; of an adjustment, how many more or fewer." }),
    onHandDelta: z.int(),
    reservedDelta: z.int(),
    reason: z.string(),
    reservationRef: z.string().nullable().meta({
      description:
        "What staff call the hold by. It opens nothing: the hold's id is its holder's right, and is not shown.",
    }),
    orderId: z.string().nullable(),
    actor: z.string(),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: "StockMovement" });
export type Movement = z.infer<typeof movementSchema>;

export const newMovementSchema = z
  .strictObject({
    kind: z.enum(["receive", "adjust", "damage", "return"]),
    quantity: z.int().min(-MAX_MOVED).max(MAX_MOVED),
    reason: lineSchema(500),
  })
  .superRefine(({ kind, quantity }, issues) => {
    const wrong =
      kind === "adjust"
        ? quantity === 0 && "Must not be zero: how many more (or, below zero, fewer) there are."
        : quantity <= 0 && "Must be at least 1: the kind says whether stock comes or goes.";
    if (wrong !== false) issues.addIssue({ code: "custom", path: ["quantity"], message: wrong });
  })
  .meta(
    where(
      { kind: { const: "adjust" } },
      { properties: { quantity: { not: { const: 0 } } } },
      { properties: { quantity: { minimum: 1 } } },
    ),
  );
export type NewMovement = z.infer<typeof newMovementSchema>;

export function presentLevel(row: LevelRow): Level {
  return {
    sku: row.sku,
    onHand: row.onHand,
    reserved: row.reserved,
    available: row.onHand - row.reserved,
    lowStockThreshold: row.lowStockThreshold,
  };
}

/** The strong `ETag` of a level, which says all that it does; `updateThreshold` holds an `If-Match` against it. */
export function tagOf({ onHand, reserved, lowStockThreshold }: Level): string {
  return `"${onHand}-${reserved}-${lowStockThreshold}"`;
}

export function presentMovement(row: MovementRow): Movement {
  return {
    id: `mov_${String(row.seq).padStart(MOVEMENT_ID_DIGITS, "0")}`,
    sku: row.sku,
    kind: row.kind,
    quantity:
      row.kind === "adjust" ? row.onHandDelta : Math.abs(row.onHandDelta || row.reservedDelta),
    onHandDelta: row.onHandDelta,
    reservedDelta: row.reservedDelta,
    reason: row.reason,
    reservationRef: row.reservationRef,
    orderId: row.orderId,
    actor: row.actor,
    createdAt: toTimestamp(row.createdAt),
  };
}
