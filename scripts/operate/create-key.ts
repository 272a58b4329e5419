import * as z from "zod";
import { newApiKey } from "../../src/identity/api-keys/api-key-secret.ts";
import { sha256 } from "../../src/platform/hash.ts";
import { newId } from "../../src/platform/ids.ts";
import { SCOPES } from "../../src/platform/roles.ts";
import { lineSchema } from "../../src/platform/text.ts";
import { Refusal } from "../dev/refusal.ts";
import { ACTOR, audit } from "./audit.ts";
import type { Shop } from "./shop.ts";
import { sql } from "./sql.ts";

const HINT_CHARS = 4;
const MAX_NAME_CHARS = 100;

/** Makes an API key and returns its secret, which is stored nowhere. `scopes` are separated by commas. */
export async function createKey(
  shop: Shop,
  input: { readonly name: string; readonly scopes: string },
  now: number,
): Promise<string> {
  const named = lineSchema(MAX_NAME_CHARS).safeParse(input.name);
  if (!named.success)
    throw new Refusal(
      `A key's name is one line of visible text of 1 to ${MAX_NAME_CHARS} characters.`,
    );
  const name = named.data;
  const scopes = readScopes(input.scopes);
  const id = newId("key", now);
  const secret = await newApiKey();
  const hash = await sha256(secret);
  const hint = secret.slice(-HINT_CHARS);
  await shop.transact([
    sql`INSERT INTO api_keys (id, name, hash, hint, scopes, created_by, created_at)
      VALUES (${id}, ${name}, ${hash}, ${hint}, ${JSON.stringify(scopes)}, ${ACTOR}, ${now})`,
    audit({ action: "api_key.created", data: { scopes }, now, targets: sql`SELECT ${id} AS id` }),
  ]);
  return secret;
}

function readScopes(text: string): string[] {
  const scopes = z.array(z.enum(SCOPES)).min(1);
  const parsed = scopes.safeParse([...new Set(text.split(",").map((scope) => scope.trim()))]);
  if (parsed.success) return parsed.data;
  throw new Refusal(`--scopes is one or more of ${SCOPES.join(",")}, separated by commas.`);
}
