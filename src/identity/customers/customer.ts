import * as z from "zod";
import { toTimestamp } from "../../platform/clock.ts";
import { moneySchema } from "../../platform/money.ts";
import { storedJson } from "../../platform/stored-json.ts";
import type { CustomerRow } from "./store.ts";

export const customerSchema = z
  .strictObject({
    id: z.string(),
    email: z.string(),
    name: z.string().nullable().meta({
      description: "As they have registered; of a guest, whom the last parcel was addressed to.",
    }),
    account: z
      .strictObject({ id: z.string(), name: z.string() })
      .nullable()
      .meta({ description: "Null for a guest." }),
    orders: z.int().meta({
      description:
        "How many are paid. Those of an account count for its first user, any other for its address.",
    }),
    spent: z.array(moneySchema).meta({
      description: "What was paid less what went back, for each currency.",
    }),
    lastOrderAt: z.iso.datetime().nullable().meta({
      description: "When the newest of their orders that were paid was made.",
    }),
    mailSuppressed: z.boolean().meta({
      description: "Whether mail to them is held back because it came back, or they complained.",
    }),
    createdAt: z.iso.datetime().meta({ description: "When they registered, or first bought." }),
  })
  .meta({ id: "Customer" });
export type Customer = z.infer<typeof customerSchema>;

const readSpent = storedJson(z.record(z.string(), z.int()));

export function presentCustomer(row: CustomerRow): Customer {
  const { accountId, accountName } = row;
  return {
    id: row.id,
    email: row.email,
    name: row.name,
    account:
      accountId === null || accountName === null ? null : { id: accountId, name: accountName },
    orders: row.orders,
    spent: Object.entries(readSpent(row.spent))
      .map(([currency, amount]) => ({ amount, currency }))
      .sort((a, b) => (a.currency < b.currency ? -1 : 1)),
    lastOrderAt: row.lastOrderAt === null ? null : toTimestamp(row.lastOrderAt),
    // No mail service has told the shop of any yet.
    mailSuppressed: false,
    createdAt: toTimestamp(row.createdAt),
  };
}
