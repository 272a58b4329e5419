import { newApiKey } from "../../../src/identity/api-keys/api-key-secret.ts";
import { hashSecret } from "../../../src/identity/secrets.ts";
import { issueAccessToken } from "../../../src/identity/signing/access-token.ts";
import { findUser } from "../../../src/identity/store.ts";
import { newId } from "../../../src/platform/ids.ts";
import { type Role, SCOPES } from "../../../src/platform/roles.ts";
import type { World } from "./world.ts";

const SESSION_LIFE_MS = 300 * 24 * 3_600_000;
/** An access token is good for 15 minutes. */
const FRESH_MS = 10 * 60_000;

export interface SignedIn {
  readonly id: string;
  readonly accountId: string;
  readonly email: string;
  readonly sessionId: string;
  token?: { readonly text: string; readonly since: number };
}

export interface Operator {
  readonly secret: string;
}

/** A user in an account of their own, signed in without a password: checking one takes longer than a history. */
export async function makeUser(
  world: World,
  name: string,
  role: Role = "customer",
): Promise<SignedIn> {
  const { now } = world;
  const [id, accountId, sessionId] = [newId("usr", now), newId("acc", now), newId("ses", now)];
  const email = `${name}@example.com`;
  await world.rows(
    "INSERT INTO accounts (id, name, created_at) VALUES (?, ?, ?)",
    accountId,
    name,
    now,
  );
  await world.rows(
    "INSERT INTO users (id, account_id, email, name, role, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
    ...[id, accountId, email, name, role, now, now],
  );
  await world.rows(
    "INSERT INTO sessions (id, user_id, kind, user_agent, address, created_at, last_used_at, expires_at) VALUES (?, ?, 'token', '', '', ?, ?, ?)",
    ...[sessionId, id, now, now, now + SESSION_LIFE_MS],
  );
  return { id, accountId, email, sessionId };
}

/** Whether somebody has had themselves forgotten, or was. */
export async function isGone(world: World, { id }: SignedIn): Promise<boolean> {
  const [row] = await world.rows<{ gone: number }>(
    "SELECT deleted_at IS NOT NULL AS gone FROM users WHERE id = ?",
    id,
  );
  return row?.gone !== 0;
}

/** An access token that is good now. */
export async function tokenOf(world: World, person: SignedIn): Promise<string> {
  const age = person.token === undefined ? undefined : world.now - person.token.since;
  // One from the future, after the clock was set back, is not good yet.
  if (person.token !== undefined && age !== undefined && age >= 0 && age < FRESH_MS) {
    return person.token.text;
  }
  const ctx = world.system();
  const [user] = await ctx.db.run(findUser(person.id));
  if (user === undefined) return person.token?.text ?? "of nobody"; // who was deleted
  const text = await issueAccessToken(ctx, user, person.sessionId);
  person.token = { text, since: world.now };
  return text;
}

/** An API key that may do everything. */
export async function makeOperator(world: World): Promise<Operator> {
  const secret = await newApiKey();
  await world.rows(
    "INSERT INTO api_keys (id, name, hash, hint, scopes, created_by, created_at) VALUES (?, 'world', ?, '0000', ?, 'system', ?)",
    ...[newId("key", world.now), await hashSecret(secret), JSON.stringify(SCOPES), world.now],
  );
  return { secret };
}
