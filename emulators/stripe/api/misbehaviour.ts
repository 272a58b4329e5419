import { Problem } from "../protocol/problem.ts";
import type { MisbehaviourRule } from "../world/state.ts";
import { letGo } from "../world/timers.ts";
import type { World } from "../world/world.ts";

const DEFAULT_TIMEOUT_MS = 30_000;

/** The connection ends without an answer. In-process callers see `fetch` reject with this. */
export class ConnectionDropped extends TypeError {
  readonly code = "ECONNRESET";

  constructor() {
    super("The Stripe emulator dropped the connection, as it was told to");
  }
}

/** Takes the first rule that applies to this call, counting it as used. */
export function takeRule(
  { state }: World,
  method: string,
  path: string,
): MisbehaviourRule | undefined {
  for (const rule of state.rules) {
    if (rule.times <= 0 || !applies(rule, method, path)) continue;
    if (rule.skip > 0) {
      rule.skip -= 1;
      continue;
    }
    rule.times -= 1;
    return rule;
  }
  return undefined;
}

function applies(rule: MisbehaviourRule, method: string, path: string): boolean {
  const sameMethod = rule.method === null || rule.method.toUpperCase() === method;
  return sameMethod && (rule.path === null || matchesPath(rule.path, path));
}

/** `*` stands for one segment; without one, a path matches itself and everything below it. */
function matchesPath(pattern: string, path: string): boolean {
  if (!pattern.includes("*")) return path.startsWith(pattern);
  const wanted = pattern.split("/");
  const given = path.split("/");
  return (
    wanted.length === given.length &&
    wanted.every((segment, index) => segment === "*" || segment === given[index])
  );
}

/** Never answers: waits, then drops the connection. Ends early when the caller gives up. */
export async function hang(rule: MisbehaviourRule, signal: AbortSignal): Promise<never> {
  await pause(rule.delayMs ?? DEFAULT_TIMEOUT_MS, signal);
  throw new ConnectionDropped();
}

const LOOK_EVERY_MS = 5;

/** Keeps an answer until its time is over or the rules are others: what the call has caused can be told before it. */
export async function holdBack(
  world: World,
  rule: MisbehaviourRule,
  signal: AbortSignal,
): Promise<void> {
  const until = performance.now() + (rule.delayMs ?? DEFAULT_TIMEOUT_MS);
  while (world.state.rules.includes(rule) && performance.now() < until && !signal.aborted)
    await pause(LOOK_EVERY_MS, signal);
}

export function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    // A caller that gave up without saying so must not keep the process alive.
    letGo(timer);
    signal.addEventListener("abort", done, { once: true });
  });
}

export function rateLimited(): Problem {
  return new Problem(
    429,
    {
      type: "invalid_request_error",
      code: "rate_limit",
      message:
        "Request rate limit exceeded. Learn more about rate limits here https://stripe.com/docs/rate-limits.",
    },
    { "Stripe-Rate-Limited-Reason": "global-rate" },
  );
}

/** A failure inside Stripe. A stored one is replayed under its key, so retrying it is useless. */
export function internalError(stored: boolean): Problem {
  return new Problem(
    500,
    {
      type: "api_error",
      message:
        "Sorry! There was an error while talking to one of our backends. Support has been notified.",
    },
    { "Stripe-Should-Retry": stored ? "false" : "true" },
  );
}
