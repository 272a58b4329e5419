import * as z from "zod";
import { customerSchema, userSchema } from "../../identity/index.ts";
import { orderSchema } from "../../orders/index.ts";

const time = z.iso.datetime();

export const MOST_OF_EACH = 100;

const holdSchema = z.strictObject({
  ref: z.string(),
  status: z.string(),
  items: z.array(z.strictObject({ sku: z.string(), quantity: z.int() })),
  createdAt: time,
  expiresAt: time,
  endedAt: time.nullable(),
});

const logSchema = z.strictObject({
  action: z.string(),
  target: z.string(),
  by: z.enum(["you", "shop"]),
  address: z.string().nullable().meta({ description: "Where you did it from." }),
  createdAt: time,
});

/** All that is known of somebody. */
export const personalDataSchema = z
  .strictObject({
    customer: customerSchema,
    user: z.union([userSchema, z.null()]),
    sessions: z.array(
      z.strictObject({
        kind: z.string(),
        userAgent: z.string(),
        address: z.string(),
        createdAt: time,
        lastUsedAt: time,
        endedAt: time.nullable(),
      }),
    ),
    apiKeys: z.array(
      z.strictObject({
        name: z.string(),
        scopes: z.array(z.string()),
        createdAt: time,
        lastUsedAt: time.nullable(),
        revokedAt: time.nullable(),
      }),
    ),
    holds: z.array(holdSchema).meta({ description: "What is held and has no order yet." }),
    log: z.array(logSchema),
    orders: z.array(
      z.strictObject({
        order: orderSchema,
        hold: holdSchema.nullable(),
        history: z.array(
          z.strictObject({
            type: z.string(),
            data: z.record(z.string(), z.unknown()),
            by: z.enum(["you", "shop"]),
            createdAt: time,
          }),
        ),
        mails: z.array(
          z.strictObject({
            topic: z.string(),
            about: z.string(),
            status: z.string(),
            createdAt: time,
            doneAt: time.nullable(),
          }),
        ),
        log: z.array(logSchema),
      }),
    ),
  })
  .meta({
    id: "PersonalData",
    description: `A page of the orders, newest first, and with each page the newest ${MOST_OF_EACH} of everything else.`,
  });
export type PersonalData = z.infer<typeof personalDataSchema>;
