import * as z from "zod";
import type { CsvContext } from "../context.ts";
import { errorsOf, type ImportKind, type LineError, SHOWN_ERRORS } from "../job.ts";
import type { Limits, Step } from "../step.ts";
import type { JobRow } from "../store.ts";
import { restore } from "../text/cells.ts";
import { type Dialect, dialectOf, type Line, readLines } from "../text/read-lines.ts";
import { readHeader } from "./header.ts";
import type { StagedRow } from "./judged.ts";
import { SHEETS } from "./sheet.ts";
import { insertRows } from "./store.ts";

/** Where the file is read on; `dialect` is known by its first part. */
const stateSchema = z.strictObject({
  offset: z.int().default(0),
  line: z.int().default(1),
  dialect: z
    .strictObject({ delimiter: z.string(), newline: z.enum(["\n", "\r\n", "\r"]) })
    .optional(),
  columns: z.array(z.string()).optional(),
});

/** More errors than anybody mends one by one: the rest of the file is not read. */
const MOST_ERRORS = 1000;
const NOT_UTF8 =
  "The file is not in UTF-8. In Excel, choose “CSV UTF-8 (Comma delimited)” when you save it.";
const MARK_BYTES = 3;

const encoder = new TextEncoder();

/** Reads a part of what was sent, judges each of its lines by itself, and keeps those that are fine, as long as all are. */
export async function readPart(ctx: CsvContext, job: JobRow, limits: Limits): Promise<Step> {
  const { offset, line, ...known } = stateSchema.parse(JSON.parse(job.state));
  const isLast = offset + limits.bytes >= job.bytes;
  const decoded = await textOf(ctx, job, { offset, length: limits.bytes, isLast });
  if (decoded === undefined)
    return failed(ctx, job, [{ line: null, column: null, message: NOT_UTF8 }]);
  const { text, skipped } = decoded;
  const dialect: Dialect = known.dialect ?? dialectOf(text);
  const { lines, consumed, next } = await readLines(text, { ...dialect, first: line, isLast });
  if (consumed === 0 && !isLast) {
    const message = `Is longer than ${limits.bytes} bytes, or has a quote that is not closed.`;
    return failed(ctx, job, [{ line, column: null, message }]);
  }
  const header =
    known.columns === undefined ? readHeader(lines[0], job.kind as ImportKind) : undefined;
  if (header?.errors !== undefined) return failed(ctx, job, header.errors);
  const columns = known.columns ?? header?.columns ?? [];
  const body = header === undefined ? lines : lines.slice(1);
  const judged = judgeLines(ctx, job, columns, body);
  const state = {
    offset: offset + skipped + encoder.encode(text.slice(0, consumed)).length,
    line: next,
    dialect,
    columns,
  };
  const found = withErrors(job, judged.errors);
  const done = job.done + body.length;
  if (found.errorCount >= MOST_ERRORS) return failed(ctx, { ...job, ...found }, [], done);
  const isOver = isLast ? ({ phase: "checking", total: done } as const) : {};
  return {
    change: { ...found, ...isOver, state: JSON.stringify(state), done },
    statements: found.errorCount > 0 ? [] : insertRows(job.id, judged.rows),
  };
}

/** Undefined for what is no UTF-8. `skipped` is the mark at the beginning of the file, in bytes. */
async function textOf(
  ctx: CsvContext,
  { upload }: JobRow,
  { offset, length, isLast }: { offset: number; length: number; isLast: boolean },
): Promise<{ text: string; skipped: number } | undefined> {
  const object = await ctx.files.get(upload ?? "", { range: { offset, length } });
  if (object === null) throw new Error("What was sent is not in the bucket.");
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  try {
    const text = decoder.decode(await object.arrayBuffer(), { stream: !isLast });
    const marked = offset === 0 && text.startsWith("\ufeff");
    return { text: marked ? text.slice(1) : text, skipped: marked ? MARK_BYTES : 0 };
  } catch {
    return undefined;
  }
}

function judgeLines(
  ctx: CsvContext,
  job: JobRow,
  columns: readonly string[],
  lines: readonly Line[],
): { rows: StagedRow[]; errors: LineError[] } {
  const { judge } = SHEETS[job.kind as ImportKind]; // a CHECK knows no other imports
  const rows: StagedRow[] = [];
  const errors: LineError[] = [];
  for (const { line, cells, problem } of lines) {
    const wrong = problem ?? countProblem(columns, cells);
    if (wrong !== undefined) {
      errors.push({ line, column: null, message: wrong });
      continue;
    }
    const named = Object.fromEntries(columns.map((name, i) => [name, restore(cells[i] ?? "")]));
    const judged = judge(named, ctx.now());
    if ("row" in judged) rows.push({ ...judged.row, line });
    else errors.push(...judged.problems.map((one) => ({ line, ...one })));
  }
  return { rows, errors };
}

function countProblem(columns: readonly string[], cells: readonly string[]): string | undefined {
  if (cells.length === columns.length) return undefined;
  return `Has ${cells.length} cells, and the header has ${columns.length}.`;
}

function withErrors(job: JobRow, errors: readonly LineError[]) {
  return {
    errorCount: job.errorCount + errors.length,
    errors: JSON.stringify([...errorsOf(job), ...errors].slice(0, SHOWN_ERRORS)),
  };
}

function failed(ctx: CsvContext, job: JobRow, errors: readonly LineError[], done = job.done): Step {
  const end = { status: "failed", phase: "cleaning", finishedAt: ctx.now() } as const;
  return { change: { ...withErrors(job, errors), ...end, done } };
}
