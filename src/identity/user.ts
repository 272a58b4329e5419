import * as z from "zod";
import { toTimestamp } from "../platform/clock.ts";
import { ROLES } from "../platform/roles.ts";
import { isCommon } from "./passwords/password.ts";
import type { UserRow } from "./store.ts";

const MIN_PASSWORD_CHARS = 12;
const MAX_PASSWORD_CHARS = 128;
const MAX_NAME_CHARS = 200;

export const emailSchema = z
  .email("Must be an email address.")
  .max(320)
  .transform((email) => email.toLowerCase());

const tooLong = { error: `Must have at most ${MAX_PASSWORD_CHARS} characters.`, abort: true };
/** Four UTF-16 units a character leave room for accents spelled apart. */
const MAX_PASSWORD_UNITS = MAX_PASSWORD_CHARS * 4;

const chars = (text: string) => [...text.normalize("NFKC")].length;

export const passwordSchema = z
  .string()
  .max(MAX_PASSWORD_UNITS, tooLong)
  .refine((text) => chars(text) >= MIN_PASSWORD_CHARS, {
    error: `Must have at least ${MIN_PASSWORD_CHARS} characters.`,
    abort: true,
  })
  .refine((text) => chars(text) <= MAX_PASSWORD_CHARS, tooLong)
  .refine((text) => !isCommon(text), "Is too easy to guess. A few unrelated words are good.");

export const nameSchema = z.string().trim().min(1).max(MAX_NAME_CHARS);

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
