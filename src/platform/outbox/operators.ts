import type { Context } from "../context.ts";
import type { DedupeKey } from "./dedupe.ts";
import { promiseOnce } from "./store.ts";

export interface Notice {
  readonly subject: string;
  /** Plain text; lines are kept. */
  readonly text: string;
  /** Two notices with the same key are one mail: the first. */
  readonly dedupeKey: DedupeKey;
}

/** Promises a mail to the shop's operators; undefined where none are configured (`OPERATOR_EMAIL`). */
export function tellOperators(
  ctx: Context,
  { subject, text, dedupeKey }: Notice,
): ReturnType<typeof promiseOnce> | undefined {
  if (ctx.config.operatorEmail === undefined) return undefined;
  return promiseOnce(ctx, { topic: "mail.operators", payload: { subject, text }, dedupeKey });
}
