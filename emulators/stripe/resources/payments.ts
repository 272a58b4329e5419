import { optional, text } from "../protocol/checks.ts";
import { newestFirst, pageParams, paginate, period, within } from "../protocol/lists.ts";
import { noSuch } from "../protocol/problem.ts";
import type { Charge, PaymentIntent } from "../world/objects.ts";
import type { Account } from "../world/state.ts";
import { type Endpoint, endpoint } from "./endpoint.ts";

export function findPaymentIntent(account: Account, id: string, param: string): PaymentIntent {
  const intent = account.paymentIntents.get(id);
  if (intent === undefined) throw noSuch("payment_intent", id, param);
  return intent;
}

export function findCharge(account: Account, id: string, param: string): Charge {
  const charge = account.charges.get(id);
  if (charge === undefined) throw noSuch("charge", id, param);
  return charge;
}

const NO_CUSTOMERS = ["customer", "customer_account"];

const retrievePaymentIntent = endpoint(
  { client_secret: optional(text()) },
  {
    method: "GET",
    path: "/v1/payment_intents/:id",
    answers: { object: "payment_intent" },
    run: ({ account }, _params, id) => findPaymentIntent(account, id, "intent"),
  },
);

const listPaymentIntents = endpoint(
  { ...pageParams, created: optional(period()) },
  {
    method: "GET",
    path: "/v1/payment_intents",
    answers: { object: "payment_intent", list: true },
    notEmulated: NO_CUSTOMERS,
    run: ({ account }, params) =>
      paginate("/v1/payment_intents", params, {
        all: newestFirst(account.paymentIntents),
        matches: (intent) => within(intent.created, params.created),
      }),
  },
);

const retrieveCharge = endpoint(
  {},
  {
    method: "GET",
    path: "/v1/charges/:id",
    answers: { object: "charge" },
    run: ({ account }, _params, id) => findCharge(account, id, "id"),
  },
);

const listCharges = endpoint(
  { ...pageParams, created: optional(period()), payment_intent: optional(text()) },
  {
    method: "GET",
    path: "/v1/charges",
    answers: { object: "charge", list: true },
    notEmulated: [...NO_CUSTOMERS, "transfer_group"],
    run: ({ account }, params) =>
      paginate("/v1/charges", params, {
        all: newestFirst(account.charges),
        matches: (charge) =>
          (params.payment_intent === undefined ||
            charge.payment_intent === params.payment_intent) &&
          within(charge.created, params.created),
      }),
  },
);

const retrieveBalanceTransaction = endpoint(
  {},
  {
    method: "GET",
    path: "/v1/balance_transactions/:id",
    answers: { object: "balance_transaction" },
    run({ account }, _params, id) {
      const transaction = account.balanceTransactions.get(id);
      if (transaction === undefined) throw noSuch("balance transaction", id, "id");
      return transaction;
    },
  },
);

const listBalanceTransactions = endpoint(
  {
    ...pageParams,
    created: optional(period()),
    type: optional(text()),
    source: optional(text()),
  },
  {
    method: "GET",
    path: "/v1/balance_transactions",
    answers: { object: "balance_transaction", list: true },
    notEmulated: ["currency", "payout"],
    run: ({ account }, params) =>
      paginate("/v1/balance_transactions", params, {
        all: newestFirst(account.balanceTransactions),
        matches: ({ created, type, source }) =>
          (params.type ?? type) === type &&
          (params.source ?? source) === source &&
          within(created, params.created),
      }),
  },
);

export const paymentEndpoints: Endpoint[] = [
  retrievePaymentIntent,
  listPaymentIntents,
  retrieveCharge,
  listCharges,
  retrieveBalanceTransaction,
  listBalanceTransactions,
];
