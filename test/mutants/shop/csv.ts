import type { Mutant } from "../mutant.ts";

const BY_HAND = "test/csv/by-hand.test.ts";
const STEPS = "test/csv/steps.test.ts";
const REFUSED = "test/csv/refused.test.ts";
const TEXT = "test/csv/text.test.ts";
const FILES = "test/csv/round-trip.test.ts";

const FIT = "that does not fit to other lines or to the catalog is refused";
const STOCK = "of stock is refused below what is reserved";
const HEADER = "with columns that are unknown, missing or there twice is refused by their names";
const WRONG = "does not succeed with errors, nor apply what is wrong, nor end without its time";
const AT_ONCE = "that is empty, too large, no CSV or compressed is refused at once";
const WEEK = "goes after a week with its files, also with those that nobody knows";
const WHOSE = "and its file are for admins and for programs that may make one, and for nobody else";

/** Lists into files, and files into the shop. */
export const CSV: readonly Mutant[] = [
  {
    name: "a step of a job is done twice",
    change: ["WHEN NEW.version <> OLD.version + 1\n", "WHEN NEW.version < OLD.version\n"],
    dies: BY_HAND,
    by: "moves on by one step, and by no other number",
  },
  {
    name: "a price is more than a number can say to the unit",
    change: ["return Number.isSafeInteger(amount) ? amount : undefined;", "return amount;"],
    dies: TEXT,
    by: "has no more decimals than its currency, and a point",
  },
  {
    name: "an import succeeds with errors",
    change: [
      `CHECK("csv_jobs"."status" <> 'succeeded' OR "csv_jobs"."error_count" = 0)`,
      "CHECK(1)",
    ],
    dies: BY_HAND,
    by: WRONG,
  },
  {
    name: "an import applies what is wrong",
    change: ['CHECK("csv_jobs"."problems" = 0)', "CHECK(1)"],
    dies: BY_HAND,
    by: WRONG,
  },
  {
    name: "a job goes before its week",
    change: [
      "WHEN (OLD.created_at <= (SELECT until FROM retention_due WHERE what = 'csv_jobs')) IS NOT TRUE",
      "WHEN 0",
    ],
    dies: BY_HAND,
    by: "stays for its week",
  },
  {
    name: "the lines of an import are changed after they were judged",
    change: ["BEFORE UPDATE ON import_rows BEGIN", "BEFORE UPDATE ON import_rows WHEN 0 BEGIN"],
    dies: BY_HAND,
    by: "has lines that stay as they were read",
  },
  {
    name: "the lines of an import stay behind it",
    change: ["DELETE FROM import_rows WHERE job_id = OLD.id;", "SELECT 1;"],
    dies: BY_HAND,
    by: "has lines that stay as they were read",
  },
  {
    name: "a formula goes out as it is",
    change: [`return text.replace(RISKY, "'");`, "return text;"],
    dies: TEXT,
    by: "that a spreadsheet would calculate begins with an apostrophe",
  },
  {
    name: "a formula behind a semicolon is calculated",
    change: ["RISKY = /(?<=^|[;\\t])", "RISKY = /(?<=^)"],
    dies: TEXT,
    by: "that is several for a spreadsheet has an apostrophe in each of them",
  },
  {
    name: "an export writes all at once that a page of products says",
    change: ["return described > MAX_DESCRIBED;", "return described < 0;"],
    dies: STEPS,
    by: "writes no more at once than a Worker can hold",
  },
  {
    name: "an export writes nothing of a product of which much is said",
    change: ["Math.max(over, 1)", "over"],
    dies: STEPS,
    by: "writes one product at least, whatever is said of it",
  },
  {
    name: "a job that is over is given up",
    change: ['if (job?.status !== "queued" && job?.status !== "running") return; // for good', ""],
    dies: STEPS,
    by: "that no retry brings on has failed, and says so",
  },
  {
    name: "an empty cell publishes a draft",
    change: [
      "cells[column]?.trim() ? { [column]: value } : {};",
      "cells[column] === undefined ? {} : { [column]: value };",
    ],
    dies: FILES,
    by: "publishes no draft and takes no limit away",
  },
  {
    name: "a formula comes in with an apostrophe",
    change: [`return cell.replace(DEFUSED, "");`, "return cell;"],
    dies: TEXT,
    by: "is read as it was written, whatever is in it",
  },
  {
    name: "an unknown column is overlooked",
    change: ["      columns[i] === undefined\n", "      columns[i] === null\n"],
    dies: REFUSED,
    by: HEADER,
  },
  {
    name: "a column that is there twice is overlooked",
    change: ["columns.indexOf(columns[i]) < i", "columns.indexOf(columns[i]) < 0"],
    dies: REFUSED,
    by: HEADER,
  },
  {
    name: "a line with too few cells is filled up",
    change: [
      "if (cells.length === columns.length) return undefined;",
      "if (cells.length <= columns.length) return undefined;",
    ],
    dies: REFUSED,
    by: "is refused with the column and the words of POST /products",
  },
  {
    name: "a SKU on two lines",
    change: ["WHEN line > sku_line THEN", "WHEN 0 THEN"],
    dies: REFUSED,
    by: FIT,
  },
  {
    name: "a product that is two on its lines",
    change: ["WHEN data -> '$.product' <> first_product", "WHEN 0"],
    dies: REFUSED,
    by: FIT,
  },
  {
    name: "an import takes a variant from its product",
    change: ["WHEN known_sku IS NOT NULL AND product_id IS NOT known_id", "WHEN 0"],
    dies: REFUSED,
    by: FIT,
  },
  {
    name: "an import of products moves stock that is there",
    change: ["WHEN known_sku IS NOT NULL AND data ->> '$.initialStock' IS NOT NULL", "WHEN 0"],
    dies: REFUSED,
    by: FIT,
  },
  {
    name: "an import changes a variant that is archived",
    change: ["WHEN archived_at IS NOT NULL THEN json_array(", "WHEN 0 THEN json_array("],
    dies: REFUSED,
    by: "of a variant that is archived",
  },
  {
    name: "stock of a file below what customers hold is not seen by its line",
    change: ["WHEN r.data ->> 'onHand' < l.reserved", "WHEN 0"],
    dies: REFUSED,
    by: STOCK,
  },
  {
    name: "what was sold since an export is written over",
    change: ["WHEN r.data ->> 'onHandWas' <> l.on_hand", "WHEN 0"],
    dies: REFUSED,
    by: STOCK,
  },
  {
    name: "a dry run is none",
    change: ["  if (job.dryRun === 0) return { change:", "  if (job.dryRun <= 1) return { change:"],
    dies: REFUSED,
    by: "of a dry run is refused as well",
  },
  {
    name: "bytes that are no text become question marks in an import",
    change: [
      'new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })',
      'new TextDecoder("utf-8", { fatal: false, ignoreBOM: true })',
    ],
    dies: REFUSED,
    by: "that is not in UTF-8 is refused in words",
  },
  {
    name: "an import of anything",
    change: [
      'if (!CSV.test(c.req.header("Content-Type") ?? ""))',
      'if (c.req.header("Content-Type") === "")',
    ],
    dies: REFUSED,
    by: AT_ONCE,
  },
  {
    name: "an import of nothing",
    change: ["if (stored.bytes > 0) return stored;", "if (stored.bytes >= 0) return stored;"],
    dies: REFUSED,
    by: AT_ONCE,
  },
  {
    name: "a job of one thing for a program that may do another",
    change: [
      "? (scopes?.includes(scopeOf(row)) ?? false)",
      "? (scopes?.includes(scopeOf(row)) ?? false) || true",
    ],
    dies: STEPS,
    by: WHOSE,
  },
  {
    name: "a job of one agent for another",
    change: ['user.role === "agent" && row.actor === label', 'user.role === "agent"'],
    dies: STEPS,
    by: WHOSE,
  },
  {
    name: "jobs for those who have not said who they are",
    change: ["if (user === undefined && scopes === undefined) throw unauthenticated();", ""],
    dies: STEPS,
    by: WHOSE,
  },
  {
    name: "the files of exports stay for good",
    change: ["if (old.length > 0) await ctx.files.delete(old);", ""],
    dies: STEPS,
    by: WEEK,
  },
  {
    name: "what was sent for an import stays",
    change: ["if (job.upload !== null) await ctx.files.delete(job.upload);", ""],
    dies: STEPS,
    by: "has no file while it is none, or an import",
  },
  {
    name: "a job that no retry brings on waits for ever",
    change: [
      'if (row.topic === "csv.run") await reportStuckJob(',
      'if (row.topic === "csv.none") await reportStuckJob(',
    ],
    dies: STEPS,
    by: "that no retry brings on has failed, and says so",
  },
  {
    name: "a job is not gone on with after a message of it",
    change: ['isLast && after.phase !== "over"', 'isLast && after.phase === "over"'],
    dies: "test/csv/many.mass.test.ts",
    by: "of products is read and applied whole",
  },
  {
    name: "an imported product is not found by its words",
    change: ["  await indexProducts(ctx, [...new Set(rows.map(({ slug }) => slug))]);\n", ""],
    dies: FILES,
    by: "adds them as POST /products does",
  },
  {
    name: "an import changes what a file does not name",
    change: [
      "iif(json_type(r.data, '$.${path}') IS NULL, ${column}, r.data",
      "iif(0, ${column}, r.data",
    ],
    dies: FILES,
    by: "adds them as POST /products does",
  },
];
