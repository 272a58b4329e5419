import * as z from "zod";
import { toTimestamp } from "../platform/clock.ts";
import { emailAddress } from "../platform/email.ts";
import { ROLES } from "../platform/roles.ts";
import { lineSchema } from "../platform/text.ts";
import type { UserRow } from "./store.ts";

const MAX_NAME_CHARS = 200;

export const emailSchema = emailAddress();

/** What a person or an account is called. */
export const nameSchema = lineSchema(MAX_NAME_CHARS);

export const userSchema = z
  .strictObject({
    id: z.string(),
    email: z.string(),
    name: z.string(),
    role: z.enum(ROLES),
    emailVerified: z.boolean(),
    disabled: z.boolean(),
    account: z.strictObject({ id: z.string(), name: z.string() }),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: "User" });
export type User = z.infer<typeof userSchema>;

export function presentUser(row: UserRow): User {
  return {
    id: row.id,
    email: row.email,
    name: row.name,
    role: row.role,
    emailVerified: row.emailVerifiedAt !== null,
    disabled: row.disabledAt !== null,
    account: { id: row.accountId, name: row.accountName },
    createdAt: toTimestamp(row.createdAt),
  };
}
