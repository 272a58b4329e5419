/** A day more for the purge's clock, as long as it is behind this moment (milliseconds): what a run on each day does. */
export const DAY_MORE =
  "UPDATE retention_clock SET now = iif(now = 0, ?1, min(now + 86400000, ?1)) WHERE now < ?1 RETURNING now";
