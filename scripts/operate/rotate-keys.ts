import { Refusal } from "../dev/refusal.ts";
import { audit } from "./audit.ts";
import type { Shop } from "./shop.ts";
import { sql } from "./sql.ts";

export interface Rotation {
  /** The key that signs from now on. */
  readonly kid: string;
  /** Since when it has been published, in milliseconds. */
  readonly publishedAt: number;
}

/** Lets the next signing key sign at once. The one before it goes on verifying, and a cron task publishes a new next one. */
export async function rotateKeys(shop: Shop, now: number): Promise<Rotation> {
  const next = "EXISTS (SELECT 1 FROM signing_keys WHERE status = 'next')";
  const current = sql`SELECT kid AS id FROM signing_keys WHERE status = 'current' AND current_since = ${now}`;
  const [row] = await shop.transact([
    `${sql`UPDATE signing_keys SET status = 'retired', retired_at = ${now}`} WHERE status = 'current' AND ${next}`,
    sql`UPDATE signing_keys SET status = 'current', current_since = ${now} WHERE status = 'next'`,
    audit({ action: "signing_keys.rotated", data: {}, now, targets: current }),
    sql`SELECT kid, created_at FROM signing_keys WHERE status = 'current' AND current_since = ${now}`,
  ]);
  if (row === undefined)
    throw new Refusal("There is no next key yet. The shop publishes one within five minutes.");
  return { kid: String(row["kid"]), publishedAt: Number(row["created_at"]) };
}
