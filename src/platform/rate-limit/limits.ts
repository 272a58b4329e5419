import type { Bindings } from "../config.ts";

export type LimitBinding = Extract<keyof Bindings, `RATE_LIMIT${string}`>;

interface Limit {
  /** How often in a window, times `RATE_LIMIT_SCALE`. */
  readonly quota: number;
  readonly windowSeconds: number;
  /** Whose calls are counted together. A caller is a user, an API key, or a client address. */
  readonly by: "caller" | "address" | "account and network" | "account";
  /** What is asked without Redis. It knows windows of one minute, so for longer ones `quota` holds a minute. */
  readonly binding: LimitBinding;
  /** What happens when neither Redis nor the binding answers. */
  readonly unanswered: "pass" | "refuse";
  readonly why: string;
}

const MINUTE_S = 60;
const QUARTER_S = 15 * MINUTE_S;

/**
 * Every limit there is. All calls count, also those that succeed or are refused later, so nothing can be gained by
 * sending many at once. Without Redis each isolate also holds `quota` a window by itself (local-limiter.ts).
 *
 * No stranger locks the owner of an account out: `account` counts each network by itself, and whoever has signed in
 * from their network before passes `account-anywhere` (identity/attempts.ts).
 */
export const LIMITS = {
  default: {
    quota: 100,
    windowSeconds: MINUTE_S,
    by: "caller",
    binding: "RATE_LIMIT",
    unanswered: "pass",
    why: "The shop rather sells to too many than to nobody.",
  },
  reservations: {
    quota: 30,
    windowSeconds: MINUTE_S,
    by: "caller",
    binding: "RATE_LIMIT_RESERVATIONS",
    unanswered: "pass",
    why: "Counts besides `default`, also other items for a hold, and the hold that a checkout of items makes. Holds end by themselves, so the damage does too.",
  },
  "sign-in": {
    quota: 10,
    windowSeconds: QUARTER_S,
    by: "address",
    binding: "RATE_LIMIT_SIGN_IN",
    unanswered: "refuse",
    why: "Sign-in, registration and every call that takes a password or makes a mail: guessing must not be free.",
  },
  account: {
    quota: 10,
    windowSeconds: QUARTER_S,
    by: "account and network",
    binding: "RATE_LIMIT_SIGN_IN",
    unanswered: "refuse",
    why: "An account name from one network, whichever of its addresses.",
  },
  "account-anywhere": {
    quota: 100,
    windowSeconds: QUARTER_S,
    by: "account",
    binding: "RATE_LIMIT",
    unanswered: "refuse",
    why: "An account name from all networks its user has not signed in from.",
  },
  mailbox: {
    quota: 10,
    windowSeconds: QUARTER_S,
    by: "account",
    binding: "RATE_LIMIT_SIGN_IN",
    unanswered: "refuse",
    why: "Mails with links. When it is reached, the owner has ten fresh ones.",
  },
} as const satisfies Record<string, Limit>;

export type LimitName = keyof typeof LIMITS;

/** Pictures are as files are that never reach the Worker: a page of a shop has dozens, and each is asked for once. */
const PICTURES = /^(\/api\/v1)?\/images\//;
/** Providers' webhooks, health, the key set and the API's document. */
const UNLIMITED = /^\/(webhooks|health|\.well-known|openapi\.json)(\/|$)/;
const READING = new Set(["GET", "HEAD"]);
const RESERVING: Readonly<Record<string, RegExp | undefined>> = {
  POST: /^\/(api\/v1\/reservations|products\/[^/]+)$/,
  PATCH: /^\/api\/v1\/reservations\/[^/]+$/,
};

/** Whether such calls to this path are counted. */
export function isLimited(method: string, path: string): boolean {
  if (PICTURES.test(path)) return !READING.has(method.toUpperCase());
  return !UNLIMITED.test(path);
}

/** The limits by caller that a request counts against before anything is done for it. */
export function limitsOfRequest(method: string, path: string): LimitName[] {
  if (!isLimited(method, path)) return [];
  return RESERVING[method]?.test(path) === true ? ["default", "reservations"] : ["default"];
}

/** The quota under a scale; never less than one. */
export function quotaOf(name: LimitName, scale: number): number {
  return Math.max(1, Math.round(LIMITS[name].quota * scale));
}
