import type { Context } from "../context.ts";
import { promise } from "./store.ts";

export interface Notice {
  readonly subject: string;
  /** Plain text; lines are kept. */
  readonly text: string;
  readonly dedupeKey: string;
}

/** Promises a mail to the shop's operators; undefined where none are configured (`OPERATOR_EMAIL`). */
export function tellOperators(
  ctx: Context,
  { subject, text, dedupeKey }: Notice,
): ReturnType<typeof promise> | undefined {
  if (ctx.config.operatorEmail === undefined) return undefined;
  return promise(ctx, { topic: "mail.operators", payload: { subject, text }, dedupeKey });
}
