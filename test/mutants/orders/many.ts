import type { Mutant } from "../mutant.ts";

const MANY = "test/orders/fulfill-many.test.ts";
const RETRY = "after a failure";

/** Many orders sent in one call. */
export const SENDING_MANY: readonly Mutant[] = [
  {
    name: "one that cannot be sent keeps the others from being sent",
    change: [
      "if (!(error instanceof AppError) || STATUS_OF[error.code] >= 500) throw error;\n    const { code",
      "if (STATUS_OF.NOT_FOUND > 0) throw error;\n    const { code",
    ],
    dies: MANY,
    by: "says why in its place",
  },
  {
    name: "a line is sent again by a retry",
    change: [
      "performOnce(ctx, key, () => sendParcel(ctx, order, input)),",
      "performOnce(ctx, key && undefined, () => sendParcel(ctx, order, input)),",
    ],
    dies: MANY,
    by: RETRY,
  },
  {
    name: "lines have one key together",
    change: ["key: `${one.key}\\n${part}`,", "key: `${one.key}\\n${part.length}`,"],
    dies: MANY,
    by: "with a result each, in the order of the request",
  },
  {
    name: "a retry of many does not wait for the first",
    change: [
      "  if (taken === undefined) throw inUse();\n  return { orders };",
      "  void taken;\n  return { orders };",
    ],
    dies: MANY,
    by: "whose first try has died goes on once its time is over, and not before",
  },
  {
    name: "many under one key are another request",
    change: [
      "  assertSameRequest(use, row);\n  if (row.status !== null) return { body",
      "  if (row.status !== null) return { body",
    ],
    dies: MANY,
    by: "whose first try has died",
  },
  {
    name: "a failure keeps the next try of many out",
    change: [
      "    await letNextTryIn(ctx, use);\n    throw error;\n  }\n}\n\ntype Begun",
      "    throw error;\n  }\n}\n\ntype Begun",
    ],
    dies: MANY,
    by: RETRY,
  },
  {
    name: "an order stands twice in one call",
    change: ["        if (seen.has(id))\n", '        if (seen.has(id) && id === "")\n'],
    dies: MANY,
    by: "not one twice, nor none, nor more than a hundred",
  },
  {
    name: "more than a hundred in one call",
    change: ["const MAX_ORDERS = 100;", "const MAX_ORDERS = 1000;"],
    dies: MANY,
    by: "not one twice, nor none, nor more than a hundred",
  },
  {
    name: "a field of a line is not said where it stands",
    change: ["[`${path}.${name}`, said]", "[name, said]"],
    dies: MANY,
    by: "says why in its place",
  },
];
