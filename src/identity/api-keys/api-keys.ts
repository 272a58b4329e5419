import * as z from "zod";
import { audit, auditIfChanged } from "../../platform/audit-log/store.ts";
import { toTimestamp } from "../../platform/clock.ts";
import { refusedBy } from "../../platform/db.ts";
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
import { lineSchema } from "../../platform/text.ts";
import type { IdentityContext } from "../context.ts";
import { hashSecret } from "../secrets.ts";
import { newApiKey } from "./api-key-secret.ts";
import {
  type ApiKeyRow,
  countApiKeys,
  findLiveApiKey,
  keepApiKey as giveOwner,
  insertApiKey,
  revokeApiKey,
  listApiKeys as selectApiKeys,
} from "./store.ts";

const HINT_CHARS = 4;
const MAX_NAME_CHARS = 100;

export const apiKeySchema = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    hint: z.string().meta({ description: "The key's last four characters." }),
    scopes: z.array(z.enum(SCOPES)),
    createdBy: z.string(),
    ownerId: z.string().nullable().meta({
      description:
        "The user it dies with: when they are disabled, or may do less than it may. Null for one that an operator's script made.",
    }),
    createdAt: z.iso.datetime(),
    expiresAt: z.iso.datetime().nullable(),
    lastUsedAt: z.iso.datetime().nullable(),
    revokedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: "ApiKey" });
export type ApiKey = z.infer<typeof apiKeySchema>;

export const newApiKeySchema = z.strictObject({
  name: lineSchema(MAX_NAME_CHARS),
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
    ownerId: row.ownerId,
    createdAt: toTimestamp(row.createdAt),
    expiresAt: time(row.expiresAt),
    lastUsedAt: time(row.lastUsedAt),
    revokedAt: time(row.revokedAt),
  };
}

/** The user that an actor's keys belong to: an API key's are its own user's. */
function ownerOf({ actor }: IdentityContext): string | null {
  return actor.user?.id ?? actor.ownerId ?? null;
}

/** Makes a key. Its secret is in this answer, and nowhere else. Refused with `FORBIDDEN` where it could do more, or live longer, than who makes it. */
export async function createApiKey(
  ctx: IdentityContext,
  input: z.infer<typeof newApiKeySchema>,
): Promise<Effect<ApiKey & { secret: string }>> {
  const now = ctx.now();
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
    ownerId: ownerOf(ctx),
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
    explain: (error) => (refusedBy(error, "key_exceeds_maker") ? tooMuch("makes") : undefined),
  };
}

function tooMuch(does: "makes" | "keeps"): AppError {
  return new AppError(
    "FORBIDDEN",
    `A key may do no more than whoever ${does} it, and lives no longer than a key that makes it.`,
  );
}

/**
 * Takes a key over, so that it lives on when its owner goes: from now on it dies with who keeps it. Throws `NOT_FOUND`
 * for one that is not there, or ended, `FORBIDDEN` for one that may do more than they, and to programs: their keys end.
 */
export async function keepApiKey(
  ctx: IdentityContext,
  input: { readonly id: string },
): Promise<ApiKey> {
  const ownerId = ctx.actor.user?.id;
  if (ownerId === undefined)
    throw new AppError("FORBIDDEN", "Only a user can take a key over, because it dies with them.");
  const change = { id: input.id, by: ownerId, now: ctx.now() };
  const [[found], [kept]] = await ctx.db.batch([
    findLiveApiKey(change),
    giveOwner(change),
    auditIfChanged(ctx, "api_key.kept", input.id, { ownerId }),
  ]);
  if (found === undefined) throw notFound("API key");
  if (kept === undefined) throw tooMuch("keeps");
  return presentApiKey(kept);
}

/** One key that is still good. Throws `NOT_FOUND`. */
export async function getApiKey(
  ctx: IdentityContext,
  { id }: { readonly id: string },
): Promise<ApiKey> {
  const [row] = await ctx.db.run(findLiveApiKey({ id, now: ctx.now() }));
  if (row === undefined) throw notFound("API key");
  return presentApiKey(row);
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
    revokeApiKey({ id: input.id, by: ctx.actor.label, now: ctx.now() }),
    auditIfChanged(ctx, "api_key.revoked", input.id),
  ]);
  ctx.apiKeys.clear();
  if (revoked.length === 0) throw notFound("API key");
}
