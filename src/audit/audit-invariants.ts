import { DAY_MS, HOUR_MS, MINUTE_MS, toTimestamp } from "../platform/clock.ts";
import type { Context } from "../platform/context.ts";
import { sha256 } from "../platform/hash.ts";
import { callOperators, onceADay } from "../platform/outbox/operators.ts";
import { byRule, type Invariant } from "./check-invariants.ts";
import { rulesOver } from "./rules.ts";
import { runSlices } from "./slices/run-slices.ts";
import { type AuditState, stateSchema } from "./slices/state.ts";
import { whatIsLatest } from "./slices/store.ts";
import { findProgress, PROGRESS, saveProgress } from "./waiting/store.ts";

/** Longer than the sweeps and the retries of a bad quarter of an hour; shorter than a person would like to wait. */
const UNDER_WAY_MS = HOUR_MS;
/** What the platform lets a run of cron take at most. https://developers.cloudflare.com/workers/platform/limits/ */
const LONGEST_RUN_MS = 15 * MINUTE_MS;
/** A round through everything begins once a week, and is to be over before the next one. */
const LONGEST_ROUND_MS = 8 * DAY_MS;
/** Entries of the histories, rows of the ledger and holds that whoever asks is told of. */
const LATEST = 1000;

const momentOf = (ctx: Context) => ({ now: ctx.now(), underWayMs: UNDER_WAY_MS });

/**
 * The invariants of a shop at work: what is younger than an hour may be under way. Looks at what is under way, at what has
 * changed last, and where the audit has found something, in one transaction; at everything, only the audit does.
 */
export async function readInvariants(ctx: Context): Promise<Invariant[]> {
  return byRule((await ctx.db.batch(rulesOver(whatIsLatest(LATEST), momentOf(ctx)))).flat());
}

function stateOf(row: { readonly state: string } | undefined): AuditState {
  return stateSchema.parse(JSON.parse(row?.state ?? "{}"));
}

/**
 * Checks every invariant, in slices:
 *
 *     1. that it has begun    written down; and whether the last run has ended
 *     2. the invariants       what has changed, and a part of everything; each slice writes down how far it is
 *     3. that it has ended    written down
 *
 * A breach, a failure, a last run that died between 1 and 3, and a round through everything that does not end are errors in
 * the log and, once a day, a mail to the operators.
 */
export async function auditInvariants(ctx: Context): Promise<{ breaches: number }> {
  const last = await begin(ctx);
  try {
    const { found, state } = await runSlices(ctx, last, momentOf(ctx));
    const ended = JSON.stringify({ ...state, begunAt: null });
    await ctx.db.run(saveProgress(PROGRESS, ended, ctx.now()));
    await callToEndlessRound(ctx, state);
    return await report(
      ctx,
      byRule(found).filter(({ holds }) => !holds),
    );
  } catch (error) {
    await callOperators(ctx, {
      subject: "The hourly check of the shop's books has failed",
      text: `It looks whether stock, money and messages add up, and could not: ${error}\nAs long as it fails, nobody would notice if they did not.`,
      dedupeKey: onceADay("audit_failed", ctx.now(), ""),
    });
    throw error;
  }
}

/** Answers where the last run has stopped. */
async function begin(ctx: Context): Promise<AuditState> {
  const now = ctx.now();
  const [row] = await ctx.db.run(findProgress(PROGRESS));
  const last = stateOf(row);
  const { begunAt } = last;
  const state = { ...last, begunAt: now };
  await ctx.db.run(saveProgress(PROGRESS, JSON.stringify(state), now));
  if (begunAt === null || now - begunAt <= LONGEST_RUN_MS) return state;
  ctx.log.note("error", "audit_unfinished", toTimestamp(begunAt));
  await callToUnfinished(ctx, `It began at ${toTimestamp(begunAt)} and never ended`);
  return state;
}

async function callToEndlessRound(ctx: Context, { round }: AuditState): Promise<void> {
  if (round === null || ctx.now() - round.begunAt <= LONGEST_ROUND_MS) return;
  const begunAt = toTimestamp(round.begunAt);
  ctx.log.note("error", "audit_round_unfinished", begunAt);
  await callToUnfinished(ctx, `Its round through everything began at ${begunAt} and has not ended`);
}

async function callToUnfinished(ctx: Context, what: string): Promise<void> {
  await callOperators(ctx, {
    subject: "The hourly check of the shop's books did not finish",
    text: `${what}, probably because it took too long. As long as it does not finish, nobody would notice if stock, money and messages did not add up.`,
    dedupeKey: onceADay("audit_unfinished", ctx.now(), ""),
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
