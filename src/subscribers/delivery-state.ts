/** A delivery that is over can be asked for again. The database holds the same table. */
export const deliveryTransitions = {
  pending: ["delivered", "failed"],
  delivered: ["pending"],
  failed: ["pending"],
} as const;
