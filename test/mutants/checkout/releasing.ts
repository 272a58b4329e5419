import type { Mutant } from "../mutant.ts";

const TOO_LITTLE_RACES = "test/discounts/too-little-races.test.ts";
const RELEASE = "test/checkout/release.test.ts";
const TOLD = "test/payments/told-of-banks.test.ts";

/** How a hold is given back. */
export const RELEASING: readonly Mutant[] = [
  {
    name: "what is sold out stays so after a hold is given back",
    change: [
      'throw notFound("reservation");\n  ctx.soldOut.clear();',
      `throw notFound("reservation");`,
    ],
    in: "release-reservation",
    dies: RELEASE,
    by: "leaves its goods to the next buyer at once, where they were sold out",
  },
  {
    name: "a hold that is given back twice is an error",
    change: [
      'if (released.length > 0 || row.status === "released") return;',
      "if (released.length > 0) return;",
    ],
    dies: "test/inventory/reservations.test.ts",
    by: "frees the stock once, however often it is asked",
  },
  {
    name: "a hold that is over is given back",
    change: [
      'if (row.status === "expired") throw expired();',
      'if (row.status === "expired") return;',
    ],
    dies: "test/inventory/expiry.test.ts",
    by: "(an expired hold revived by cart activity) stays over, whatever happens to it or its SKU",
  },
  {
    name: "a hold that was bought is given back",
    change: [
      `if (row.status === "committed" || order === undefined) throw bought();`,
      `if (row.status === "committed" || order === undefined) return;`,
    ],
    dies: RELEASE,
    by: "is refused once it is paid, even before the webhook is in",
  },
  {
    name: "a hold that a refused code has left stays held",
    change: [
      "return order.reservationId === hold.id ? undefined : releaseReservation(ctx, hold);",
      "return;",
    ],
    dies: TOO_LITTLE_RACES,
    by: "is released all the same, when the refusal comes first",
  },
  {
    name: "giving back a hold ends what a bank works on",
    change: [
      '{ reason: "released", evenAtBank: false }',
      '{ reason: "released", evenAtBank: true }',
    ],
    dies: RELEASE,
    by: "is refused while a bank works on it that the shop has heard of",
  },
  {
    name: "a hold that was paid meanwhile is said to be free",
    change: ["if (ending === undefined) throw bought();", "if (ending === undefined) return;"],
    dies: RELEASE,
    by: "is refused once it is paid, even before the webhook is in",
  },
  {
    name: "giving back a hold says nothing of a bank that has said no",
    change: [
      'const told = failed ? tellPaymentFailed(ctx, after, "over") : NOTHING;',
      "const told = NOTHING;",
    ],
    dies: TOLD,
    by: "is told by one mail when giving back the hold finds that out",
  },
];
