import { env } from "cloudflare:workers";
import { fillStep } from "../../src/catalog/index.ts";
import { Database } from "../../src/platform/db.ts";
import { beginFilling } from "../../src/platform/search/store.ts";
import { settle } from "./world.ts";

/** Fills the index anew with what is in the database: for products that were put there past the shop. */
export async function fillWhole(): Promise<void> {
  const databases = { db: new Database(env.DB), search: new Database(env.SEARCH) };
  await databases.search.run(beginFilling());
  while (!(await fillStep(databases)).done);
  await settle();
}

/** Looks into the index past the shop. */
export async function indexRows<T = Record<string, unknown>>(
  sql: string,
  ...params: unknown[]
): Promise<T[]> {
  const found = await env.SEARCH.prepare(sql)
    .bind(...params)
    .all<T>();
  return found.results;
}
