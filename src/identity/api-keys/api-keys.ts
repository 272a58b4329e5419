import * as z from "zod";
import { audit, auditIfChanged } from "../../platform/audit-log/store.ts";
import { toTimestamp } from "../../platform/clock.ts";
import { AppError, invalidField, notFound } from "../../platform/errors.ts";
import {
  newestFirst,
  type Page,
  type PageInput,
  readPage,
} from "../../platform/http/pagination.ts";
import type { Effect } from "../../platform/idempotency/perform.ts";
import { newId } from "../../platform/ids.ts";
import { momentSchema } from "../../platform/moment.ts";
import { SCOPES } from "../../platform/roles.ts";
import type { IdentityContext } from "../context.ts";
import { hashSecret } from "../secrets.ts";
import { newApiKey } from "./api-key-secret.ts";
import {
  type ApiKeyRow,
  countApiKeys,
  insertApiKey,
  revokeApiKey,
  listApiKeys as selectApiKeys,
} from "./store.ts";

const HINT_CHARS = 4;

export const apiKeySchema = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    hint: z.string().meta({ description: "The key's last four characters." }),
    scopes: z.array(z.enum(SCOPES)),
    createdBy: z.string(),
    createdAt: z.iso.datetime(),
    expiresAt: z.iso.datetime().nullable(),
    lastUsedAt: z.iso.datetime().nullable(),
    revokedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: "ApiKey" });
export type ApiKey = z.infer<typeof apiKeySchema>;

export const newApiKeySchema = z.strictObject({
  name: z.string().trim().min(1).max(100),
  scopes: z.array(z.enum(SCOPES)).min(1).max(SCOPES.length),
  expiresAt: momentSchema.optional(),
});

const time = (ms: number | null) => (ms === null ? null : toTimestamp(ms));

function presentApiKey(row: ApiKeyRow): ApiKey {
  return {
    id: row.id,
    name: row.name,
    hint: row.hint,
    scopes: apiKeySchema.shape.scopes.parse(JSON.parse(row.scopes)),
    createdBy: row.createdBy,
    createdAt: toTimestamp(row.createdAt),
    expiresAt: time(row.expiresAt),
    lastUsedAt: time(row.lastUsedAt),
    revokedAt: time(row.revokedAt),
  };
}

/** Makes a key. Its secret is in this answer, and nowhere else. Throws `FORBIDDEN` for a key that asks for more than it may itself. */
export async function createApiKey(
  ctx: IdentityContext,
  input: z.infer<typeof newApiKeySchema>,
): Promise<Effect<ApiKey & { secret: string }>> {
  const now = ctx.now();
  const { scopes } = ctx.actor;
  if (scopes !== undefined && input.scopes.some((scope) => !scopes.includes(scope)))
    throw new AppError("FORBIDDEN", "A key cannot make another one that may do more than itself.");
  if (input.expiresAt !== undefined && Date.parse(input.expiresAt) <= now)
    throw invalidField("expiresAt", "Must be in the future.");
  const secret = await newApiKey();
  const row: ApiKeyRow = {
    id: newId("key", now),
    name: input.name,
    hash: await hashSecret(secret),
    hint: secret.slice(-HINT_CHARS),
    scopes: JSON.stringify([...new Set(input.scopes)]),
    createdBy: ctx.actor.label,
    createdAt: now,
    expiresAt: input.expiresAt === undefined ? null : Date.parse(input.expiresAt),
    lastUsedAt: null,
    revokedAt: null,
  };
  return {
    statements: [
      insertApiKey(row),
      audit(ctx, "api_key.created", row.id, { scopes: input.scopes }),
    ],
    result: { ...presentApiKey(row), secret },
  };
}

/** A page of keys, newest first, revoked ones too. */
export async function listApiKeys(ctx: IdentityContext, input: PageInput): Promise<Page<ApiKey>> {
  return readPage(ctx, input, {
    ...newestFirst,
    rows: selectApiKeys,
    count: countApiKeys,
    present: presentApiKey,
  });
}

/** Ends a key: everywhere within ten seconds. Throws `NOT_FOUND` for one that is not there, or ended. */
export async function endApiKey(
  ctx: IdentityContext,
  input: { readonly id: string },
): Promise<void> {
  const [revoked] = await ctx.db.batch([
    revokeApiKey(input.id, ctx.now()),
    auditIfChanged(ctx, "api_key.revoked", input.id),
  ]);
  ctx.apiKeys.clear();
  if (revoked.length === 0) throw notFound("API key");
}
