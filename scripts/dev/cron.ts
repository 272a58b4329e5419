import { readFileSync } from "node:fs";
import { Refusal } from "./refusal.ts";

const MINUTE_MS = 60_000;
/** Timers run on another clock than Date: never wake just before the minute. */
const MARGIN_MS = 25;
const TICK_TIMEOUT_MS = 5 * MINUTE_MS;

/** Lowest and highest value of each field; Cloudflare counts the days of the week from Sunday = 1. */
const FIELDS = [
  { low: 0, high: 59, of: (at: Date) => at.getUTCMinutes() },
  { low: 0, high: 23, of: (at: Date) => at.getUTCHours() },
  { low: 1, high: 31, of: (at: Date) => at.getUTCDate() },
  { low: 1, high: 12, of: (at: Date) => at.getUTCMonth() + 1 },
  { low: 1, high: 7, of: (at: Date) => at.getUTCDay() + 1 },
] as const;

/** The expressions of the first `[triggers]` in wrangler.toml; refuses what the ticker does not understand. */
export function readCrons(wranglerToml: string): string[] {
  const text = readFileSync(wranglerToml, "utf8");
  const [, list = ""] = /^\[triggers\]\s*^crons\s*=\s*\[([^\]]*)\]/m.exec(text) ?? [];
  const crons = [...list.matchAll(/"([^"]+)"/g)].map((match) => match[1] ?? "");
  for (const cron of crons) isDue(cron, new Date(0));
  return crons;
}

/** Whether the expression (five fields, UTC: numbers, `*`, lists, ranges and steps) names this minute. */
export function isDue(cron: string, at: Date): boolean {
  const fields = cron.trim().split(/\s+/);
  if (fields.length !== FIELDS.length) throw new Refusal(`"${cron}" is not a cron expression.`);
  const matches = FIELDS.map((field, index) =>
    (fields[index] ?? "").split(",").map((part) => matchesPart(part, field.of(at), field, cron)),
  );
  return matches.every((parts) => parts.includes(true));
}

function matchesPart(
  part: string,
  value: number,
  bounds: { low: number; high: number },
  cron: string,
): boolean {
  const match = /^(?:\*|(?<from>\d+)(?:-(?<to>\d+))?)(?:\/(?<step>\d+))?$/.exec(part);
  if (!match)
    throw new Refusal(`"${part}" in the cron expression "${cron}" is not understood here.`);
  const { from, to, step } = match.groups ?? {};
  const low = from === undefined ? bounds.low : Number(from);
  const onlyOne = from !== undefined && to === undefined && step === undefined;
  const high = onlyOne ? low : to === undefined ? bounds.high : Number(to);
  return value >= low && value <= high && (value - low) % Number(step ?? 1) === 0;
}

/**
 * Calls the Worker's scheduled handler at the start of each minute in which an expression is due, because
 * wrangler never does locally. An expression whose last call still runs is left out. Returns what stops it.
 */
export function startTicker(
  workerUrl: string,
  crons: readonly string[],
  report: (problem: string) => void,
): () => void {
  const running = new Set<string>();
  const stopped = new AbortController();
  let timer: NodeJS.Timeout;

  const tick = async (cron: string) => {
    running.add(cron);
    try {
      await callScheduled(workerUrl, cron, stopped.signal);
    } catch (error) {
      if (!stopped.signal.aborted) report(`cron "${cron}": ${String(error)}`);
    } finally {
      running.delete(cron);
    }
  };
  const waitForMinute = () => {
    timer = setTimeout(
      () => {
        const now = new Date();
        for (const cron of crons) if (!running.has(cron) && isDue(cron, now)) void tick(cron);
        waitForMinute();
      },
      MINUTE_MS - (Date.now() % MINUTE_MS) + MARGIN_MS,
    );
  };
  waitForMinute();
  return () => {
    clearTimeout(timer);
    stopped.abort();
  };
}

/** What fires an expression at once when it is asked for, as wrangler has it. */
export function scheduledUrl(workerUrl: string, cron: string): string {
  return `${workerUrl}/cdn-cgi/handler/scheduled?cron=${encodeURIComponent(cron)}`;
}

async function callScheduled(workerUrl: string, cron: string, signal: AbortSignal): Promise<void> {
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(TICK_TIMEOUT_MS)]);
  const answer = await fetch(scheduledUrl(workerUrl, cron), { signal: deadline });
  const outcome = await answer.text();
  if (!answer.ok) throw new Error(`${answer.status} ${outcome}`);
}
