import type { D1Database } from "@cloudflare/workers-types";
import initializeArgon2 from "@phi-ag/argon2/node";
import { eq, inArray } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import {
  normalizePassword,
  PASSWORD_PARAMETERS,
} from "../../src/identity/passwords/password-parameters.ts";
import { accounts, apiKeys, users } from "../../src/identity/schema.ts";
import { newId } from "../../src/platform/ids.ts";
import { SCOPES } from "../../src/platform/roles.ts";
import { DEMO_PASSWORD, DEMO_USERS } from "./demo-users.ts";

/** An API key without its secret: what the database keeps of it. */
export interface HashedKey {
  readonly hash: string;
  /** Its last four characters. */
  readonly hint: string;
}

/** Adds the demo users that are not there, each with an account and a verified address; returns how many. */
export async function seedUsers(d1: D1Database, now: Date): Promise<number> {
  const db = drizzle(d1);
  const emails = DEMO_USERS.map(({ email }) => email);
  const known = await db
    .select({ email: users.email })
    .from(users)
    .where(inArray(users.email, emails));
  const missing = DEMO_USERS.filter((one) => !known.some(({ email }) => email === one.email));
  if (missing.length === 0) return 0;
  const argon2 = await initializeArgon2();
  const at = now.getTime();
  for (const { email, name, role } of missing) {
    const accountId = newId("acc", at);
    const passwordHash = argon2.hash(normalizePassword(DEMO_PASSWORD), PASSWORD_PARAMETERS).encoded;
    const times = { emailVerifiedAt: at, createdAt: at, updatedAt: at };
    await db.batch([
      db.insert(accounts).values({ id: accountId, name, createdAt: at }),
      db
        .insert(users)
        .values({ id: newId("usr", at), accountId, email, name, role, passwordHash, ...times }),
    ]);
  }
  return missing.length;
}

/** Adds an API key that is good for every scope, unless it is there. */
export async function seedApiKey(d1: D1Database, key: HashedKey, now: Date): Promise<void> {
  const db = drizzle(d1);
  const [known] = await db
    .select({ id: apiKeys.id })
    .from(apiKeys)
    .where(eq(apiKeys.hash, key.hash));
  if (known) return;
  const at = now.getTime();
  await db.insert(apiKeys).values({
    ...key,
    id: newId("key", at),
    name: "npm run dev",
    scopes: JSON.stringify(SCOPES),
    createdBy: "dev",
    createdAt: at,
  });
}
