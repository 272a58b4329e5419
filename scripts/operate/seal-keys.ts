import { isSealedAnew, seal, unseal } from "../../src/platform/token-secrets.ts";
import { Refusal } from "../dev/refusal.ts";
import { audit } from "./audit.ts";
import type { Shop } from "./shop.ts";
import { sql } from "./sql.ts";

export interface SealedAgain {
  readonly sealedAgain: number;
  /** Those that neither secret opens: the shop replaces them by itself. */
  readonly lost: number;
}

/** The two secrets as the environment of the command has them. Throws a `Refusal` without the new one. */
export function secretsFrom(env: NodeJS.ProcessEnv) {
  const { TOKEN_SECRET: tokenSecret, TOKEN_SECRET_PREVIOUS: previousTokenSecret } = env;
  if (!tokenSecret || !previousTokenSecret)
    throw new Refusal(
      "Give TOKEN_SECRET and TOKEN_SECRET_PREVIOUS to this command, as the shop has them. Without it, the shop seals its keys again by itself, within five minutes of having both.",
    );
  return { tokenSecret, previousTokenSecret };
}

/** Seals every signing key with the new secret that is sealed with the one before it. Doing it twice is harmless. */
export async function sealKeys(
  shop: Shop,
  secrets: ReturnType<typeof secretsFrom>,
  now: number,
): Promise<SealedAgain> {
  const rows = await shop.transact(["SELECT kid, sealed_private_jwk AS sealed FROM signing_keys"]);
  const statements: string[] = [];
  let lost = 0;
  for (const row of rows) {
    const [kid, sealed] = [String(row["kid"]), String(row["sealed"])];
    if (await isSealedAnew(secrets, sealed)) continue;
    const text = await unseal(secrets, sealed);
    if (text === undefined) lost += 1;
    else
      statements.push(
        `${sql`UPDATE signing_keys SET sealed_private_jwk = ${await seal(secrets, text)}`} WHERE ${sql`kid = ${kid} AND sealed_private_jwk = ${sealed}`}`,
      );
  }
  if (statements.length > 0) {
    const targets = "SELECT kid AS id FROM signing_keys WHERE status = 'current'";
    await shop.transact([
      ...statements,
      audit({ action: "signing_keys.sealed_again", data: {}, now, targets }),
    ]);
  }
  return { sealedAgain: statements.length, lost };
}
