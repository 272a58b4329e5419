import { DAY_MS } from "../../platform/clock.ts";
import type { Context } from "../../platform/context.ts";
import type { Kind } from "../rules.ts";
import { countAnew, levelsCounted } from "../stock/store.ts";
import { onlyThese } from "../store.ts";
import { isSpent, look, type Run } from "./look.ts";
import { type Round, STAGES } from "./state.ts";
import { nextRows, soldToNobody } from "./store.ts";

const LEDGER_ROWS = 5000;
const ROWS: Readonly<Record<Kind, number>> = {
  orders: 100,
  holds: 200,
  skus: 200,
  codes: 20,
  days: 1, // all orders of a day are looked at together
  customers: 100,
  keys: 1000,
};
const FIRST = {
  ledger: 0,
  skus: "",
  holds: "",
  orders: "",
  codes: "",
  days: "",
  customers: "",
  keys: 0,
} as const;

/** How often all of a large shop is looked at. */
const EVERY_MS = 7 * DAY_MS;

/**
 * Goes on with the round through everything, or begins the next one: a shop that fits into one run is looked through in
 * each, any other once a week.
 */
export async function goRound(ctx: Context, run: Run): Promise<void> {
  const { round, rounds, last, runs } = run.state;
  const now = ctx.now();
  const due = last === null || last.runs <= 1 || now - last.begunAt >= EVERY_MS;
  if (round === null && !due) return;
  const number = rounds + 1;
  const begun = round ?? { number, begunAt: now, stage: "ledger", after: 0, counted: 0 };
  run.state = {
    ...run.state,
    round: begun,
    rounds: begun.number,
    runs: round === null ? 1 : runs + 1,
  };
  for (let at: Round | null = begun; at !== null && !isSpent(ctx, run); ) {
    at = await nextSlice(ctx, run, at);
    run.state = { ...run.state, round: at };
  }
  if (run.state.round === null)
    run.state = { ...run.state, last: { begunAt: begun.begunAt, runs: run.state.runs } };
}

/** The next slice of a round; null where it was the last one. */
async function nextSlice(ctx: Context, run: Run, round: Round): Promise<Round | null> {
  return round.stage === "ledger" ? countLedger(ctx, run, round) : lookAtRows(ctx, run, round);
}

/** The ledger is counted as far as the checkpoints are, and asked what was sold to orders that are gone. */
async function countLedger(ctx: Context, run: Run, round: Round): Promise<Round> {
  const through = Math.min(round.counted + LEDGER_ROWS, run.state.ledger);
  if (through <= round.counted) return stageAfter(round);
  run.left -= 1;
  const span = { after: round.counted, through };
  const [lost] = await ctx.db.batch([soldToNobody(span), countAnew(span, round.number)]);
  // An order that is gone is in no other stage.
  if (lost.length > 0) await look(ctx, run, { kind: "orders", ids: lost.map(({ id }) => id) });
  return { ...round, counted: through };
}

async function lookAtRows(ctx: Context, run: Run, round: Round): Promise<Round | null> {
  const kind = round.stage as Kind; // every stage but the ledger
  const rows = await ctx.db.run(nextRows(kind, round.after, ROWS[kind]));
  const last = rows.at(-1);
  if (last === undefined) return round.stage === "keys" ? null : stageAfter(round);
  const ids = rows.map(({ id }) => id);
  const counted =
    kind === "skus"
      ? levelsCounted(onlyThese(ids), { round: round.number, seq: round.counted })
      : [];
  await look(ctx, run, { kind, ids }, counted);
  return { ...round, after: last.id };
}

function stageAfter(round: Round): Round {
  const stage = STAGES[STAGES.indexOf(round.stage) + 1] ?? "keys";
  return { ...round, stage, after: FIRST[stage] };
}
