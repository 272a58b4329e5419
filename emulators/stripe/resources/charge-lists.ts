import { optional, text } from "../protocol/checks.ts";
import { newestFirst, pageParams, paginate, period, within } from "../protocol/lists.ts";
import type { Account } from "../world/state.ts";
import { type Endpoint, endpoint } from "./endpoint.ts";
import type { ExpandableName } from "./expand.ts";

interface OfCharge {
  id: string;
  charge: string;
  payment_intent: string;
  created: number;
}

interface Definition<T extends OfCharge> {
  path: string;
  object: ExpandableName;
  collection: (account: Account) => Map<string, T>;
  /** Throws the 404 for an id that is not in the collection. */
  find: (account: Account, id: string) => T;
}

/** The list and the reading of what belongs to a charge: refunds and disputes. */
export function ofCharges<T extends OfCharge>(definition: Definition<T>): Endpoint[] {
  const { path, object, collection, find } = definition;
  const listAll = endpoint(
    {
      ...pageParams,
      created: optional(period()),
      charge: optional(text()),
      payment_intent: optional(text()),
    },
    {
      method: "GET",
      path,
      answers: { object, list: true },
      run: ({ account }, params) =>
        paginate(path, params, {
          all: newestFirst(collection(account)),
          matches: ({ charge, payment_intent, created }) =>
            (params.charge ?? charge) === charge &&
            (params.payment_intent ?? payment_intent) === payment_intent &&
            within(created, params.created),
        }),
    },
  );
  const retrieve = endpoint(
    {},
    {
      method: "GET",
      path: `${path}/:id`,
      answers: { object },
      run: ({ account }, _params, id) => find(account, id),
    },
  );
  return [listAll, retrieve];
}
