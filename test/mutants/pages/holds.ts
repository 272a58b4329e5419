import type { Mutant } from "../mutant.ts";

const SECOND_TAB = "test/pages/second-tab.test.ts";
const NOT_TAKEN_OVER = "was not taken over, and what the order has";
const GOES_ON = "goes on to the payment when it says";
const GUEST_BROWSER = "test/pages/guest-browser.test.ts";
const RESERVATION = "test/pages/reservation.test.ts";
const CLOSING = "does not ask for the payment in the minute before the page at Stripe is closed";
const WITHOUT_PARCEL = "test/checkout/without-parcel.test.ts";
const EMAIL_ALONE = "has a form that asks for an email alone";

/** The form of a tab whose hold has an order by now. */
const OTHERWISE: readonly Mutant[] = [
  {
    name: "what a second tab says otherwise is discarded without a word",
    change: ["if (otherwise.length > 0) throw notTakenOver(order, otherwise);", ""],
    dies: SECOND_TAB,
    by: NOT_TAKEN_OVER,
  },
  {
    name: "a floor that is not typed any more is as it was",
    change: [
      `if (typed === "" && !(hasAddress && isExtra(field))) return false;`,
      `if (typed === "") return false;`,
    ],
    dies: SECOND_TAB,
    by: NOT_TAKEN_OVER,
  },
  {
    name: "an empty form says something else than the order",
    change: [`if (typed === "" && !(hasAddress && isExtra(field))) return false;`, ""],
    dies: SECOND_TAB,
    by: GOES_ON,
  },
  {
    name: "a country that nobody has chosen is another one",
    change: [`if (field.name === "country" && !hasAddress) return false;`, ""],
    dies: SECOND_TAB,
    by: GOES_ON,
  },
  {
    name: "an e-mail address typed in capitals is another one",
    change: ["emailSchema.safeParse(typed).data ?? typed", "typed"],
    dies: SECOND_TAB,
    by: GOES_ON,
  },
  {
    name: "a code typed in small letters is another one",
    change: ["discountCodeSchema.safeParse(asTyped(typed)).data ?? asTyped(typed)", "typed"],
    dies: SECOND_TAB,
    by: GOES_ON,
  },
];

/** A hold that is not shown to this browser may be shown to who signs in. */
const SIGN_IN: readonly Mutant[] = [
  {
    name: "whoever has signed out is told that their hold is not there",
    change: ["if (!missing || person !== undefined) throw error;", "throw error;"],
    dies: GUEST_BROWSER,
    by: "after they have signed out their browser is led to sign in, and back",
  },
  {
    name: "somebody who is signed in is led to the sign-in",
    change: ["if (!missing || person !== undefined) throw error;", "if (!missing) throw error;"],
    dies: GUEST_BROWSER,
    by: "is not there for somebody else who is signed in",
  },
  {
    name: "who comes back from the payment signed out finds nothing",
    change: ["orSignIn(c, `${pageOf(id)}/order`, () => leadToOrder(c, id))", "leadToOrder(c, id)"],
    dies: GUEST_BROWSER,
    by: "leads to the sign-in, of an account's hold",
  },
  {
    name: "the sign-in leads to another page than the hold's",
    change: ["return c.redirect(signInAddress(page), 303);", `return c.redirect("/sign-in", 303);`],
    in: "reservation-routes",
    dies: GUEST_BROWSER,
    by: "after they have signed out their browser is led to sign in, and back",
  },
];

/** The minute in which the payment page of an order is being closed. */
const OVER: readonly Mutant[] = [
  {
    name: "the page of a hold asks for a payment that is too late",
    change: [`return { stage: over ? "closing" : "pay" };`, `return { stage: "pay" };`],
    dies: RESERVATION,
    by: CLOSING,
  },
  {
    name: "the form of a hold leads to a payment page that is being closed",
    change: [
      `if (stage === "choose" || stage === "pay") return undefined;`,
      `if (stage === "choose" || stage === "pay" || stage === "closing") return undefined;`,
    ],
    dies: RESERVATION,
    by: CLOSING,
  },
  {
    name: "the page of an order leads to a payment page that is being closed",
    change: ["row.holdEndsAt <= ctx.now() ? undefined : paymentUrlOf(row)", "paymentUrlOf(row)"],
    dies: RESERVATION,
    by: CLOSING,
  },
];

/** What is sent nowhere, and the form that it has. */
const UNSENT: readonly Mutant[] = [
  {
    name: "the form of a seat asks where it goes",
    change: [
      "return ships ? CHECKOUT_FIELDS : CHECKOUT_FIELDS.filter(({ name }) => !isOfAddress(name));",
      "return CHECKOUT_FIELDS;",
    ],
    dies: WITHOUT_PARCEL,
    by: EMAIL_ALONE,
  },
  {
    name: "everything needs a parcel",
    change: ["lines.some(({ requiresShipping }) => requiresShipping)", "lines.length > 0"],
    in: "storefront/reservation.ts",
    dies: WITHOUT_PARCEL,
    by: EMAIL_ALONE,
  },
  {
    name: "nothing needs a parcel",
    change: [
      "lines.some(({ requiresShipping }) => requiresShipping)",
      "lines.some(({ requiresShipping }) => requiresShipping && lines.length < 0)",
    ],
    in: "storefront/reservation.ts",
    dies: WITHOUT_PARCEL,
    by: "lets a mug's form ask where it goes",
  },
  {
    name: "the form of a seat is refused without a country",
    change: ["if (ships && !deliveredTo(", "if (!deliveredTo("],
    dies: WITHOUT_PARCEL,
    by: EMAIL_ALONE,
  },
  {
    name: "a seat whose payment page was not made is never paid",
    change: ["(ships && address === undefined)", "address === undefined"],
    dies: WITHOUT_PARCEL,
    by: "goes on to its payment, though Stripe did not answer the first time",
  },
];

/** What is said of what is not sent, and of what costs nothing. */
const TRUE_WORDS: readonly Mutant[] = [
  {
    name: "an order of seats is refused for where it is not sent",
    change: [
      "if ((await ctx.db.run(findParcel(skus, reservationId))).length === 0) return;",
      "await ctx.db.run(findParcel(skus, reservationId));",
    ],
    dies: "test/checkout/without-parcel.test.ts",
    by: "is not refused for an address outside the countries",
  },
  {
    name: "the money of a free order is on its way back",
    change: [
      'if (isFree(order)) return { heading, words: "There was nothing to pay for it.", tone: "over" };',
      "",
    ],
    dies: "test/pages/what-is-due.test.ts",
    by: "says so when staff cancel it, returns nothing",
  },
  {
    name: "units that were taken out are still to be sent",
    change: ["return bought - sent - owed;", "return 0 * (bought - sent - owed);"],
    dies: "test/pages/what-is-due.test.ts",
    by: "says what was sent and what was not when a part was taken out",
  },
];

/** The page of a hold: who is shown it, and what it asks for. */
export const HOLD_PAGES: readonly Mutant[] = [
  ...OTHERWISE,
  ...SIGN_IN,
  ...OVER,
  ...UNSENT,
  ...TRUE_WORDS,
];
