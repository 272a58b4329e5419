import { importJWK, type JWK } from "jose";
import * as z from "zod";
import { HOUR_MS, MINUTE_MS, SECOND_MS } from "../../platform/clock.ts";
import type { Context } from "../../platform/context.ts";
import { refusedBy } from "../../platform/db.ts";
import { unseal } from "../../platform/token-secrets.ts";
import { ALGORITHM, newKey } from "./new-key.ts";
import { replaceLostKeys } from "./seal-again.ts";
import {
  insertSigningKey,
  listSigningKeys,
  promoteNextKey,
  removeRetiredKeys,
  type SigningKeyRow,
} from "./store.ts";

const RELOAD_MS = 5 * MINUTE_MS;
/** Tokens that name no key of ours cost one read in this time, however many come. */
const SEEK_MS = 10 * SECOND_MS;
const KEY_LIFE_MS = 30 * 24 * HOUR_MS;
/** Verifiers elsewhere may keep the key set for this long. */
const PUBLISHED_AHEAD_MS = 24 * HOUR_MS;
const VERIFIES_AFTER_MS = 24 * HOUR_MS;

interface KeySet {
  readonly rows: readonly SigningKeyRow[];
  readonly loadedAt: number;
  readonly imported: Map<string, CryptoKey>;
}

const storedPublicKey = z.object({
  kty: z.literal("EC"),
  crv: z.literal("P-256"),
  x: z.string(),
  y: z.string(),
});

/** A public key as the world sees it (RFC 7517). */
export const publicKeySchema = storedPublicKey
  .extend({ kid: z.string(), use: z.literal("sig"), alg: z.literal(ALGORITHM) })
  .strict();
type PublicKey = z.infer<typeof publicKeySchema>;

/** The isolate's copy of the signing keys, so that checking a token costs no round trip. */
export class KeyRing {
  #keys: KeySet | undefined;
  /** When a key was last looked for that we did not know. */
  #soughtAt = Number.NEGATIVE_INFINITY;

  /** The keys, read again after five minutes. */
  async load(ctx: Context): Promise<KeySet> {
    if (this.#keys !== undefined && isWithin(ctx.now() - this.#keys.loadedAt, RELOAD_MS))
      return this.#keys;
    return this.#read(ctx);
  }

  /** The keys, read again because a token names one that we do not know: made elsewhere a moment ago, or never. */
  async #seek(ctx: Context): Promise<KeySet> {
    if (isWithin(ctx.now() - this.#soughtAt, SEEK_MS)) return this.load(ctx);
    this.#soughtAt = ctx.now();
    return this.#read(ctx);
  }

  async #read(ctx: Context): Promise<KeySet> {
    let rows = await ctx.db.run(listSigningKeys());
    if (!rows.some(({ status }) => status === "current")) rows = await createFirstKeys(ctx);
    this.#keys = { rows, loadedAt: ctx.now(), imported: new Map() };
    return this.#keys;
  }

  forget(): void {
    this.#keys = undefined;
  }

  /** The key that new tokens are signed with. One that the shop's secrets do not open any more has a successor at once. */
  async signer(ctx: Context): Promise<{ kid: string; key: CryptoKey }> {
    const found = await this.#openCurrent(ctx);
    if (found !== undefined) return found;
    await replaceLostKeys(ctx);
    this.forget();
    const made = await this.#openCurrent(ctx);
    if (made === undefined) throw new Error("There is no current signing key.");
    return made;
  }

  async #openCurrent(ctx: Context): Promise<{ kid: string; key: CryptoKey } | undefined> {
    const keys = await this.load(ctx);
    const row = keys.rows.find(({ status }) => status === "current");
    if (row === undefined) return undefined;
    const { kid } = row;
    const known = keys.imported.get(`private:${kid}`);
    if (known !== undefined) return { kid, key: known };
    const text = await unseal(ctx.config, row.sealedPrivateJwk);
    if (text === undefined) return undefined;
    const key = await importOnce(keys, `private:${kid}`, async () => JSON.parse(text));
    return { kid, key };
  }

  /** The key that a token names; undefined when it is none of ours. The key is looked up, never fetched. */
  async verifier(ctx: Context, kid: string): Promise<CryptoKey | undefined> {
    let keys = await this.load(ctx);
    let row = keys.rows.find((one) => one.kid === kid);
    if (row === undefined) {
      keys = await this.#seek(ctx);
      row = keys.rows.find((one) => one.kid === kid);
    }
    const { publicJwk } = row ?? {};
    return publicJwk === undefined
      ? undefined
      : importOnce(keys, kid, async () => JSON.parse(publicJwk));
  }

  /** What the world verifies with: every key that signs, will sign or has signed what is still valid. */
  async publicKeys(ctx: Context): Promise<PublicKey[]> {
    const { rows } = await this.load(ctx);
    return rows.map(({ publicJwk, kid }) => ({
      ...storedPublicKey.parse(JSON.parse(publicJwk)),
      kid,
      use: "sig",
      alg: ALGORITHM,
    }));
  }
}

/** A clock that was set back makes nothing young. */
function isWithin(age: number, limit: number): boolean {
  return age >= 0 && age < limit;
}

async function importOnce(
  keys: KeySet,
  name: string,
  read: () => Promise<JWK>,
): Promise<CryptoKey> {
  const existing = keys.imported.get(name);
  if (existing !== undefined) return existing;
  const key = await importJWK(await read(), ALGORITHM);
  if (!(key instanceof CryptoKey)) throw new Error("A signing key is not an asymmetric key.");
  keys.imported.set(name, key);
  return key;
}

/** The first isolate makes the first keys; one that comes second at it takes what is there. */
async function createFirstKeys(ctx: Context): Promise<SigningKeyRow[]> {
  try {
    const [current, next] = await Promise.all([newKey(ctx, "current"), newKey(ctx, "next")]);
    await ctx.db.batch([insertSigningKey(current), insertSigningKey(next)]);
  } catch (error) {
    if (!refusedBy(error, "signing_keys.status")) throw error;
  }
  return ctx.db.run(listSigningKeys());
}

/**
 * Rotates once the current key is 30 days old: the next one, published for at least a day, signs from now on, and a new
 * next one is published. Retired keys verify for a day more.
 */
export async function rotateSigningKeys(ctx: Context): Promise<{ rotated: number }> {
  const rows = await ctx.db.run(listSigningKeys());
  const current = rows.find(({ status }) => status === "current");
  const next = rows.find(({ status }) => status === "next");
  await ctx.db.run(removeRetiredKeys(ctx.now() - VERIFIES_AFTER_MS));
  if (current === undefined) return { rotated: 0 };
  if (next === undefined) {
    await ctx.db.run(insertSigningKey(await newKey(ctx, "next")));
    return { rotated: 0 };
  }
  const due = ctx.now() - (current.currentSince ?? 0) >= KEY_LIFE_MS;
  const published = ctx.now() - next.createdAt >= PUBLISHED_AHEAD_MS;
  if (!due || !published) return { rotated: 0 };
  const following = await newKey(ctx, "next");
  try {
    await ctx.db.batch([
      ...promoteNextKey(current.kid, next.kid, ctx.now()),
      insertSigningKey(following),
    ]);
  } catch (error) {
    if (refusedBy(error, "signing_keys.status")) return { rotated: 0 }; // another run has just done it
    throw error;
  }
  return { rotated: 1 };
}
