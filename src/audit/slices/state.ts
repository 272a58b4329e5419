import * as z from "zod";

const idSchema = z.union([z.string(), z.number()]);
const kindSchema = z.enum(["orders", "holds", "skus", "codes", "days", "customers", "keys"]);
/** Rows that are looked at together. */
const sliceSchema = z.strictObject({ kind: kindSchema, ids: z.array(idSchema) });
export type Slice = z.infer<typeof sliceSchema>;

/** What a round goes through, in this order. The ledger is counted anew before the SKUs are compared with it. */
export const STAGES = [
  "ledger",
  "skus",
  "holds",
  "orders",
  "codes",
  "days",
  "customers",
  "keys",
] as const;

/** One round through everything, over as many runs as it takes. */
const roundSchema = z.strictObject({
  number: z.number(),
  begunAt: z.number(),
  stage: z.enum(STAGES),
  /** The last row of the stage that was looked at. */
  after: idSchema,
  /** How far the ledger was counted anew. */
  counted: z.number(),
});
export type Round = z.infer<typeof roundSchema>;

/** Times are in milliseconds. */
export const stateSchema = z.object({
  /** When the run that is under way began. */
  begunAt: z.number().nullable().default(null),
  /** The last entry of the orders' histories that was looked at. */
  history: z.number().default(0),
  /** The last row of the ledger that was looked at. */
  ledger: z.number().default(0),
  /** The last row of the ledger whose SKU was looked at. */
  levels: z.number().default(0),
  /** The last idempotency key that was looked at, by its place. */
  keys: z.number().default(0),
  round: roundSchema.nullable().default(null),
  rounds: z.number().default(0),
  /** When the last round that ended began, and in how many runs it was done. */
  last: z.strictObject({ begunAt: z.number(), runs: z.number() }).nullable().default(null),
  /** In how many runs this round has been at work. */
  runs: z.number().default(0),
  /** Where something was wrong the last time. It is looked at each time, until it is mended. */
  suspects: z.array(sliceSchema).default([]),
});
export type AuditState = z.infer<typeof stateSchema>;
