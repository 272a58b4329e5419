import * as z from "zod";
import { HOUR_MS, MINUTE_MS } from "../../platform/clock.ts";
import {
  beginReconciliation,
  findReconciliation,
  saveReconciliation,
} from "../../webhooks/index.ts";
import type { CheckoutContext } from "../context.ts";

/** How far back the very first run looks. */
const FIRST_LOOK_MS = 24 * HOUR_MS;
/** How much of a list is read from its newest entry to its oldest before what is younger gets its turn. */
const WINDOW_MS = 6 * HOUR_MS;

const windowSchema = z.strictObject({
  from: z.number(),
  to: z.number(),
  after: z.string().nullable(),
  /** What is younger may not have been listed yet when the window was begun. A window that does not say it is read again. */
  settled: z.number().default(0),
});
/** Times are in milliseconds. What is older than `readUntil` has been read; a `window` is one that a run did not finish. */
const cursorSchema = z.strictObject({ readUntil: z.number(), window: windowSchema.nullable() });
const progressSchema = z.strictObject({
  events: cursorSchema,
  sessions: cursorSchema,
  banks: z.strictObject({
    nextAt: z.number(),
    after: z.tuple([z.number(), z.string()]).nullable(),
  }),
  /** Where the look at dead events that lack something has stopped. */
  lacking: z.string(),
});

export type Cursor = z.infer<typeof cursorSchema>;
type Window = z.infer<typeof windowSchema>;
type Progress = z.infer<typeof progressSchema>;

/** How far the reconciliation is, and the version that was read: the lock against runs that overlap. */
export interface Saved extends Progress {
  readonly version: number;
}

/** Another run has got further meanwhile: this one has nothing left to do. */
export class Overtaken extends Error {
  override readonly name = "Overtaken";
}

/** What to read next, up to `end`; undefined when all of it has been read. */
export function nextWindow({ readUntil, window }: Cursor, end: number): Window | undefined {
  if (window !== null) return window;
  if (readUntil >= end) return undefined;
  const to = Math.min(readUntil + WINDOW_MS, end);
  return { from: readUntil, to, after: null, settled: to };
}

/**
 * Where a list is after a page of the window: `next` is where the window goes on, null at its end. What was younger than
 * `settled` when the page was read is read again, because lists and clocks are late. The first page of a window decides
 * for all of them, as the newest entries are on it.
 */
export function afterPage(window: Window, next: string | null, settled: number): Cursor {
  const read = { ...window, settled: Math.min(window.settled, settled) };
  if (next !== null) return { readUntil: read.from, window: { ...read, after: next } };
  return { readUntil: Math.max(read.from, read.settled), window: null };
}

export async function readProgress(ctx: CheckoutContext): Promise<Saved> {
  const now = ctx.now();
  const cursor: Cursor = { readUntil: now - FIRST_LOOK_MS, window: null };
  const first: Progress = {
    events: cursor,
    sessions: cursor,
    banks: { nextAt: 0, after: null },
    lacking: "",
  };
  const [, [row]] = await ctx.db.batch([
    beginReconciliation(ctx.payments.provider, JSON.stringify(first), now),
    findReconciliation(ctx.payments.provider),
  ]);
  if (row === undefined) throw new Error("The reconciliation has no row.");
  return { ...progressSchema.parse(JSON.parse(row.state)), version: row.version };
}

/** Writes down how far it is. Only after what was read is on disk. Throws `Overtaken`. */
export async function saveProgress(
  ctx: CheckoutContext,
  { version, ...before }: Saved,
  change: Partial<Progress>,
): Promise<Saved> {
  const progress = { ...before, ...change };
  const state = JSON.stringify(progress);
  const saved = await ctx.db.run(
    saveReconciliation({ name: ctx.payments.provider, version }, state, ctx.now()),
  );
  const [row] = saved;
  if (row === undefined) throw new Overtaken("Another run has got further.");
  return { ...progress, version: row.version };
}

/** How far the reading of events is behind, in whole minutes. */
export function minutesBehind({ events }: Saved, now: number): number {
  return Math.max(0, Math.floor((now - events.readUntil) / MINUTE_MS));
}
