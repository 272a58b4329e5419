import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** The names of the indexes that the migrations of this checkout make, without those that belong to a constraint. */
export function indexesIn(root: string): string[] {
  const database = new DatabaseSync(":memory:");
  try {
    const migrations = globSync(join(root, "migrations/*.sql")).sort();
    for (const file of migrations) database.exec(readFileSync(file, "utf8"));
    return database
      .prepare("SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL ORDER BY 1")
      .all()
      .map(({ name }) => String(name));
  } finally {
    database.close();
  }
}
