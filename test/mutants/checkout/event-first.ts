import type { Mutant } from "../mutant.ts";

const CHECKOUT_EVENT_FIRST = "test/checkout/event-first.test.ts";
const TAX_PLACE = "test/checkout/tax-place.test.ts";

/** Stripe's word that a page is closed may come before its answer; and tax by place. */
export const EVENT_FIRST: readonly Mutant[] = [
  {
    name: "an order does not know that it is to end",
    change: [
      "  await ctx.db.run(markStopping(order.id, { reason: how.reason, actor: ctx.actor.label }));\n",
      "",
    ],
    dies: CHECKOUT_EVENT_FIRST,
    by: "a hold that is given back is given back",
  },
  {
    name: "an order that is canceled expires",
    change: [
      `order.stopping === null ? "expire" : "cancel"`,
      `order.stopping === undefined ? "cancel" : "expire"`,
    ],
    dies: CHECKOUT_EVENT_FIRST,
    by: "a canceled order is canceled, by whoever canceled it",
  },
  {
    name: "an order is canceled by Stripe",
    change: ["actor: { ...ctx.actor, label }", "actor: label ? ctx.actor : ctx.actor"],
    dies: CHECKOUT_EVENT_FIRST,
    by: "a canceled order is canceled, by whoever canceled it and for their reason",
  },
  {
    name: "who cancels an order is told that it is canceled already",
    change: [`if (order.status === "canceled" && stopped)`, "if (false)"],
    dies: CHECKOUT_EVENT_FIRST,
    by: "a canceled order is canceled, by whoever canceled it",
  },
  {
    name: "a gift abroad is taxed at home",
    change: [
      "const customer = await makeCustomer(stripe, request);",
      `const customer = makeCustomer === undefined ? "" : null;`,
    ],
    dies: TAX_PLACE,
    by: "taxes a gift abroad where it goes",
  },
  {
    name: "Stripe is told of a customer whom nobody taxes",
    change: [
      "if (tax === null || address === null) return null;",
      "if (address === null) return null;",
    ],
    dies: TAX_PLACE,
    by: "is told of nobody where it is off",
  },
  {
    name: "a page asks for another currency than the shop's",
    change: ["    adaptive_pricing: { enabled: false },\n", ""],
    dies: TAX_PLACE,
    by: "asks for the shop's currency alone",
  },
];
