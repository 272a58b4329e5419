import { dayOf } from "../clock.ts";
import type { Context } from "../context.ts";
import type { Condition } from "../db.ts";
import type { DEDUPE_PREFIXES, DedupeKey } from "./dedupe.ts";
import { promiseOnce, wakePromises } from "./store.ts";

export interface Notice {
  readonly subject: string;
  /** Plain text; lines are kept. */
  readonly text: string;
  /** Two notices with the same key are one mail: the first. */
  readonly dedupeKey: DedupeKey;
  /** Whether the operators want to be told of such a thing; where there is none, they have to be. */
  readonly when?: Condition;
}

/** For what is told once a cause and day. */
export function onceADay(
  prefix: (typeof DEDUPE_PREFIXES)[number],
  now: number,
  cause: string,
): DedupeKey {
  return `${prefix}:${dayOf(now)}:${cause}`;
}

/** Writes and wakes a mail to the shop's operators, where it belongs to no other change. */
export async function callOperators(ctx: Context, notice: Notice): Promise<void> {
  const told = tellOperators(ctx, notice);
  if (told === undefined) return;
  await ctx.db.run(told.statement);
  wakePromises(ctx, [told.id]);
}

/** Promises a mail to the shop's operators; undefined where none are configured (`OPERATOR_EMAIL`). */
export function tellOperators(
  ctx: Context,
  { subject, text, dedupeKey, when }: Notice,
): ReturnType<typeof promiseOnce> | undefined {
  if (ctx.config.operatorEmail === undefined) return undefined;
  return promiseOnce(ctx, { topic: "mail.operators", payload: { subject, text }, dedupeKey }, when);
}
