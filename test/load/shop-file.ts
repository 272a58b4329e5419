import { globSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** The file of the shop's database in a shop's folder: beside it are those of its index of words, and of what wrangler notes. */
export function shopFile(folder: string): string {
  const found = fileWith("products", folder);
  if (found === undefined) throw new Error(`There is no shop's database in ${folder}`);
  return found;
}

/** The file of the index of words, where there is one. */
export function searchFile(folder: string): string | undefined {
  return fileWith("product_words", folder);
}

function fileWith(table: string, folder: string): string | undefined {
  const files = globSync(join(folder, "worker/**/d1/**/*.sqlite"));
  return files.find((file) => !file.includes("metadata") && has(table, file));
}

function has(table: string, file: string): boolean {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    const found = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?";
    return database.prepare(found).get(table) !== undefined;
  } finally {
    database.close();
  }
}
