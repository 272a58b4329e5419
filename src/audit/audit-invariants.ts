import { HOUR_MS, MINUTE_MS, toTimestamp } from "../platform/clock.ts";
import type { Context } from "../platform/context.ts";
import { sha256 } from "../platform/hash.ts";
import { callOperators, onceADay } from "../platform/outbox/operators.ts";
import { checkInvariants, type Invariant } from "./check-invariants.ts";
import { findProgress, saveProgress } from "./waiting/store.ts";

/** Longer than the sweeps and the retries of a bad quarter of an hour; shorter than a person would like to wait. */
const UNDER_WAY_MS = HOUR_MS;
/** What the platform lets a run of cron take at most. https://developers.cloudflare.com/workers/platform/limits/ */
const LONGEST_RUN_MS = 15 * MINUTE_MS;
const PROGRESS = "audit";

/** The invariants of a shop at work: what is younger than an hour may be under way. */
export function readInvariants(ctx: Context): Promise<Invariant[]> {
  return checkInvariants(ctx.db, { now: ctx.now(), underWayMs: UNDER_WAY_MS });
}

/**
 * Checks every invariant:
 *
 *     1. that it has begun    written down; and whether the last run has ended
 *     2. the invariants       one transaction
 *     3. that it has ended    written down
 *
 * A breach, a failure, and a last run that died between 1 and 3 are errors in the log and, once a day, a mail to the
 * operators.
 */
export async function auditInvariants(ctx: Context): Promise<{ breaches: number }> {
  await begin(ctx);
  try {
    const broken = (await readInvariants(ctx)).filter(({ holds }) => !holds);
    await ctx.db.run(saveProgress(PROGRESS, JSON.stringify({ begunAt: null }), ctx.now()));
    return await report(ctx, broken);
  } catch (error) {
    await callOperators(ctx, {
      subject: "The hourly check of the shop's books has failed",
      text: `It looks whether stock, money and messages add up, and could not: ${error}\nAs long as it fails, nobody would notice if they did not.`,
      dedupeKey: onceADay("audit_failed", ctx.now(), ""),
    });
    throw error;
  }
}

async function begin(ctx: Context): Promise<void> {
  const now = ctx.now();
  const state = JSON.stringify({ begunAt: now });
  const [[last]] = await ctx.db.batch([findProgress(PROGRESS), saveProgress(PROGRESS, state, now)]);
  const begunAt: unknown = JSON.parse(last?.state ?? "{}").begunAt;
  if (typeof begunAt !== "number" || now - begunAt <= LONGEST_RUN_MS) return;
  ctx.log.note("error", "audit_unfinished", toTimestamp(begunAt));
  await callOperators(ctx, {
    subject: "The hourly check of the shop's books did not finish",
    text: `It began at ${toTimestamp(begunAt)} and never ended, probably because it took too long. As long as it does not finish, nobody would notice if stock, money and messages did not add up.`,
    dedupeKey: onceADay("audit_unfinished", now, ""),
  });
}

async function report(ctx: Context, broken: readonly Invariant[]): Promise<{ breaches: number }> {
  const breaches = broken.flatMap(({ name, breaches: found }) =>
    found.map((one) => `${name}: ${one}`),
  );
  if (breaches.length === 0) return { breaches: 0 };
  ctx.log.raise("error");
  ctx.log.set({ broken: breaches });
  await callOperators(ctx, {
    subject: `Something is wrong in the shop: ${broken.map(({ name }) => name).join(", ")}`,
    text: [...broken.map(({ name, rule }) => `${name}: ${rule}`), "", ...breaches].join("\n"),
    dedupeKey: onceADay("invariants", ctx.now(), await sha256(breaches.join("\n"))),
  });
  return { breaches: breaches.length };
}
