import { invalid, noSuch } from "../protocol/problem.ts";
import { closeDispute } from "../world/disputes.ts";
import type { Dispute } from "../world/objects.ts";
import type { Account } from "../world/state.ts";
import { ofCharges } from "./charge-lists.ts";
import { type Endpoint, endpoint } from "./endpoint.ts";

function findDispute(account: Account, id: string): Dispute {
  const dispute = account.disputes.get(id);
  if (dispute === undefined) throw noSuch("dispute", id, "dispute");
  return dispute;
}

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

export const disputeEndpoints: Endpoint[] = [
  close,
  ...ofCharges({
    path: "/v1/disputes",
    object: "dispute",
    collection: (account) => account.disputes,
    find: findDispute,
  }),
];
