import { noSuch } from "../protocol/problem.ts";
import { findShippingRate } from "../world/checkout.ts";
import { type Endpoint, endpoint } from "./endpoint.ts";

const retrieve = endpoint(
  {},
  {
    method: "GET",
    path: "/v1/shipping_rates/:id",
    answers: { object: "shipping_rate" },
    run({ account }, _params, id) {
      const rate = findShippingRate(account, id);
      if (rate === undefined) throw noSuch("shipping rate", id, "shipping_rate_token");
      return rate;
    },
  },
);

export const shippingRateEndpoints: Endpoint[] = [retrieve];
