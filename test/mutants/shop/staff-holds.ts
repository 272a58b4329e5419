import type { Mutant } from "../mutant.ts";

const LIST_HOLDS = "test/inventory/list-holds.test.ts";

/** What staff see of holds, and what they may do to them. */
export const STAFF_HOLDS: readonly Mutant[] = [
  {
    name: "whoever may look learns the id that opens a guest's hold",
    change: ["mayRelease || accountId !== null ? row.id : null", "row.id"],
    dies: LIST_HOLDS,
    by: "is not in the list of who may only look",
  },
  {
    name: "nobody knows who has released a hold",
    change: [
      `...(staff ? [auditIfChanged(ctx, "reservation.released", callerOfHold(id))] : []),`,
      "",
    ],
    dies: LIST_HOLDS,
    by: "of an account or of a guest, once",
  },
  {
    name: "whoever comes releases an account's hold",
    change: ["const holder = staff ? ANY_HOLDER : accountOf(ctx);", "const holder = ANY_HOLDER;"],
    dies: LIST_HOLDS,
    by: "and a key without the scope, or another customer",
  },
  {
    name: "staff release nobody's hold",
    change: [`const staff = isStaff(ctx.actor, "orders:write");`, "const staff = false;"],
    in: "release-reservation",
    dies: LIST_HOLDS,
    by: "of an account or of a guest, once",
  },
  {
    name: "whoever may look releases holds",
    change: [
      `const staff = isStaff(ctx.actor, "orders:write");`,
      `const staff = isStaff(ctx.actor, "inventory:read");`,
    ],
    in: "release-reservation",
    dies: LIST_HOLDS,
    by: "and a key without the scope, or another customer",
  },
  {
    name: "nobody knows who has released a hold at the checkout",
    change: [
      `[audit(ctx, "reservation.released", callerOfHold(hold.id), { orderId: order.id })]`,
      "[]",
    ],
    dies: LIST_HOLDS,
    by: "at the checkout too, whose payment page is closed first",
  },
];
