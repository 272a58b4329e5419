/** What a process of the shop asks of the outside. */
export interface OutsideCall {
  readonly kind:
    | "database"
    | "search"
    | "queue"
    | "bucket"
    | "stripe"
    | "resend"
    | "dns"
    | "subscriber";
  /** `INSERT orders + UPDATE reservations`, `send webhook`, `POST /v1/refunds`. */
  readonly what: string;
}

/**
 * What goes wrong with a call.
 *
 * - `crash_before`, `crash_after`: the process dies before or after the call; nothing of it runs any more
 * - `error`: nothing happens, and the process is told that the call failed
 * - `error_after`: it happens, and the process is told that it failed (a time-out after success, a lost connection)
 * - `rate_limited` (429), `failed` (500, nothing happened), `failed_stored` (500 that Stripe replays for the key,
 *   nothing happened), `failed_with_effect` (the same, and it did happen): over HTTP; elsewhere they are an `error`
 */
export const FAULTS = [
  "crash_before",
  "crash_after",
  "error",
  "error_after",
  "rate_limited",
  "failed",
  "failed_stored",
  "failed_with_effect",
] as const;
export type Fault = (typeof FAULTS)[number];

/** Decides what goes wrong with each call, in the order in which they happen. */
export type Injector = (call: OutsideCall) => Fault | undefined;

/** How a call that has failed is answered: the words that Cloudflare uses. */
export const LOST = "Network connection lost.";

/** The process is gone, and with it whoever waited for the call. */
class ProcessDied extends Error {
  override readonly name = "ProcessDied";
}

/** What can die of a call. */
export interface Mortal {
  readonly alive: boolean;
  die(): void;
}

/** One call with its fault. Throws `ProcessDied` for a call that nobody waits for any more. */
export async function withFault<T>(
  process: Mortal,
  fault: Fault | undefined,
  act: () => Promise<T>,
): Promise<T> {
  if (process.alive && fault === "crash_before") process.die();
  if (!process.alive) throw new ProcessDied();
  const happens = fault === undefined || fault === "crash_after" || fault === "error_after";
  const result = happens ? await act() : undefined;
  if (fault === "crash_after") {
    process.die();
    throw new ProcessDied();
  }
  if (fault !== undefined || result === undefined) throw new Error(LOST);
  return result;
}

/** What the code of a dead process sees of its calls: nothing, ever. */
export function unlessDead<T>(call: Promise<T>): Promise<T> {
  return call.catch((error: unknown) => {
    if (error instanceof ProcessDied) return new Promise<never>(() => undefined);
    throw error;
  });
}
