import type { Mutant } from "../mutant.ts";

const API = "test/discounts/api.test.ts";
const CHECKOUT = "test/discounts/checkout.test.ts";
const REFUSED = "is refused as a whole for a code that is no good, and says why at the field";

/** Codes, beside what the database holds of them. */
export const CODES: readonly Mutant[] = [
  {
    name: "a code is another one with blanks around it",
    change: ["  .overwrite(asTyped)\n  .toUpperCase()", "  .toUpperCase()"],
    dies: API,
    by: "has a code that nobody else has, however it is written",
  },
  {
    name: "an account uses a code once for each address",
    change: [
      "    accountId: accountOf(ctx),\n    email: order.email",
      "    accountId: null,\n    email: order.email",
    ],
    dies: CHECKOUT,
    by: "knows who is signed in by the account, whatever address they give",
  },
  {
    name: "a code that there is not is an error of ours",
    change: ['  discount_unknown: ["VALIDATION_FAILED", "There is no such discount code."],\n', ""],
    dies: CHECKOUT,
    by: REFUSED,
  },
  {
    name: "a code is kept to itself where it is no good",
    change: ["{ fields: { discountCode: sentence } }", "{}"],
    dies: CHECKOUT,
    by: REFUSED,
  },
  {
    name: "a discount that somebody else has changed is changed over",
    change: [
      `header === undefined || header.trim() === "*"`,
      `header === undefined || header.trim() !== ""`,
    ],
    dies: API,
    by: "is refused to whoever has seen it before somebody else changed it",
  },
  {
    name: "a discount that was not changed is said to be",
    change: [
      '  if (changed.length === 0) {\n    throw new AppError(\n      "PRECONDITION_FAILED",\n      "The discount',
      '  if (false) {\n    throw new AppError(\n      "PRECONDITION_FAILED",\n      "The discount',
    ],
    dies: API,
    by: "is refused to whoever has seen it before somebody else changed it",
  },
  {
    name: "nobody knows who made a code",
    change: [`      audit(ctx, "discount.created", row.id, said),\n`, ""],
    dies: API,
    by: "is in the audit log without its code, which is good for whoever knows it, and what was refused is not",
  },
];
