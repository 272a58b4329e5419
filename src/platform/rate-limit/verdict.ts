import { AppError } from "../errors.ts";
import { LIMITS, type LimitName, quotaOf } from "./limits.ts";

/** One call counted against one limit. */
export interface Asked {
  readonly name: LimitName;
  /** Who is counted. */
  readonly key: string;
}

export interface Verdict {
  readonly name: LimitName;
  readonly quota: number;
  readonly passed: boolean;
  /** Undefined when no limiter answered. */
  readonly state: { readonly remaining: number; readonly resetSeconds: number } | undefined;
}

const UNANSWERED_RETRY_SECONDS = "5";

/** What a limit says that nothing could be asked about. */
export function unanswered(name: LimitName, scale: number): Verdict {
  const passed = LIMITS[name].unanswered === "pass";
  return { name, quota: quotaOf(name, scale), passed, state: undefined };
}

/** Throws `RATE_LIMITED` for a limit that is reached, `UNAVAILABLE` for one that must be asked and cannot be. */
export function requirePassed(verdicts: readonly Verdict[]): void {
  const refused = verdicts.filter(({ passed }) => !passed);
  if (refused.length === 0) return;
  const waits = refused.flatMap(({ state }) => (state === undefined ? [] : [state.resetSeconds]));
  if (waits.length === 0) {
    throw new AppError(
      "UNAVAILABLE",
      "This is closed for a moment, for safety. Nothing was done; please try again.",
      { headers: { "Retry-After": UNANSWERED_RETRY_SECONDS } },
    );
  }
  const seconds = Math.max(...waits);
  throw new AppError("RATE_LIMITED", `Too many requests. Please wait ${inWords(seconds)}.`, {
    headers: { "Retry-After": String(seconds) },
  });
}

function inWords(seconds: number): string {
  if (seconds >= 120) return `${Math.ceil(seconds / 60)} minutes`;
  return seconds === 1 ? "1 second" : `${seconds} seconds`;
}

/**
 * `RateLimit-Policy` and `RateLimit` as structured fields (draft-ietf-httpapi-ratelimit-headers-10, RFC 9651). What is
 * left of an account's own limit is not said: it would tell strangers what goes on there.
 */
export function rateLimitHeaders(verdicts: readonly Verdict[]): Record<string, string> {
  if (verdicts.length === 0) return {};
  const policies = verdicts.map(
    ({ name, quota }) => `"${name}";q=${quota};w=${LIMITS[name].windowSeconds}`,
  );
  const states = verdicts.flatMap(({ name, state }) =>
    state === undefined || LIMITS[name].by === "account"
      ? []
      : [`"${name}";r=${state.remaining};t=${state.resetSeconds}`],
  );
  return {
    "RateLimit-Policy": policies.join(", "),
    ...(states.length === 0 ? {} : { RateLimit: states.join(", ") }),
  };
}
