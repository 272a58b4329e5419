import { HOUR_MS } from "../platform/clock.ts";
import type { Context } from "../platform/context.ts";
import { sha256 } from "../platform/hash.ts";
import { tellOperators } from "../platform/outbox/operators.ts";
import { checkInvariants, type Invariant } from "./check-invariants.ts";

/** Longer than the sweeps and the retries of a bad quarter of an hour; shorter than a person would like to wait. */
const UNDER_WAY_MS = HOUR_MS;
const DAY_MS = 24 * HOUR_MS;

/** The invariants of a shop at work: what is younger than an hour may be under way. */
export function readInvariants(ctx: Context): Promise<Invariant[]> {
  return checkInvariants(ctx.db, { now: ctx.now(), underWayMs: UNDER_WAY_MS });
}

/** Checks every invariant; a breach is an error in the log and, once a day, a mail to the operators. */
export async function auditInvariants(ctx: Context): Promise<{ breaches: number }> {
  const broken = (await readInvariants(ctx)).filter(({ holds }) => !holds);
  const breaches = broken.flatMap(({ name, breaches: found }) =>
    found.map((one) => `${name}: ${one}`),
  );
  if (breaches.length === 0) return { breaches: 0 };
  ctx.log.raise("error");
  ctx.log.set({ broken: breaches });
  await report(ctx, broken, breaches);
  return { breaches: breaches.length };
}

async function report(
  ctx: Context,
  broken: readonly Invariant[],
  breaches: readonly string[],
): Promise<void> {
  const day = Math.floor(ctx.now() / DAY_MS);
  const told = tellOperators(ctx, {
    subject: `Something is wrong in the shop: ${broken.map(({ name }) => name).join(", ")}`,
    text: [...broken.map(({ name, rule }) => `${name}: ${rule}`), "", ...breaches].join("\n"),
    dedupeKey: `invariants:${day}:${await sha256(breaches.join("\n"))}`,
  });
  if (told === undefined) return;
  await ctx.db.run(told.statement);
  ctx.wake({ type: "outbox", id: told.id });
}
