import type { Mutant } from "../mutant.ts";

const NOTES = "test/orders/notes.test.ts";
const UNSEEN = "is seen by no customer: not in the history";

/** What staff write for each other. */
export const NOTING: readonly Mutant[] = [
  {
    name: "customers see that staff have noted something",
    change: [
      `staff ? undefined : ne(orderEvents.type, AMONG_STAFF)`,
      `staff ? undefined : ne(orderEvents.type, "order.restored")`,
    ],
    dies: NOTES,
    by: UNSEEN,
  },
  {
    name: "customers see when staff have noted something",
    change: ["data: { note }, unseen: true }", "data: { note } }"],
    dies: NOTES,
    by: UNSEEN,
  },
  {
    name: "the number of entries counts what a customer does not see",
    change: ["countOrderEvents(input.id, forStaff)", "countOrderEvents(input.id, true)"],
    dies: NOTES,
    by: UNSEEN,
  },
  {
    name: "a note is not in the audit log",
    change: [`, audit(ctx, "order.note_added", order.id, data)]`, "]"],
    dies: NOTES,
    by: "in the audit log",
  },
  {
    name: "a note is written twice under one key",
    change: [
      "return changeOrderOnce(ctx, { id, use }, (order) => note(ctx, order, body));",
      "return changeOrderOnce(ctx, { id, use: use && undefined }, (order) => note(ctx, order, body));",
    ],
    dies: NOTES,
    by: "is written once under a key",
  },
  {
    name: "a note among staff has no end",
    change: ["body: noteSchema(MAX_NOTE_BODY_CHARS)", "body: noteSchema(MAX_NOTE_BODY_CHARS * 2)"],
    dies: NOTES,
    by: "says something, and has an end",
  },
];
