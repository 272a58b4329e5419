import { env } from "cloudflare:workers";
import { productIndex } from "../../src/catalog/index.ts";
import { customerIndex } from "../../src/identity/index.ts";
import { orderIndex } from "../../src/orders/index.ts";
import { Database } from "../../src/platform/db.ts";
import { fillStep } from "../../src/platform/search/fill-index.ts";
import { beginFilling } from "../../src/platform/search/store.ts";
import { settle } from "./world.ts";

/** Fills the index anew with what is in the database: for what was put there past the shop. */
export async function fillWhole(): Promise<void> {
  const databases = { db: new Database(env.DB), search: new Database(env.SEARCH) };
  for (const source of [productIndex, orderIndex, customerIndex]) {
    await databases.search.run(beginFilling(source.kind));
    while (!(await fillStep(databases, source)).done);
  }
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
