import { env } from "cloudflare:workers";
import { newApiKey } from "../../src/identity/api-keys/api-key-secret.ts";
import { hashSecret, newBrowserSecret, newRefreshToken } from "../../src/identity/secrets.ts";
import { issueAccessToken } from "../../src/identity/signing/access-token.ts";
import { findUser } from "../../src/identity/store.ts";
import { newId } from "../../src/platform/ids.ts";
import { type Role, SCOPES, type Scope } from "../../src/platform/roles.ts";
import { type AppContext, createContext, servicesOf } from "../../src/services.ts";

const HOUR_MS = 3_600_000;

/** The Worker's own services, for what has no route. */
export function systemContext(): AppContext {
  return createContext(servicesOf(env), {
    requestId: "req_test",
    actor: { kind: "system", label: "system", address: "" },
    later: () => undefined,
    log: {},
  });
}

/** An API key as the database knows it, without asking an admin. */
export async function makeKey(
  scopes: readonly Scope[],
  state: { readonly expiresAt?: number; readonly revokedAt?: number } = {},
): Promise<{ id: string; secret: string }> {
  const secret = await newApiKey();
  const id = newId("key", Date.now());
  await env.DB.prepare(
    "INSERT INTO api_keys (id, name, hash, hint, scopes, created_by, created_at, expires_at, revoked_at) VALUES (?, 'test', ?, '0000', ?, 'system', ?, ?, ?)",
  )
    .bind(
      id,
      await hashSecret(secret),
      JSON.stringify(scopes),
      Date.now(),
      state.expiresAt ?? null,
      state.revokedAt ?? null,
    )
    .run();
  return { id, secret };
}

/** Every scope but this one. */
export function scopesWithout(scope: Scope | undefined): Scope[] {
  return SCOPES.filter((one) => one !== scope);
}

/** Signs a user in without a password: as quick as a test with many of them needs. */
export async function makeSession(
  userId: string,
  kind: "token" | "browser" = "token",
): Promise<{ id: string; accessToken: string; refreshToken: string }> {
  const now = Date.now();
  const id = newId("ses", now);
  const refreshToken = kind === "token" ? newRefreshToken() : newBrowserSecret();
  await env.DB.batch([
    env.DB.prepare(
      "INSERT INTO sessions (id, user_id, kind, user_agent, address, created_at, last_used_at, expires_at) VALUES (?, ?, ?, '', '', ?, ?, ?)",
    ).bind(id, userId, kind, now, now, now + 30 * 24 * HOUR_MS),
    env.DB.prepare(
      "INSERT INTO session_secrets (hash, session_id, created_at) VALUES (?, ?, ?)",
    ).bind(await hashSecret(refreshToken), id, now),
  ]);
  const ctx = systemContext();
  const [user] = await ctx.db.run(findUser(userId));
  if (user === undefined) throw new Error(`There is no user ${userId}`);
  return { id, refreshToken, accessToken: await issueAccessToken(ctx, user, id) };
}

export interface Member {
  readonly id: string;
  readonly accountId: string;
  readonly email: string;
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly sessionId: string;
}

let made = 0;

/** A user with this role who cannot sign in, but is: in an account of their own, or beside others in theirs. */
export async function makeMember(role: Role = "customer", accountId?: string): Promise<Member> {
  made += 1;
  const now = Date.now();
  const id = newId("usr", now);
  const account = accountId ?? newId("acc", now);
  const email = `member-${made}@example.com`;
  await env.DB.batch([
    env.DB.prepare(
      "INSERT OR IGNORE INTO accounts (id, name, created_at) VALUES (?, 'Acme', ?)",
    ).bind(account, now),
    env.DB.prepare(
      "INSERT INTO users (id, account_id, email, name, role, created_at, updated_at) VALUES (?, ?, ?, 'Grace Hopper', ?, ?, ?)",
    ).bind(id, account, email, role, now, now),
  ]);
  const { id: sessionId, ...tokens } = await makeSession(id);
  return { id, accountId: account, email, sessionId, ...tokens };
}
