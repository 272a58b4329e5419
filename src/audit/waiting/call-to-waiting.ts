import { DAY_MS } from "../../platform/clock.ts";
import type { Context } from "../../platform/context.ts";
import { formatMoney } from "../../platform/money.ts";
import { callOperators, onceADay } from "../../platform/outbox/operators.ts";
import { deadEvents, slowRefunds } from "./store.ts";

/** How long the operators are reminded of an event that died. */
const REMINDED_MS = 7 * DAY_MS;

interface Waiting {
  readonly id: string;
  readonly words: string;
}

type Cause = "dead_events" | "slow_refunds";

const WORDS: Readonly<Record<Cause, { readonly subject: string; readonly advice: string }>> = {
  dead_events: {
    subject: "Events of a provider could not be dealt with",
    advice:
      "No retry could help. Mend the cause and replay them: POST /api/v1/webhook-events/{id}/replay.",
  },
  slow_refunds: {
    subject: "Refunds have been on their way for more than a day",
    advice:
      "A bank may take its time, or asks the customer for something. Look at each of them in the provider's dashboard.",
  },
};

/** Calls the operators to what waits for a person: each cause once a day, and again when something new has come to it. */
export async function callToWaiting(
  ctx: Context,
): Promise<{ deadEvents: number; slowRefunds: number }> {
  const now = ctx.now();
  const [dead, slow] = await ctx.db.batch([
    deadEvents(now - REMINDED_MS),
    slowRefunds(now - DAY_MS),
  ]);
  const events = dead.map(({ id, type, lastError }) => ({
    id,
    words: `${id}, ${type}: ${lastError ?? "no reason"}`,
  }));
  const refunds = slow.map(({ id, number, ...money }) => ({
    id,
    words: `${id}: ${formatMoney(money)} of order #${number}`,
  }));
  await call(ctx, "dead_events", events);
  await call(ctx, "slow_refunds", refunds);
  return { deadEvents: dead.length, slowRefunds: slow.length };
}

async function call(ctx: Context, cause: Cause, waiting: readonly Waiting[]): Promise<void> {
  const [newest] = waiting;
  if (newest === undefined) return;
  const { subject, advice } = WORDS[cause];
  await callOperators(ctx, {
    subject,
    text: [...waiting.map(({ words }) => words), "", advice].join("\n"),
    dedupeKey: onceADay(cause, ctx.now(), newest.id),
  });
}
