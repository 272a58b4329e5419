import { globSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** The file of the shop's database in a shop's folder: beside it are those of its index of words, and of what wrangler notes. */
export function shopFile(folder: string): string {
  const files = globSync(join(folder, "worker/**/d1/**/*.sqlite"));
  const found = files.find((file) => !file.includes("metadata") && hasProducts(file));
  if (found === undefined) throw new Error(`There is no shop's database in ${folder}`);
  return found;
}

function hasProducts(file: string): boolean {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    const table = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'products'";
    return database.prepare(table).get() !== undefined;
  } finally {
    database.close();
  }
}
