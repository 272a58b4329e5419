import type { Mutant } from "../mutant.ts";

const ATTENTION = "test/orders/attention.test.ts";

/** A person settles what called them. */
export const SETTLING_CALLS: readonly Mutant[] = [
  {
    name: "what called a person calls them for ever",
    change: [
      "patch: marked(null, now),\n    data: { reason, note },",
      "patch: {},\n    data: { reason, note },",
    ],
    dies: ATTENTION,
    by: "with a note in the history and the audit log",
  },
  {
    name: "nobody can see how a call was settled",
    change: [`, audit(ctx, "order.attention_resolved", order.id, { reason, note })]`, "]"],
    dies: ATTENTION,
    by: "with a note in the history and the audit log",
  },
  {
    name: "a call is settled that there was not",
    change: ["  if (reason === null)\n    throw", "  if (false)\n    throw"],
    in: "resolve-attention",
    dies: ATTENTION,
    by: "once: then there is nothing to settle",
  },
  {
    name: "customers read what staff have noted of them",
    change: ["note === undefined || !forStaff ? data", "note === undefined ? data"],
    dies: ATTENTION,
    by: "and what staff note of it is not for the customer",
  },
  {
    name: "a call is settled twice under one key",
    change: [
      "return changeOrderOnce(ctx, { id, use }, (order) => resolve(ctx, order, note));",
      "return changeOrderOnce(ctx, { id, use: use && undefined }, (order) => resolve(ctx, order, note));",
    ],
    dies: ATTENTION,
    by: "under a key once, with the same answer",
  },
  {
    name: "a call is settled without saying how",
    change: [
      "note: noteSchema(MAX_NOTE_CHARS).meta({",
      "note: noteSchema(MAX_NOTE_CHARS).optional().meta({",
    ],
    dies: ATTENTION,
    by: "not without saying how",
  },
  {
    name: "the audit calls for a refund that a person has settled",
    change: [
      "AND o.attention_reason IS NOT 'refund_failed' AND NOT ${wasSettled}",
      "AND o.attention_reason IS NOT 'refund_failed'",
    ],
    dies: ATTENTION,
    by: "also of an order that was canceled and whose money is not back",
  },
];
