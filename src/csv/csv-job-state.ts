/** The life of an export or import. The database holds the same table. */
export const csvJobTransitions = {
  queued: ["running", "succeeded", "failed"],
  running: ["succeeded", "failed"],
  succeeded: [],
  failed: [],
} as const;
