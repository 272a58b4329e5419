import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { CONSTRAINTS } from "../../src/platform/constraints.ts";

const migrations = env.TEST_MIGRATIONS.flatMap(({ queries }) => queries).join("\n");

/** Where the migrations have the word: raised by a trigger, the name of a CHECK, or a column with a UNIQUE or NOT NULL. */
function isInMigrations(word: string): boolean {
  if (word === "FOREIGN KEY") return /FOREIGN KEY|REFERENCES/.test(migrations);
  if (migrations.includes(`'${word}'`) || migrations.includes(`CONSTRAINT "${word}" CHECK`))
    return true;
  return word.split(", ").every((one) => {
    const [table, column] = one.split(".");
    const made = new RegExp(`CREATE TABLE \`${table}\` \\([^;]*\`${column}\``).test(migrations);
    return made && column !== undefined;
  });
}

describe("The words by which the database refuses", () => {
  it.each(CONSTRAINTS)("has %s in its migrations", (word) => {
    expect(isInMigrations(word)).toBe(true);
  });

  it("is not found where it is not", () => {
    expect(["no_such_word", "orders.no_such_column"].filter(isInMigrations)).toEqual([]);
  });
});
