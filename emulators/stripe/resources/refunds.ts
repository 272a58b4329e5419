import { integer, oneOf, optional, text } from "../protocol/checks.ts";
import { LARGEST_AMOUNT } from "../protocol/money.ts";
import { invalid, noSuch } from "../protocol/problem.ts";
import { metadata } from "../protocol/values.ts";
import type { Charge, Refund } from "../world/objects.ts";
import { createRefund } from "../world/refunds.ts";
import type { Account } from "../world/state.ts";
import { ofCharges } from "./charge-lists.ts";
import { type Endpoint, endpoint } from "./endpoint.ts";
import { findCharge, findPaymentIntent } from "./payments.ts";

function findRefund(account: Account, id: string): Refund {
  const refund = account.refunds.get(id);
  if (refund === undefined) throw noSuch("refund", id, "id");
  return refund;
}

const create = endpoint(
  {
    payment_intent: optional(text()),
    charge: optional(text()),
    amount: optional(integer({ min: 1, max: LARGEST_AMOUNT })),
    reason: optional(oneOf(["duplicate", "fraudulent", "requested_by_customer"])),
    metadata: metadata(),
  },
  {
    method: "POST",
    path: "/v1/refunds",
    answers: { object: "refund" },
    notEmulated: [
      "currency",
      "customer",
      "instructions_email",
      "origin",
      "refund_application_fee",
      "reverse_transfer",
    ],
    refuse(_scope, { payment_intent, charge }) {
      if (payment_intent === undefined && charge === undefined) {
        throw invalid(
          "One of the following params should be provided for this request: payment_intent or charge.",
          "payment_intent",
          "parameter_missing",
        );
      }
    },
    run: (scope, { charge, payment_intent, ...input }) =>
      createRefund(scope, refundableCharge(scope.account, { charge, payment_intent }), input),
  },
);

function refundableCharge(
  account: Account,
  named: { charge: string | undefined; payment_intent: string | undefined },
): Charge {
  if (named.charge !== undefined) {
    const charge = findCharge(account, named.charge, "charge");
    const { payment_intent: owner } = charge;
    if (named.payment_intent !== undefined && named.payment_intent !== owner) {
      throw invalid(
        `The charge ${charge.id} does not belong to ${named.payment_intent}.`,
        "charge",
      );
    }
    if (charge.status === "succeeded") return charge;
    throw invalid(`Charge ${charge.id} is ${charge.status}; it cannot be refunded.`, "charge");
  }
  const intent = findPaymentIntent(account, named.payment_intent ?? "", "payment_intent");
  const charge = account.charges.get(intent.latest_charge ?? "");
  if (charge?.status === "succeeded") return charge;
  throw invalid(
    `This PaymentIntent (${intent.id}) does not have a successful charge to refund.`,
    "payment_intent",
  );
}

export const refundEndpoints: Endpoint[] = [
  create,
  ...ofCharges({
    path: "/v1/refunds",
    object: "refund",
    collection: (account) => account.refunds,
    find: findRefund,
  }),
];
