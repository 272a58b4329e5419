import * as z from "zod";
import { MINUTE_MS } from "../platform/clock.ts";
import type { Actor } from "../platform/context.ts";
import { SCOPES } from "../platform/roles.ts";
import { storedJson } from "../platform/stored-json.ts";
import { looksLikeApiKey } from "./api-keys/api-key-secret.ts";
import { type ApiKeyRow, findApiKey, touchApiKey } from "./api-keys/store.ts";
import type { IdentityContext } from "./context.ts";
import { hashSecret } from "./secrets.ts";
import { readAccessToken } from "./signing/access-token.ts";

const BEARER = /^Bearer +([^\s,]+)$/i;
const LAST_USED_STEP_MS = MINUTE_MS;
const readScopes = storedJson(z.array(z.enum(SCOPES)));

/** Who an `Authorization` header speaks for; undefined when its token or key is not good. */
export async function authenticate(
  ctx: IdentityContext,
  header: string,
): Promise<Actor | undefined> {
  const credential = BEARER.exec(header)?.[1];
  if (credential === undefined) return undefined;
  const { address } = ctx.actor;
  if (credential.startsWith("hf_")) {
    const key = await findKey(ctx, credential);
    return (
      key && {
        kind: "key",
        label: key.id,
        address,
        scopes: readScopes(key.scopes),
        ownerId: key.ownerId ?? undefined,
      }
    );
  }
  const user = await readAccessToken(ctx, credential);
  if (user === undefined || (await ctx.endedSessions.includes(ctx, user.sessionId)))
    return undefined;
  return { kind: "user", label: user.id, address, user };
}

async function findKey(ctx: IdentityContext, credential: string): Promise<ApiKeyRow | undefined> {
  if (!(await looksLikeApiKey(credential))) return undefined;
  const now = ctx.now();
  const hash = await hashSecret(credential);
  const known = ctx.apiKeys.find(hash, now);
  const row = known ?? (await ctx.db.run(findApiKey(hash)))[0];
  if (row === undefined || row.revokedAt !== null) return undefined;
  if (row.expiresAt !== null && row.expiresAt <= now) return undefined;
  if (known === undefined) await noteUse(ctx, row, now);
  return row;
}

async function noteUse(ctx: IdentityContext, row: ApiKeyRow, now: number): Promise<void> {
  ctx.apiKeys.remember(row, now);
  if (now - (row.lastUsedAt ?? 0) < LAST_USED_STEP_MS) return;
  await ctx.db.run(touchApiKey(row.id, now));
}
