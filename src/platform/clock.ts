/** Milliseconds since the epoch. Everything that depends on time takes it as a parameter or from a `Clock`. */
export type Clock = () => number;

export const SECOND_MS = 1000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** The day in UTC, as `2026-11-26`. */
export function dayOf(ms: number): string {
  return toTimestamp(ms).slice(0, "yyyy-mm-dd".length);
}

/** RFC 3339 in UTC with milliseconds, as every time in the API. */
export function toTimestamp(ms: number): string {
  return new Date(ms).toISOString();
}
