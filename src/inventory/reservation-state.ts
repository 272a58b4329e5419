/** A hold ends once. The database holds the same table. */
export const reservationTransitions = {
  held: ["committed", "released", "expired"],
  committed: [],
  released: [],
  expired: [],
} as const;
