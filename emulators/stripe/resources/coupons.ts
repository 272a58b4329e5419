import { fallback, integer, oneOf, optional, percentage, text } from "../protocol/checks.ts";
import { newestFirst, pageParams, paginate, period, within } from "../protocol/lists.ts";
import { currency, LARGEST_AMOUNT, refuseUnchargeable } from "../protocol/money.ts";
import { invalid, noSuch } from "../protocol/problem.ts";
import { metadata } from "../protocol/values.ts";
import type { Coupon } from "../world/objects.ts";
import { type Endpoint, endpoint } from "./endpoint.ts";

const couponParams = {
  id: optional(text({ max: 200 })),
  amount_off: optional(integer({ min: 1, max: LARGEST_AMOUNT })),
  percent_off: optional(percentage()),
  currency: optional(currency()),
  duration: fallback(oneOf(["once"]), "once"),
  name: optional(text({ max: 40 })),
  metadata: metadata(),
  max_redemptions: optional(integer({ min: 1 })),
  redeem_by: optional(integer()),
};

const create = endpoint(couponParams, {
  method: "POST",
  path: "/v1/coupons",
  answers: { object: "coupon" },
  notEmulated: ["applies_to", "currency_options", "duration_in_months"],
  refuse({ world, account }, params) {
    if ((params.amount_off === undefined) === (params.percent_off === undefined)) {
      throw invalid(
        "You must pass exactly one of percent_off or amount_off.",
        "percent_off",
        params.amount_off === undefined ? "parameter_missing" : undefined,
      );
    }
    if (params.amount_off !== undefined && params.currency === undefined) {
      throw invalid("You must pass currency when passing amount_off", "currency");
    }
    if (params.amount_off !== undefined && params.currency !== undefined) {
      refuseUnchargeable(params.amount_off, params.currency, "amount_off");
    }
    if (params.redeem_by !== undefined && params.redeem_by <= world.seconds()) {
      throw invalid("redeem_by must be a timestamp in the future", "redeem_by");
    }
    if (params.id !== undefined && account.coupons.has(params.id)) {
      throw invalid("Coupon already exists.", "id", "resource_already_exists");
    }
  },
  run({ world, account }, params) {
    const coupon: Coupon = {
      id: params.id ?? world.newId("cpn_"),
      object: "coupon",
      amount_off: params.amount_off ?? null,
      created: world.seconds(),
      currency: params.amount_off === undefined ? null : (params.currency ?? null),
      duration: params.duration,
      duration_in_months: null,
      livemode: false,
      max_redemptions: params.max_redemptions ?? null,
      metadata: params.metadata,
      name: params.name ?? null,
      percent_off: params.percent_off ?? null,
      redeem_by: params.redeem_by ?? null,
      times_redeemed: 0,
      valid: true,
    };
    account.coupons.set(coupon.id, coupon);
    return coupon;
  },
});

const retrieve = endpoint(
  {},
  {
    method: "GET",
    path: "/v1/coupons/:id",
    answers: { object: "coupon" },
    run({ account }, _params, id) {
      const coupon = account.coupons.get(id);
      if (coupon === undefined) throw noSuch("coupon", id, "coupon");
      return coupon;
    },
  },
);

/** Sessions that were made with it keep their discount. */
const remove = endpoint(
  {},
  {
    method: "DELETE",
    path: "/v1/coupons/:id",
    answers: { object: "coupon" },
    run({ account }, _params, id) {
      if (!account.coupons.delete(id)) throw noSuch("coupon", id, "coupon");
      return { id, object: "coupon", deleted: true };
    },
  },
);

const listAll = endpoint(
  { ...pageParams, created: optional(period()) },
  {
    method: "GET",
    path: "/v1/coupons",
    answers: { object: "coupon", list: true },
    run: ({ account }, params) =>
      paginate("/v1/coupons", params, {
        all: newestFirst(account.coupons),
        matches: (coupon) => within(coupon.created, params.created),
      }),
  },
);

export const couponEndpoints: Endpoint[] = [create, listAll, retrieve, remove];
