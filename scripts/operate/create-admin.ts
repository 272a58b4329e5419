import * as z from "zod";
import { newLinkSecret } from "../../src/identity/links/link-secret.ts";
import { emailAddress } from "../../src/platform/email.ts";
import { sha256 } from "../../src/platform/hash.ts";
import { newId } from "../../src/platform/ids.ts";
import { lineSchema } from "../../src/platform/text.ts";
import { Refusal } from "../dev/refusal.ts";
import { audit } from "./audit.ts";
import type { Shop } from "./shop.ts";
import { sql } from "./sql.ts";

/** How long the link is good. */
const LINK_MS = 30 * 60_000;

const MAX_NAME_CHARS = 200;
const nameSchema = lineSchema(MAX_NAME_CHARS);

const inputSchema = z.object({
  email: emailAddress("is not an email address"),
  name: z
    .string()
    .trim()
    .refine(
      (name) => nameSchema.safeParse(name).success,
      `is not one line of visible text of at most ${MAX_NAME_CHARS} characters`,
    )
    .optional(),
});

export interface NewAdmin {
  readonly email: string;
  readonly link: string;
  /** False when there was such a user before. */
  readonly created: boolean;
}

/**
 * Makes a user an admin, and a new user where there is none, with a link to choose a password: good once, for 30
 * minutes. Until then nobody can sign in: whoever registered this address first need not be its owner, so an old
 * password and all sessions end, and so does a name that nobody has proved to be theirs. Throws a `Refusal` for a disabled user.
 */
export async function createAdmin(
  shop: Shop,
  input: { readonly email: string; readonly name?: string | undefined },
  now: number,
): Promise<NewAdmin> {
  const { email, name = email.split("@")[0] ?? email } = parse(input);
  const secret = newLinkSecret();
  const userId = newId("usr", now);
  const tokenId = newId("etk", now);
  const accountId = newId("acc", now);
  const indexedId = newId("obx", now);
  const user = sql`SELECT id FROM users WHERE email = ${email} AND disabled_at IS NULL`;
  const isNew = sql`NOT EXISTS (SELECT 1 FROM users WHERE email = ${email})`;
  const [row] = await shop.transact([
    `${sql`INSERT INTO accounts (id, name, created_at) SELECT ${accountId}, ${name}, ${now}`} WHERE ${isNew}`,
    `${sql`INSERT INTO users (id, account_id, email, name, role, created_at, updated_at)
      SELECT ${userId}, ${accountId}, ${email}, ${name}, 'admin', ${now}, ${now}`} WHERE ${isNew}`,
    `${sql`UPDATE users SET role = 'admin', password_hash = NULL,
      name = iif(email_verified_at IS NULL, ${name}, name), updated_at = ${now}`} WHERE id IN (${user})`,
    `${sql`UPDATE sessions SET ended_at = ${now}, ended_by = 'role_change'`} WHERE ended_at IS NULL AND user_id IN (${user})`,
    `${sql`INSERT INTO email_tokens (id, user_id, purpose, created_at, expires_at, secret_hash)
      SELECT ${tokenId}, id, 'reset', ${now}, ${now + LINK_MS}, ${await sha256(secret)}`} FROM (${user})`,
    `${sql`INSERT INTO outbox (id, topic, payload, dedupe_key, status, created_at, wake_at)
      SELECT ${indexedId}, 'search.user', json_object('userId', id), ${`indexed:${indexedId}`}, 'pending', ${now}, ${now}`} FROM (${user})`,
    audit({ action: "user.made_admin", data: { link: tokenId }, now, targets: user }),
    sql`SELECT id, disabled_at FROM users WHERE email = ${email}`,
  ]);
  if (row?.["disabled_at"] !== null)
    throw new Refusal(`${email} is disabled: another admin can enable this user again.`);
  const link = `${shop.publicUrl}/reset-password?token=${secret}`;
  return { email, link, created: row["id"] === userId };
}

function parse(input: object): z.infer<typeof inputSchema> {
  const parsed = inputSchema.safeParse(input);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Refusal(`The ${String(issue?.path[0])} ${issue?.message}.`);
}
