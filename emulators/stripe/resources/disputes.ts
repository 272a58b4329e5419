import { optional, text } from "../protocol/checks.ts";
import { newestFirst, pageParams, paginate, period, within } from "../protocol/lists.ts";
import { invalid, noSuch } from "../protocol/problem.ts";
import { closeDispute } from "../world/disputes.ts";
import type { Dispute } from "../world/objects.ts";
import type { Account } from "../world/state.ts";
import { type Endpoint, endpoint } from "./endpoint.ts";

function findDispute(account: Account, id: string): Dispute {
  const dispute = account.disputes.get(id);
  if (dispute === undefined) throw noSuch("dispute", id, "dispute");
  return dispute;
}

const retrieve = endpoint(
  {},
  {
    method: "GET",
    path: "/v1/disputes/:id",
    answers: { object: "dispute" },
    run: ({ account }, _params, id) => findDispute(account, id),
  },
);

const listAll = endpoint(
  {
    ...pageParams,
    created: optional(period()),
    charge: optional(text()),
    payment_intent: optional(text()),
  },
  {
    method: "GET",
    path: "/v1/disputes",
    answers: { object: "dispute", list: true },
    run: ({ account }, params) =>
      paginate("/v1/disputes", params, {
        all: newestFirst(account.disputes),
        matches: (dispute) =>
          (params.charge === undefined || dispute.charge === params.charge) &&
          (params.payment_intent === undefined ||
            dispute.payment_intent === params.payment_intent) &&
          within(dispute.created, params.created),
      }),
  },
);

const close = endpoint(
  {},
  {
    method: "POST",
    path: "/v1/disputes/:id/close",
    answers: { object: "dispute" },
    run(scope, _params, id) {
      const dispute = findDispute(scope.account, id);
      if (dispute.status !== "needs_response") {
        throw invalid(`This dispute is already closed: it is ${dispute.status}.`);
      }
      closeDispute(scope, dispute, "lost");
      return dispute;
    },
  },
);

export const disputeEndpoints: Endpoint[] = [listAll, retrieve, close];
