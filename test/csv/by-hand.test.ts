import { describe, expect, it } from "vitest";
import { newProduct } from "../support/catalog.ts";
import { exported, imported } from "../support/csv.ts";
import { makeSku } from "../support/shop.ts";
import { rows, useWorld } from "../support/world.ts";

useWorld();

const refused = (sql: string, ...params: unknown[]) =>
  rows(sql, ...params).then(
    () => "done",
    (error: Error) => error.message,
  );

describe("A job by hand", () => {
  it("moves on by one step, and by no other number", async () => {
    await exported("stock");
    for (const by of [0, 2, -1])
      expect(await refused("UPDATE csv_jobs SET version = version + ?", by)).toContain(
        "csv_job_moved",
      );
    expect(await refused("UPDATE csv_jobs SET version = version + 1")).toBe("done");
  });

  it("does not succeed with errors, nor apply what is wrong, nor end without its time", async () => {
    await exported("stock");
    expect(await refused("UPDATE csv_jobs SET error_count = 1")).toContain(
      "csv_jobs_without_errors",
    );
    expect(await refused("UPDATE csv_jobs SET problems = 1")).toContain("csv_jobs_no_problems");
    expect(await refused("UPDATE csv_jobs SET finished_at = NULL")).toContain("csv_jobs_finished");
  });

  it("stays for its week", async () => {
    await exported("stock");
    expect(await refused("DELETE FROM csv_jobs")).toContain("csv_jobs_kept");
  });

  it("has lines that stay as they were read, and go with it", async () => {
    await exported("stock");
    await rows(
      "INSERT INTO import_rows (job_id, line, slug, sku, data) SELECT id, 2, '', 'A', '{}' FROM csv_jobs",
    );
    expect(await refused("UPDATE import_rows SET data = '[]'")).toContain("stay as they were read");
    await rows("UPDATE retention_clock SET now = 1");
    for (let day = 0; day < 9; day += 1)
      await rows(
        "UPDATE retention_clock SET now = (SELECT created_at FROM csv_jobs) + ?",
        day * 86_400_000,
      ).catch(() => undefined);
    await rows("UPDATE csv_jobs SET created_at = -604800000");
    await rows("DELETE FROM csv_jobs");
    expect(await rows("SELECT * FROM import_rows")).toEqual([]);
  });
});

describe("An import that the database refuses", () => {
  it("when it is applied leaves nothing behind", async () => {
    const { slug, variants } = (await newProduct({})).body.data;
    await rows(
      "CREATE TRIGGER refuse BEFORE INSERT ON products BEGIN SELECT RAISE(ABORT, 'product_has_too_many_variants'); END",
    );
    const job = await imported(
      "products",
      `slug,title,sku,variantTitle,price,currency\n${slug},Other,${variants[0].sku},One,1.00,EUR\nnew,New,NEW-1,One,1.00,EUR\n`,
    );
    await rows("DROP TRIGGER refuse");
    expect(job).toMatchObject({
      status: "failed",
      counts: null,
      errors: [
        { line: null, column: null, message: expect.stringContaining("at most 100 variants") },
      ],
    });
    expect(await rows("SELECT title FROM products WHERE title = 'Other'")).toEqual([]);
  });

  it("writes down who asked for it, and what came of it", async () => {
    const sku = await makeSku(1);
    const { id } = await imported("stock", `sku,onHand\n${sku},2\n`);
    const found = await rows<{ action: string; actor: string; data: string }>(
      "SELECT action, actor, data FROM audit_log WHERE target = ? ORDER BY action",
      id,
    );
    expect(found.map(({ action }) => action)).toEqual(["csv_job.started", "stock.imported"]);
    expect(new Set(found.map(({ actor }) => actor)).size).toBe(1);
    expect(JSON.parse(found[1]?.data ?? "")).toEqual({ created: 0, updated: 1, unchanged: 0 });
    const [movement] = await rows<{ actor: string }>(
      "SELECT actor FROM stock_movements WHERE kind = 'adjust'",
    );
    expect(movement?.actor).toBe(found[0]?.actor);
  });
});
