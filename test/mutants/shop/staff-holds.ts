import type { Mutant } from "../mutant.ts";

const LIST_HOLDS = "test/inventory/list-holds.test.ts";

/** What staff see of holds, and what they may do to them. */
export const STAFF_HOLDS: readonly Mutant[] = [
  {
    name: "whoever may look learns the id that opens a guest's hold",
    change: ["id: accountId === null ? null : row.id", "id: row.id"],
    dies: LIST_HOLDS,
    by: "is not in the list, whoever looks",
  },
  {
    name: "nobody knows who has released a hold",
    change: [
      `...(staff ? [auditIfChanged(ctx, "reservation.released", refOfHold(id), holdSaid(id))] : []),`,
      "",
    ],
    dies: LIST_HOLDS,
    by: "of an account or of a guest, once",
  },
  {
    name: "nobody knows which hold was released",
    change: ["refOfHold(id), holdSaid(id)", "holdSaid(id), holdSaid(id)"],
    dies: LIST_HOLDS,
    by: "of an account or of a guest, once",
  },
  {
    name: "nobody knows of what the hold was that was released, nor whose",
    change: ["refOfHold(id), holdSaid(id)", "refOfHold(id)"],
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
    name: "whoever knows what staff call a hold by releases it",
    change: [
      "const id = staff ? await idCalledByStaff(ctx, name) : name;",
      "const id = await idCalledByStaff(ctx, name);",
    ],
    dies: LIST_HOLDS,
    by: "is named by another one",
  },
  {
    name: "staff who read a guest's hold are shown its id",
    change: [
      "return { ...presentReservation(row, ctx.now()), id: access.id };",
      "return presentReservation(row, ctx.now());",
    ],
    dies: LIST_HOLDS,
    by: "is named by another one",
  },
  {
    name: "a program that counts stock reads holds by what staff call them",
    change: [
      'if (!isStaff(ctx.actor, "orders:read")) return',
      'if (!isStaff(ctx.actor, "inventory:read")) return',
    ],
    dies: LIST_HOLDS,
    by: "is named by another one",
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
      `          refOfHold(hold.id),
          holdSaid(hold.id, { orderId: order.id }),
        ),
      ]`,
      `          refOfHold(hold.id),
        ),
      ].slice(1)`,
    ],
    dies: LIST_HOLDS,
    by: "at the checkout too, whose payment page is closed first",
  },
];
